import type { Session } from '../session.ts';
import type { Change, Outcome, Row, Work } from '../../work.ts';
import type { Strategy } from './strategy.ts';

/**
 * One statement that reads and writes: `UPDATE … SET stock = stock - $1 WHERE stock >= $1`. What a change depends on must fit into
 * it. Two rows take two statements, in one transaction and in the order of the request, which can deadlock.
 */
export const atomic: Strategy = {
  promises: 'no lost update',
  change: (database, work, { timing }) =>
    work.changes.length === 1
      ? database.session(timing, (session) => added(session, work))
      : database.transaction(timing, 'read committed', (session) => added(session, work)),
};

const added = async (session: Session, { table, changes }: Work): Promise<Outcome> => {
  const rows: Row[] = [];
  for (const change of changes) {
    const row = await (change.id === 'any' ? anyOf(session, table, change) : session.add(table, change));
    if ('kind' in row) return row;
    rows.push(row);
  }
  return { kind: 'done', rows };
};

/** The row that the statement chose may be gone by the time it has it. Then there is another, or none at all. */
const anyOf = async (session: Session, table: Work['table'], change: Change): ReturnType<Session['add']> => {
  for (;;) {
    const row = await session.add(table, change);
    if (!('kind' in row) || !(await session.isThere(table, change))) return row;
    session.timing.retries++;
  }
};
