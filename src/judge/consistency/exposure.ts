import { type History, ok, operations } from '../../core/history/history.ts';
import { during, picked } from './engines/columns/scratch.ts';
import { at, sortNumbers } from './engines/columns/sorted.ts';

/**
 * How many pairs of operations on one key were under way at the same moment, at least one of them not a read: that is how often something
 * could have gone wrong. Only operations that are known to be done count.
 *
 * @param rows of one key, without sections
 * @cost n log n
 */
export const overlapsOf = (history: History, rows: Uint32Array): number =>
  during(() => {
    const { f, status } = history;
    const done = picked(rows, (row) => status[row] === ok);
    const reads = picked(done, (row) => f[row] === readOf);
    return pairsOf(history, done) - pairsOf(history, reads);
  });

/**
 * How many pairs of these rows were under way at the same moment; for sections, if one had asked before the other ended. Uses the times as
 * recorded, however far the clocks of several machines may be off.
 */
export const pairsOf = ({ call, ret, widened }: History, rows: Uint32Array): number =>
  during(() => {
    const [begins, ends] = [at(rows, call), at(rows, ret)];
    if (widened !== undefined) {
      for (let i = 0; i < rows.length; i++) {
        begins[i]! += widened.byNs[rows[i]!]!;
        ends[i]! -= widened.byNs[rows[i]!]!;
      }
    }
    const calls = sortNumbers(begins);
    const rets = sortNumbers(ends);
    let pairs = 0;
    let ended = 0;
    for (let begun = 0; begun < calls.length; begun++) {
      while (ended < rets.length && rets[ended]! < calls[begun]!) ended++;
      pairs += begun - ended;
    }
    return pairs;
  });

/** What zero violations in this many trials rule out at 95 %, as a share of them: the rule of three; `null` for no trials. */
export const ruleOfThree = (trials: number): number | null => (trials === 0 ? null : Math.min(1, 3 / trials));

const readOf = operations.indexOf('read');
