import { fail, info, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Contradiction, Engine } from '../engine.ts';
import { plural } from '../phrase.ts';
import { doubles, during, picked, words } from '../columns/scratch.ts';
import { at, firstFrom, indexes, justAbove, sortBy, sortedBy } from '../columns/sorted.ts';
import { backwardsOf } from '../steps/schedule.ts';
import type { Backwards } from '../steps/steps.ts';
import { isOrdinal, spanWord } from '../words.ts';

const [acquireOf, releaseOf] = [operations.indexOf('acquire'), operations.indexOf('release')];

/**
 * Judges locks and leases, each with the name that is in `value` (one of the key where there is none): from when a holder
 * knew of its grant to when it began to give it back, nobody else may have known the same. Exact but for releases of unknown
 * outcome that may end a later hold of the same session. A grant of unknown outcome is no hold; a release of unknown outcome ends one when it is begun. Holders are told apart by the token in `version`
 * where every grant and release has one, otherwise by session.
 *
 * Rules: `held-twice`, and for tokens `token-order`: of two grants the later one has the greater token.
 *
 * @param ttlNs a lease lapses by itself so long after it was asked for at the earliest; Infinity: never
 * @param own of the rows that it is given, where they are known already
 */
export const holds =
  (ttlNs: number, own?: Holds): Engine =>
  (history, rows) => {
    const all = own ?? holdsOf(history, rows, ttlNs);
    const twice = overlaps(history, rows, all, ttlNs, 'held-twice');
    const tokens = tokenOrder(history, rows);
    return twice.length + tokens.length > 0 ? [...twice, ...tokens] : heldOutOfOrder(history, rows, all);
  };

/**
 * A hold that overlaps another one of its name; how many grants must be wrong, and may be. What is allocated may be given
 * back by anybody, a lock only by its holder.
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
  const order = inTurn(held);
  let first: readonly [number, number] | undefined;
  // Two that no release may have ended, whatever the times are; and the last one of which that is so.
  let free: readonly [number, number] | undefined;
  let lastFree = -1;
  const mayEnd = mayEndAnyTime(history, rows, own, rule);
  let [least, most] = [0, 0];
  // The last to end of all so far, and of those that are kept when of two that overlap the longer one goes.
  let [latest, kept] = [-1, -1];
  for (const one of order) {
    if (latest >= 0 && name[latest] !== name[one]) [latest, kept] = [-1, -1];
    if (latest >= 0 && start[one]! < end[latest]!) {
      most += 1;
      first ??= [latest, one];
    }
    if (end[one] === Infinity && !mayEnd(row[one]!)) {
      if (lastFree >= 0 && name[lastFree] === name[one]) free ??= [lastFree, one];
      lastFree = one;
    }
    if (latest < 0 || end[one]! > end[latest]!) latest = one;
    if (kept >= 0 && start[one]! < end[kept]!) least += 1;
    if (kept < 0 || start[one]! >= end[kept]! || end[one]! < end[kept]!) kept = one;
  }
  if (first === undefined) return [];
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

/** Whether some release may have ended the hold of a grant if it was at another time: one that nobody knows whose hold it ended. */
const mayEndAnyTime = (
  history: History,
  rows: Uint32Array,
  { loose, areByToken }: Holds,
  rule: 'held-twice' | 'allocated-twice',
): ((grant: number) => boolean) => {
  const names = new Set(rule === 'allocated-twice' ? Array.from(loose, (row) => nameOf(history, row)) : []);
  if (names.size === 0 && !areByToken) return () => false;
  // A token may have been given back by another session.
  const releases = areByToken
    ? picked(rows, (row) => history.f[row] === releaseOf && history.status[row] !== fail).slice()
    : new Uint32Array();
  const byToken = new Map<number, number[]>();
  for (const row of releases) byToken.set(history.version[row]!, [...(byToken.get(history.version[row]!) ?? []), row]);
  return (grant) =>
    names.has(nameOf(history, grant)) ||
    (byToken.get(history.version[grant]!) ?? []).some(
      (row) => history.session[row] !== history.session[grant] && nameOf(history, row) === nameOf(history, grant),
    );
};

/** The places of holds by name, by when they began, and by when they ended. */
const inTurn = ({ row, start, end, name }: Holds): Uint32Array => {
  const order = indexes(row.length);
  for (const column of [start, name]) during(() => sortBy(order, at(order, column)));
  const isTurned = order.some((one, i) => {
    const before = order[i - 1] ?? one;
    return name[before] === name[one] && start[before] === start[one] && end[before]! > end[one]!;
  });
  // Hardly ever do two begin at the same moment.
  if (isTurned) for (const column of [end, start, name]) during(() => sortBy(order, at(order, column)));
  return order;
};

/** Whether it is known of every release which hold it ended: then holds that do not overlap are all that there is to judge. */
export const isCertain = ({ loose }: Holds): boolean => loose.length === 0;

