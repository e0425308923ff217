import { type History, info, operations } from '../../../core/history/history.ts';
import { during, doubles, picked } from '../engines/columns/scratch.ts';
import { indexes, sortBy, sortedBy } from '../engines/columns/sorted.ts';

/** Two rows of one session, the later of which began before the earlier had ended. */
export interface SessionOverlap {
  readonly earlier: number;
  readonly later: number;
}

const elementOf = operations.indexOf('element');

/**
 * Operations of a session that began while it had another one under way, whatever their keys, each with the earlier one that ends last. An
 * operation that ends as the next one begins is over.
 *
 * @param gaveUp when a session gave up on an operation of unknown outcome, if it says so; otherwise when it went on
 * @cost n log n; a row that is nearly in its place costs next to nothing
 */
export const overlapsOfSessions = (history: History, gaveUp: ReadonlyMap<number, number>): readonly SessionOverlap[] =>
  during(() => {
    const { call, ret, status, session, f } = history;
    const rows = sortedBy(
      picked(indexes(history.length), (row) => f[row] !== elementOf),
      call,
    );
    const sessions = doubles(rows.length);
    for (let i = 0; i < rows.length; i += 1) sessions[i] = session[rows[i]!]!;
    sortBy(rows, sessions);
    const endOf = (row: number): number => (status[row] === info ? (gaveUp.get(row) ?? -Infinity) : ret[row]!);
    const overlaps: SessionOverlap[] = [];
    let last = -1;
    for (const row of rows) {
      if (last >= 0 && session[last] !== session[row]) last = -1;
      if (last >= 0 && call[row]! < endOf(last)) overlaps.push({ earlier: last, later: row });
      if (last < 0 || endOf(row) >= endOf(last)) last = row;
    }
    return overlaps;
  });
