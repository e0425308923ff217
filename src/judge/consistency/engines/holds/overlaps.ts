import type { History } from '../../../../core/history/history.ts';
import { doubles, during } from '../columns/scratch.ts';
import { at, indexes, sortBy } from '../columns/sorted.ts';
import type { Contradiction } from '../engine.ts';
import { plural } from '../phrase.ts';
import { spanWord } from '../words.ts';
import { isRelease, releaseOf, thingOf } from './grants.ts';
import type { Holds } from './held.ts';
import { surelyHeld } from './surely-held.ts';

/**
 * A hold that overlaps another one of its name, and how many grants must be wrong and may be. An allocation may be given back by any
 * session, a lock only by its holder.
 */
export const overlaps = (
  history: History,
  rows: Uint32Array,
  own: Holds,
  ttlNs: number,
  rule: 'held-twice' | 'allocated-twice',
): readonly Contradiction[] => {
  const held = rule === 'allocated-twice' ? surelyHeld(history, own) : own;
  const { row, start, end, name } = held;
  const order = inTurn(history, held);
  let first: readonly [number, number] | undefined;
  let [least, most] = [0, 0];
  // The hold that ends last so far; and the same among those kept when, of each two that overlap, the longer one is dropped.
  let [latest, kept] = [-1, -1];
  for (let i = 0; i < order.length; i += 1) {
    const one = order[i]!;
    if (latest >= 0 && name[latest] !== name[one]) [latest, kept] = [-1, -1];
    if (latest >= 0 && start[one]! < end[latest]!) {
      most += 1;
      first ??= [latest, one];
    }
    if (latest < 0 || end[one]! > end[latest]!) latest = one;
    if (kept >= 0 && start[one]! < end[kept]!) least += 1;
    if (kept < 0 || start[one]! >= end[kept]! || end[one]! < end[kept]!) kept = one;
  }
  if (first === undefined) return [];
  const free = neverEnded(held, order, mayEndAnyTime(history, rows, own, rule));
  const [a, b] = free ?? first;
  const until = Math.min(end[a]!, end[b]!);
  const releases = [a, b].flatMap((one) => releaseRow(history, rows, row[one]!, end[one]!));
  return [
    {
      rule,
      evidence: free === undefined ? 'same-host' : 'clock-free',
      operations: [...new Set([row[a]!, row[b]!, ...releases])],
      because: [
        'A was granted and had not been given back when B was granted the same.',
        until === Infinity
          ? 'Neither was given back.'
          : `Both held it for ${spanWord(until - start[b]!)} at least: from the answer to B to the first release${ttlNs === Infinity ? '' : ' or lapse'}.`,
        `${plural(least, 'grant')} at least must be wrong.`,
      ],
      atLeast: least,
      atMost: most,
    },
  ];
};

/** The places of holds by name, then start, then end. */
const inTurn = (history: History, { row, start, end, name, areByToken }: Holds): Uint32Array => {
  const order = indexes(row.length);
  // They are already in order of their starts.
  if (name.some((one) => one !== name[0])) during(() => sortBy(order, at(order, name)));
  let areTied = false;
  for (let i = 1; i < order.length && !areTied; i += 1) {
    const [before, one] = [order[i - 1]!, order[i]!];
    areTied = start[before] === start[one] && name[before] === name[one] && end[before]! >= end[one]!;
  }
  // Two hardly ever begin at the same moment.
  if (areTied)
    during(() => {
      const holder = doubles(row.length);
      for (let i = 0; i < row.length; i += 1) holder[i] = (areByToken ? history.version : history.session)[row[i]!]!;
      order.set(indexes(row.length));
      for (const column of [holder, end, start, name]) during(() => sortBy(order, at(order, column)));
    });
  return order;
};

/** Two holds of one name that no release may have ended, whatever the times. */
const neverEnded = (
  { row, end, name }: Holds,
  order: Uint32Array,
  mayEnd: (grant: number) => boolean,
): readonly [number, number] | undefined => {
  let last = -1;
  for (let i = 0; i < order.length; i += 1) {
    const one = order[i]!;
    if (end[one] !== Infinity || mayEnd(row[one]!)) continue;
    if (last >= 0 && name[last] === name[one]) return [last, one];
    last = one;
  }
  return undefined;
};

/** Whether a release may have ended a grant's hold if its time were different: one for which it is unknown whose hold it ended. */
const mayEndAnyTime = (
  history: History,
  rows: Uint32Array,
  { loose, areByToken }: Holds,
  rule: 'held-twice' | 'allocated-twice',
): ((grant: number) => boolean) => {
  const names = new Set(rule === 'allocated-twice' ? Array.from(loose, (row) => thingOf(history, row)) : []);
  // A token may have been given back by another session.
  const byToken: ReadonlyMap<number, readonly number[]> = areByToken ? releasesByToken(history, rows) : new Map();
  return (grant) =>
    names.has(thingOf(history, grant)) ||
    (byToken.get(history.version[grant]!) ?? []).some(
      (row) => history.session[row] !== history.session[grant] && thingOf(history, row) === thingOf(history, grant),
    );
};

const releasesByToken = (history: History, rows: Uint32Array): ReadonlyMap<number, readonly number[]> => {
  const found = new Map<number, number[]>();
  for (const row of rows) {
    if (!isRelease(history, row)) continue;
    const [token, same] = [history.version[row]!, found.get(history.version[row]!)];
    if (same === undefined) found.set(token, [row]);
    else same.push(row);
  }
  return found;
};

const releaseRow = (history: History, rows: Uint32Array, grant: number, end: number): readonly number[] => {
  const found = rows.find(
    (row) =>
      history.f[row] === releaseOf &&
      history.call[row] === end &&
      (history.session[row] === history.session[grant] || history.version[row] === history.version[grant]),
  );
  return found === undefined ? [] : [found];
};
