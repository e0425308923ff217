import type { RowLock, Session } from '../session.ts';
import { changed, type Outcome, type Work } from '../../work.ts';

/** Reads the rows, decides, and writes them, for a transaction that keeps others out meanwhile. */
export const overwrite = async (session: Session, { table, changes }: Work, lock?: RowLock): Promise<Outcome> => {
  const rows = await session.read(table, changes, lock);
  if ('kind' in rows) return rows;
  const after = changed(rows, changes);
  if (after === undefined) return { kind: 'refused' };
  await session.write(table, after);
  return { kind: 'done', rows: after };
};
