import { type History, ok, operations } from '../../core/history.ts';
import { at } from './engines/sorted.ts';

/**
 * How many pairs of operations on one key were under way at the same moment, at least one of them not a read: as often
 * could something have gone wrong. Only operations that are known to be done count.
 *
 * @param rows of one key, without sections
 * @cost n log n
 */
export const overlapsOf = (history: History, rows: Uint32Array): number => {
  const { f, status } = history;
  const [done, reads] = [new Uint32Array(rows.length), new Uint32Array(rows.length)];
  let [doneCount, readCount] = [0, 0];
  for (const row of rows) {
    if (status[row] !== ok) continue;
    done[doneCount++] = row;
    if (f[row] === readOf) reads[readCount++] = row;
  }
  return pairsOf(history, done.subarray(0, doneCount)) - pairsOf(history, reads.subarray(0, readCount));
};

/** How many pairs of these rows were under way at the same moment: of sections, one had asked before the other ended. */
export const pairsOf = ({ call, ret }: History, rows: Uint32Array): number => {
  const calls = at(rows, call).sort();
  const rets = at(rows, ret).sort();
  let pairs = 0;
  let ended = 0;
  for (let begun = 0; begun < calls.length; begun++) {
    while (ended < rets.length && rets[ended]! < calls[begun]!) ended++;
    pairs += begun - ended;
  }
  return pairs;
};

/** What zero violations in so many trials rule out at 95 %, as a share of them: the rule of three; `null` for none. */
export const ruleOfThree = (trials: number): number | null => (trials === 0 ? null : Math.min(1, 3 / trials));

const readOf = operations.indexOf('read');