/** What was held from when to when, in columns. */
export interface Holds {
  readonly row: Uint32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly name: Float64Array;
  /**
   * Releases that may have ended somebody else's hold: all of a name of which one had an unknown outcome, came from
   * whom nothing had been granted to or was not after the grant, so that nobody can say which one ended what.
   */
  readonly loose: Uint32Array;
  /** Holders are told apart by tokens, else by sessions. */
  readonly areByToken: boolean;
  /** Where grants have tokens, by row: when at the earliest the hold of a grant ended. */
  readonly ends: Float64Array | undefined;
}

/** The holds among the rows of one key. */
export const holdsOf = (history: History, rows: Uint32Array, ttlNs: number): Holds => {
  let grants = 0;
  for (const row of rows) if (isGrant(history, row)) grants += 1;
  const all = { row: words(grants), start: doubles(grants), end: doubles(grants), name: doubles(grants) };
  return during(() => pairUp(history, eventsOf(history, rows), all, ttlNs));
};

const isGrant = ({ f, status }: History, row: number): boolean => f[row] === acquireOf && status[row] === ok;

interface Events {
  /** Grants and releases by name, holder and time. */
  readonly events: Uint32Array;
  readonly holder: (event: number) => number;
  readonly areByToken: boolean;
}

const nameOf = ({ value }: History, event: number): number => (Number.isNaN(value[event]!) ? 0 : value[event]!);

const eventsOf = (history: History, rows: Uint32Array): Events => {
  const events = picked(
    rows,
    (row) => isGrant(history, row) || (history.f[row] === releaseOf && history.status[row] !== fail),
  );
  const hasTokens = events.every((row) => !Number.isNaN(history.version[row]!));
  const holder = (event: number): number => (hasTokens ? history.version[event]! : history.session[event]!);
  during(() => sortBy(events, at(events, history.call)));
  sortByNumber(events, holder);
  if (events.some((row) => !Number.isNaN(history.value[row]!))) sortByNumber(events, (row) => nameOf(history, row));
  return { events, holder, areByToken: hasTokens };
};

const sortByNumber = (events: Uint32Array, number: (event: number) => number): void =>
  during(() => {
    const numbers = doubles(events.length);
    for (let i = 0; i < events.length; i += 1) numbers[i] = number(events[i]!);
    sortBy(events, numbers);
  });

/** Puts grants and releases together, into columns that have room for every grant. */
const pairUp = (
  history: History,
  { events, holder, areByToken }: Events,
  {
    row,
    start,
    end,
    name,
  }: Omit<{ -readonly [column in keyof Holds]: Holds[column] }, 'loose' | 'areByToken' | 'ends'>,
  ttlNs: number,
): Holds => {
  const strays: number[] = [];
  let [length, open, before] = [0, 0, -1];
  // A release of unknown outcome that was not needed, so that it may end a later hold: whether there may be one.
  let [isClosedBySome, isAfloat] = [false, false];
  for (const event of events) {
    if (before < 0 || nameOf(history, before) !== nameOf(history, event) || holder(before) !== holder(event)) {
      open = length;
      [isClosedBySome, isAfloat] = [false, false];
    }
    before = event;
    if (history.f[event] === acquireOf) {
      row[length] = event;
      start[length] = history.ret[event]!;
      // A lease may run from when it was asked for.
      const lapse = history.call[event]! + ttlNs;
      end[length] = isAfloat ? -Infinity : lapse;
      name[length] = nameOf(history, event);
      length += 1;
      continue;
    }
    const isUnknown = history.status[event] === info;
    if (open === length || isUnknown || history.call[event]! <= start[length - 1]!) strays.push(event);
    // Where the lease of a hold may have lapsed, it needed no release.
    if (open === length || (isUnknown && ttlNs < Infinity)) isAfloat ||= isUnknown || isClosedBySome;
    isClosedBySome = isUnknown;
    for (; open < length; open += 1) end[open] = Math.min(end[open]!, history.call[event]!);
  }
  const hasTokens = (): boolean => row.subarray(0, length).some((grant) => !Number.isNaN(history.version[grant]!));
  const ends = hasTokens() ? new Float64Array(history.length).fill(-Infinity) : undefined;
  if (ends !== undefined) for (let i = 0; i < length; i += 1) ends[row[i]!] = end[i]!;
  // One that may have ended before its holder knew of it is none.
  let count = 0;
  for (let i = 0; i < length; i += 1) {
    if (!(start[i]! <= end[i]!)) continue;
    [row[count], start[count], end[count], name[count]] = [row[i]!, start[i]!, end[i]!, name[i]!];
    count += 1;
  }
  const spare = new Set(strays.map((event) => nameOf(history, event)));
  const isLoose = (event: number): boolean => history.f[event] === releaseOf && spare.has(nameOf(history, event));
  return {
    row: row.subarray(0, count),
    start: start.subarray(0, count),
    end: end.subarray(0, count),
    name: name.subarray(0, count),
    areByToken,
    ends,
    loose: strays.length === 0 ? new Uint32Array() : events.filter((event) => isLoose(event)),
  };
};

