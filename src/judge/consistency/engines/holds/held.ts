import { type History, info } from '../../../../core/history/history.ts';
import { doubles, during, picked, words } from '../columns/scratch.ts';
import { at, indexes, sortBy } from '../columns/sorted.ts';
import { acquireOf, isGrant, isRelease, thingOf } from './grants.ts';
import { type Holders, holdersOf } from './holders.ts';

/** What was held from when to when, in columns, by the time of the grant. */
export interface Holds {
  readonly row: Uint32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly name: Float64Array;
  /**
   * Releases that may have ended another session's hold: all releases of a name if one of them had an unknown outcome, came from a holder
   * without a grant, or was not after the grant. Then it cannot be told which release ended what.
   */
  readonly loose: Uint32Array;
  /** Whether holders are told apart by tokens; otherwise by sessions. */
  readonly areByToken: boolean;
  /** If grants have tokens, by row: the earliest end of a grant's hold. */
  readonly ends: Float64Array | undefined;
}

/** Whether it is known for every release which hold it ended: then overlaps of holds are all there is to judge. */
export const isCertain = ({ loose }: Holds): boolean => loose.length === 0;

/**
 * The holds among the rows of one key: each from the answer to its acquire to the first release by its holder that was, or may have been,
 * sent after it.
 *
 * @param ttlNs how long after its request a lease may lapse by itself at the earliest; Infinity if never
 * @cost linear if rows are roughly in the order of their calls, and grants in that of their answers
 */
export const holdsOf = (history: History, rows: Uint32Array, ttlNs: number): Holds => {
  let [grants, hasTokens] = [0, false];
  for (let i = 0; i < rows.length; i += 1) {
    if (!isGrant(history, rows[i]!)) continue;
    grants += 1;
    hasTokens ||= !Number.isNaN(history.version[rows[i]!]!);
  }
  const [row, start, end, name] = [words(grants), doubles(grants), doubles(grants), doubles(grants)];
  const ends = hasTokens ? doubles(history.length).fill(-Infinity) : undefined;
  return during(() => {
    const { ret } = history;
    const events = inOrderOfCalls(history, rows);
    const holders = holdersOf(history, events);
    const { granted, until, loose } = pairUp(history, events, holders, ttlNs);
    if (ends !== undefined) for (let i = 0; i < grants; i += 1) ends[granted[i]!] = until[i]!;
    // A hold that may have ended before its holder knew of it does not count.
    const kept = picked(indexes(grants), (i) => ret[granted[i]!]! <= until[i]!);
    const count = kept.length;
    for (let i = 0; i < count; i += 1) start[i] = ret[granted[kept[i]!]!]!;
    sortBy(kept, start.subarray(0, count));
    for (let i = 0; i < count; i += 1) {
      const place = kept[i]!;
      row[i] = granted[place]!;
      start[i] = ret[row[i]!]!;
      end[i] = until[place]!;
      name[i] = thingOf(history, row[i]!);
    }
    return {
      row: row.subarray(0, count),
      start: start.subarray(0, count),
      end: end.subarray(0, count),
      name: name.subarray(0, count),
      loose,
      areByToken: holders.areByToken,
      ends,
    };
  });
};

/** Grants and releases. */
const inOrderOfCalls = (history: History, rows: Uint32Array): Uint32Array => {
  const events = picked(rows, (row) => isGrant(history, row) || isRelease(history, row));
  during(() => sortBy(events, at(events, history.call)));
  return events;
};

interface Pairs {
  readonly granted: Uint32Array;
  /** For each grant, the earliest end of its hold; −Infinity if that may be before the grant. */
  readonly until: Float64Array;
  readonly loose: Uint32Array;
}

/** Matches releases with the grants of their holders. */
const pairUp = (
  history: History,
  events: Uint32Array,
  { of, count: holderCount, areByToken }: Holders,
  ttlNs: number,
): Pairs => {
  const { call, ret, f, status } = history;
  const [granted, until] = [words(events.length), doubles(events.length)];
  // For each holder its latest open grant, plus 1; for each grant the open one before it.
  const [newest, older] = [words(holderCount), words(events.length)];
  // Whether this holder may have a spare release of unknown outcome, one that was not needed: it may end a later hold.
  const [closedBySome, afloat] = [words(holderCount), words(holderCount)];
  // By token: until when a release that ended nothing may end a hold granted meanwhile. A session waits for its release.
  const spareUntil = doubles(holderCount).fill(-Infinity);
  const strays: number[] = [];
  let length = 0;
  for (let i = 0; i < events.length; i += 1) {
    const [event, holder] = [events[i]!, of(i)];
    const open = newest[holder]!;
    if (f[event] === acquireOf) {
      granted[length] = event;
      // A lease may run from when it was asked for.
      until[length] = afloat[holder] === 1 || spareUntil[holder]! >= call[event]! ? -Infinity : call[event]! + ttlNs;
      older[length] = open;
      length += 1;
      newest[holder] = length;
      continue;
    }
    const isUnknown = status[event] === info;
    if (open === 0 || isUnknown || call[event]! <= ret[granted[open - 1]!]!) strays.push(event);
    // A hold whose lease may have lapsed needed no release.
    if ((open === 0 || (isUnknown && ttlNs < Infinity)) && (isUnknown || closedBySome[holder] === 1))
      afloat[holder] = 1;
    closedBySome[holder] = isUnknown ? 1 : 0;
    if (areByToken && (open === 0 || until[open - 1] === -Infinity))
      spareUntil[holder] = Math.max(spareUntil[holder]!, ret[event]!);
    for (let one = open; one > 0; one = older[one - 1]!) until[one - 1] = Math.min(until[one - 1]!, call[event]!);
    newest[holder] = 0;
  }
  if (strays.length === 0) return { granted, until, loose: new Uint32Array() };
  const spare = new Set(strays.map((event) => thingOf(history, event)));
  const loose = events.filter((event) => f[event] !== acquireOf && spare.has(thingOf(history, event)));
  return { granted, until, loose };
};
