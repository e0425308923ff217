import { changed } from '../../work.ts';
import type { Strategy } from './strategy.ts';

/** A version column: writes only over what was read, and is `stale` (412) if another request was faster. Never waits. */
export const optimistic: Strategy = {
  promises: 'no lost update',
  change: (database, { table, changes }, { timing }) =>
    database.transaction(timing, 'read committed', async (session) => {
      const rows = await session.read(table, changes);
      if ('kind' in rows) return rows;
      const after = changed(rows, changes);
      if (after === undefined) return { kind: 'refused' };
      return (await session.writeUnchanged(table, rows, after)) ? { kind: 'done', rows: after } : { kind: 'stale' };
    }),
};
