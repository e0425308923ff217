import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { fail, type History, info, ok, operations } from '../../../../../src/core/history/history.ts';
import { holdsOf } from '../../../../../src/judge/consistency/engines/holds/held.ts';
import { allRows, historyOf, type Row } from '../../histories.ts';

interface Hold {
  readonly row: number;
  readonly start: number;
  readonly end: number;
}

const isOf = ({ f }: History, row: number, name: 'acquire' | 'release'): boolean => f[row] === operations.indexOf(name);
const thing = ({ value }: History, row: number): number => (Number.isNaN(value[row]!) ? 0 : value[row]!);

/** The same as a person would find it: the operations of each holder on each thing, one after the other. */
const foundByHand = (history: History, ttlNs: number): { readonly holds: Hold[]; readonly loose: number[] } => {
  const { call, ret, session, status, version } = history;
  const events = [...allRows(history)]
    .filter((row) => status[row] === ok || (isOf(history, row, 'release') && status[row] === info))
    .toSorted((a, b) => call[a]! - call[b]!);
  const areByToken = events.every((row) => !Number.isNaN(version[row]!));
  const turns = new Map<string, number[]>();
  for (const row of events) {
    const pair = `${thing(history, row)} ${areByToken ? version[row] : session[row]}`;
    turns.set(pair, [...(turns.get(pair) ?? []), row]);
  }
  const holds: Hold[] = [];
  const doubted = new Set<number>();
  for (const turn of turns.values()) {
    let open: { readonly row: number; readonly isUnsure: boolean }[] = [];
    let [isAfloat, isClosedBySome] = [false, false];
    // By token a release that ended nothing may end what is granted until it is answered.
    let spareUntil = -Infinity;
    for (const row of turn) {
      if (isOf(history, row, 'acquire')) {
        const until = turn.find((other) => turn.indexOf(other) > turn.indexOf(row) && isOf(history, other, 'release'));
        const end = Math.min(call[row]! + ttlNs, until === undefined ? Infinity : call[until]!);
        const isUnsure = isAfloat || spareUntil >= call[row]!;
        if (!isUnsure && ret[row]! <= end) holds.push({ row, start: ret[row]!, end });
        open.push({ row, isUnsure });
        continue;
      }
      const isUnknown = status[row] === info;
      if (open.length === 0 || isUnknown || call[row]! <= ret[open.at(-1)!.row]!) doubted.add(thing(history, row));
      const wasNotNeeded = open.length === 0 || (isUnknown && ttlNs < Infinity);
      if (wasNotNeeded && (isUnknown || isClosedBySome)) isAfloat = true;
      isClosedBySome = isUnknown;
      if (areByToken && open.at(-1)?.isUnsure !== false) spareUntil = Math.max(spareUntil, ret[row]!);
      open = [];
    }
  }
  const loose = events.filter((row) => isOf(history, row, 'release') && doubted.has(thing(history, row)));
  return { holds, loose };
};

const byRow = (all: readonly Hold[]): readonly Hold[] => all.toSorted((a, b) => a.row - b.row);

const operation = record({
  isAcquire: constantFrom(true, true, false),
  status: constantFrom(ok, ok, ok, fail, info),
  session: constantFrom(0, 1, 2, 1_000_000),
  call: integer({ min: 0, max: 60 }),
  took: integer({ min: 0, max: 6 }),
  value: constantFrom(NaN, NaN, 1, 2),
  version: integer({ min: 1, max: 6 }),
});

test('holds are those that are found one by one, in the order of their grants', () => {
  let [ended, doubted] = [0, 0];
  assert(
    property(
      array(operation, { maxLength: 40 }),
      constantFrom(Infinity, 8),
      constantFrom('sessions', 'tokens', 'some'),
      constantFrom(true, false),
      (all, ttlNs, told, isNamed) => {
        const history = historyOf(
          all.map(({ isAcquire, took, value, version, ...one }, n): Row => ({
            ...one,
            f: isAcquire ? 'acquire' : 'release',
            ret: one.status === info ? Infinity : one.call + took,
            ...(isNamed && { value }),
            ...((told === 'tokens' || (told === 'some' && n % 2 === 0)) && { version }),
          })),
        );
        const { row, start, end, name, loose } = holdsOf(history, allRows(history), ttlNs);
        const hand = foundByHand(history, ttlNs);
        const found = Array.from(row, (one, i): Hold => ({ row: one, start: start[i]!, end: end[i]! }));
        expect(byRow(found)).toEqual(byRow(hand.holds));
        expect([...start]).toEqual([...start].toSorted((a, b) => a - b));
        expect([...name]).toEqual(Array.from(row, (one) => thing(history, one)));
        expect([...loose]).toEqual(hand.loose);
        ended += found.filter((one) => one.end < Infinity).length;
        doubted += loose.length;
      },
    ),
    { numRuns: 1500 },
  );
  expect(Math.min(ended, doubted)).toBeGreaterThan(1000);
});

test('so they are where there are many names and many tokens', () => {
  const rows = Array.from({ length: 100 }, (_, n): Row[] => {
    const one = { session: 0, value: n % 50, version: n };
    return [
      { f: 'acquire', ...one, call: 4 * n, ret: 4 * n + 1 },
      { f: 'release', ...one, call: 4 * n + 2, ret: 4 * n + 3 },
    ];
  }).flat();
  // The last of them under the token of the first, and under the name of another.
  rows.push({ f: 'release', session: 1, value: 49, version: 0, call: 500, ret: 501 });
  const history = historyOf(rows);
  const { row, start, end, loose } = holdsOf(history, allRows(history), Infinity);
  const hand = foundByHand(history, Infinity);
  expect(Array.from(row, (one, i): Hold => ({ row: one, start: start[i]!, end: end[i]! }))).toEqual(hand.holds);
  expect([...loose].toSorted((a, b) => a - b)).toEqual(hand.loose.toSorted((a, b) => a - b));
  expect(hand.loose.length).toBe(3);
});
