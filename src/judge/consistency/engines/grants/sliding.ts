import { ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Engine } from '../engine.ts';
import { picked } from '../columns/scratch.ts';
import { at, sortedBy } from '../columns/sorted.ts';
import { spanWord } from '../words.ts';

const grantOf = operations.indexOf('grant');

/** A limit on how often something is granted within a time. */
export interface Rate {
  readonly limit: number;
  /** The length of a window as it is judged: a little less than promised, as clocks differ. */
  readonly windowNs: number;
  /** The length as promised, to be shown. */
  readonly perNs: number;
}

/**
 * Judges a limit on grants in every stretch of time of a given length: wrong if more grants lie entirely, from call to answer, within one
 * stretch.
 *
 * Rule: `over-limit`.
 *
 * @cost n log n
 */
export const sliding =
  ({ limit, windowNs, perNs }: Rate): Engine =>
  (history, rows) => {
    const { first, last, count } = mostWithin(history, rows, windowNs);
    if (count <= limit) return [];
    const span = spanWord(history.ret[last]! - history.call[first]!);
    return [
      {
        rule: 'over-limit',
        evidence: 'same-host',
        operations: [first, last],
        because: [
          `From the call of A to the answer to B ${span} passed, and ${count} requests were sent and granted in that time: in ${spanWord(perNs)} ${limit} may be.`,
        ],
        atLeast: count - limit,
        atMost: null,
        sold: { granted: count, of: limit },
      },
    ];
  };

/** The most grants that lie entirely within one stretch of this length, with the first and the last of them; −1 if there are none. */
export const mostWithin = (
  history: History,
  rows: Uint32Array,
  windowNs: number,
): { readonly first: number; readonly last: number; readonly count: number } => {
  const { call, ret } = history;
  const grants = sortedBy(
    picked(rows, (row) => history.f[row] === grantOf && history.status[row] === ok),
    call,
  );
  const byAnswer = sortedBy(grants, ret);
  const answers = at(byAnswer, ret);
  let [ended, count] = [0, 0];
  let best = { at: -1, ended: 0, count: 0 };
  for (let n = 0; n < grants.length; n++) {
    const from = call[grants[n]!]!;
    while (ended < answers.length && answers[ended]! <= from + windowNs) {
      if (call[byAnswer[ended]!]! >= from) count++;
      ended++;
    }
    // Of several stretches with equally many, the one that begins last: its first grant is one of them.
    if (count > 0 && count >= best.count) best = { at: n, ended, count };
    const isNextLater = n + 1 === grants.length || call[grants[n + 1]!]! > from;
    if (!isNextLater) continue;
    // Those that began at this very moment are no longer inside.
    for (let back = n; back >= 0 && call[grants[back]!] === from; back--)
      if (ret[grants[back]!]! <= from + windowNs) count--;
  }
  if (best.count === 0) return { first: -1, last: -1, count: 0 };
  const first = grants[best.at]!;
  let last = best.ended - 1;
  while (call[byAnswer[last]!]! < call[first]!) last--;
  return { first, last: byAnswer[last]!, count: best.count };
};
