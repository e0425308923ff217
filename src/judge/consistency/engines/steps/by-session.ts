import { info } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { finalRow, type Backwards, type Misfit, type Seen } from './steps.ts';
import { doubles, during, picked, words } from '../columns/scratch.ts';
import { indexes, sortBy } from '../columns/sorted.ts';

/** What one session saw that does not fit the order in which it did things, whatever the clocks of others say. */
export interface SessionMisfits {
  /** It saw less than it had seen or done before. */
  readonly backwards: (Backwards & { readonly evidence: 'session' }) | undefined;
  /** It saw less than what it had seen before plus its own steps since then. */
  readonly tooLow: Misfit | undefined;
}

/**
 * Checks the counts against the order within each session alone: a session saw no less than before plus its own steps since then. n log n;
 * called once the clock has shown that something is wrong, as it does wherever a session is wrong.
 *
 * @param start the count at first; −Infinity if unknown
 */
export const misfitsOfSessions = (
  history: History,
  plainSteps: Uint32Array,
  seen: Seen,
  start: number,
): SessionMisfits =>
  during(() => {
    const { row, rank, plain, side } = seen;
    const saw = picked(indexes(row.length), (one) => row[one] !== finalRow && !Number.isNaN(plain[one]!));
    const steps = picked(plainSteps, (step) => history.status[step] !== info);
    // Places of what was seen, then those of the steps.
    const events = words(saw.length + steps.length);
    const rows = words(events.length);
    for (let i = 0; i < saw.length; i += 1) [events[i], rows[i]] = [i, row[saw[i]!]!];
    for (let i = 0; i < steps.length; i += 1)
      [events[saw.length + i], rows[saw.length + i]] = [saw.length + i, steps[i]!];
    for (const column of [history.call, history.session]) {
      const numbers = doubles(events.length);
      for (let i = 0; i < events.length; i += 1) numbers[i] = column[rows[events[i]!]!]!;
      sortBy(events, numbers);
    }
    let backwards: SessionMisfits['backwards'];
    let tooLow: Misfit | undefined;
    let session = NaN;
    // The session's highest rank so far, with its row; what it saw last, and its own steps since then.
    let [highest, highestRow, from, since] = [-Infinity, -1, -1, new Array<number>()];
    for (const event of events) {
      const now = rows[event]!;
      if (history.session[now] !== session) {
        session = history.session[now]!;
        [highest, highestRow, from, since] = [-Infinity, -1, -1, []];
      }
      if (event >= saw.length) {
        since.push(now);
        continue;
      }
      const hasEnded = (row: number): boolean => history.ret[row]! < history.call[now]!;
      const one = saw[event]!;
      const sideways = side?.[one] ?? 0;
      if (sideways <= 0 && rank[one]! < highest && hasEnded(highestRow))
        backwards = { earlier: highestRow, later: now, rows: (backwards?.rows ?? 0) + 1, evidence: 'session' };
      if (sideways >= 0 && rank[one]! > highest) [highest, highestRow] = [rank[one]!, now];
      // A change that spans a read of its own section has not ended at that read.
      since = since.filter(hasEnded);
      const isFromStart = from < 0 || !hasEnded(row[from]!);
      const least = (isFromStart ? start : plain[from]!) + since.length;
      if (sideways <= 0 && plain[one]! < least && since.length > 0) {
        const count = Math.floor(rank[one]! / 2);
        const bound = least + count - plain[one]!;
        const why = whyOf(seen, from, since);
        tooLow = { row: now, count, bound, rows: (tooLow?.rows ?? 0) + 1, why, evidence: 'session' };
      }
      if (sideways >= 0 && plain[one]! >= least) [from, since] = [one, []];
    }
    return { backwards, tooLow };
  });

const whyOf = ({ row, rank }: Seen, from: number, since: readonly number[]): Misfit['why'] => ({
  row: from < 0 ? undefined : row[from]!,
  count: from < 0 ? 0 : Math.floor(rank[from]! / 2),
  steps: since.length,
  sample: since.length <= 3 ? since : [...since.slice(0, 2), since.at(-1)!],
});