/**
 * What was surely held of things that anybody may give back: a release that may have ended somebody else's hold ends every
 * one of that name that may have been there.
 */
export const surelyHeld = (history: History, all: Holds): Holds => {
  if (all.loose.length === 0) return all;
  const byName = new Map<number, { readonly rets: number[]; readonly calls: number[] }>();
  // From the last on, so that `calls` is the earliest of those that ended no earlier.
  for (const row of sortedBy(all.loose, history.ret).toReversed()) {
    const name = nameOf(history, row);
    const one = byName.get(name) ?? { rets: [], calls: [] };
    byName.set(name, one);
    one.rets.push(-history.ret[row]!);
    one.calls.push(Math.min(history.call[row]!, one.calls.at(-1) ?? Infinity));
  }
  const sorted = new Map(
    [...byName].map(([name, { rets, calls }]) => [name, { rets: Float64Array.from(rets), calls }]),
  );
  const end = all.end.map((until, i) => {
    const others = sorted.get(all.name[i]!);
    if (others === undefined) return until;
    const last = firstFrom(others.rets, justAbove(-history.call[all.row[i]!]!)) - 1;
    return last < 0 ? until : Math.min(until, others.calls[last]!);
  });
  const kept = indexes(end.length).filter((i) => all.start[i]! <= end[i]!);
  const pick = (column: Float64Array): Float64Array => at(kept, column);
  return { ...all, row: kept.map((i) => all.row[i]!), start: pick(all.start), end: pick(end), name: pick(all.name) };
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

/** Grants of numbers as tokens, those of one lock together and by their token. */
const byToken = (history: History, rows: Uint32Array): Uint32Array => {
  const order = sortedBy(
    picked(rows, (row) => isGrant(history, row) && !Number.isNaN(history.version[row]!)),
    history.version,
  );
  // Each lock has tokens of its own.
  during(() => {
    const names = doubles(order.length);
    for (let i = 0; i < order.length; i += 1) names[i] = nameOf(history, order[i]!);
    sortBy(order, names);
  });
  return order;
};

/** A hold that had not ended when a grant with a greater token was answered. */
const heldOutOfOrder = (history: History, rows: Uint32Array, { ends }: Holds): readonly Contradiction[] => {
  if (ends === undefined) return [];
  let first: readonly [number, number] | undefined;
  let [count, last] = [0, -1];
  for (const row of byToken(history, rows)) {
    if (!isOrdinal(history.version[row]!)) continue;
    if (last >= 0 && nameOf(history, last) !== nameOf(history, row)) last = -1;
    if (last >= 0 && ends[last]! > history.ret[row]!) {
      first ??= [row, last];
      count += 1;
    }
    if (last < 0 || ends[row]! > ends[last]!) last = row;
  }
  if (first === undefined) return [];
  const because = ['The token of B is lower than that of A.', 'B was held longer than until the answer to A.'];
  return [{ rule: 'token-order', evidence: 'same-host', operations: first, because, atLeast: 1, atMost: count }];
};

const tokenOrder = (history: History, rows: Uint32Array): readonly Contradiction[] => {
  const order = byToken(history, rows);
  const isOfBefore = (row: number, i: number): boolean =>
    i > 0 && nameOf(history, row) === nameOf(history, order[i - 1]!);
  const pairs: Contradiction[] = [];
  const isSame = (row: number, i: number): boolean =>
    isOfBefore(row, i) && history.version[row] === history.version[order[i - 1]!];
  const same = order.findIndex(isSame);
  if (same > 0) {
    const because = ['A and B were granted with the same token, which was to tell them apart.'];
    const operations = [order[same - 1]!, order[same]!];
    const extra = picked(order, isSame).length;
    pairs.push({ rule: 'token-twice', evidence: 'clock-free', operations, because, atLeast: extra, atMost: extra });
  }
  let found: Backwards | undefined;
  let wrong = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    for (to = from + 1; to < order.length && isOfBefore(order[to]!, to);) to += 1;
    // Texts tell holders apart, and rise no more than they fall.
    const rising = order.subarray(from, to).filter((row) => isOrdinal(history.version[row]!));
    const one = backwardsOf(history, rising.length, {
      row: (i) => rising[i]!,
      rank: (i) => history.version[rising[i]!]!,
    });
    found ??= one;
    wrong += one?.rows ?? 0;
  }
  if (found !== undefined) {
    const because = ['A had been granted when B was asked for.', 'The token of B is lower than that of A.'];
    const operations = [found.earlier, found.later];
    pairs.push({ rule: 'token-order', evidence: 'same-host', operations, because, atLeast: 1, atMost: wrong });
  }
  return pairs;
};
