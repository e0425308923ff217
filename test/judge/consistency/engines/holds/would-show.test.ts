import { assert, property, array, constantFrom, integer, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fail, type History, info, ok } from '../../../../../src/core/history/history.ts';
import { holdsOf, type Holds } from '../../../../../src/judge/consistency/engines/holds/held.ts';
import { surelyHeld } from '../../../../../src/judge/consistency/engines/holds/surely-held.ts';
import { wouldShowOfEach } from '../../../../../src/judge/consistency/engines/holds/things.ts';
import { waitsOf } from '../../../../../src/judge/consistency/engines/holds/waits.ts';
import { wouldShow } from '../../../../../src/judge/consistency/engines/holds/would-show.ts';
import { allRows, historyOf, type Row } from '../../histories.ts';

const heldIn = (history: History): Holds => surelyHeld(history, holdsOf(history, allRows(history), Infinity));

const shownIn = (rows: readonly Row[]): number => {
  const history = historyOf(rows);
  const [judged, sections] = [false, true].map((isSection) =>
    allRows(history).filter((row) => (rows[row]!.f === 'section') === isSection),
  );
  return wouldShow(history, judged!, heldIn(history), waitsOf(history, judged!, history, sections!));
};

/** Somebody holds it from 10 to `until`. */
const heldUntil = (until: number): Row[] => [
  { f: 'acquire', session: 0, call: 0, ret: 10 },
  ...(until === Infinity ? [] : [{ f: 'release' as const, session: 0, call: until, ret: until + 10 }]),
];
const refused = { f: 'acquire', session: 1, status: fail } as const;

describe('an acquire would show a second holder', () => {
  test.each([
    ['asked for and answered while it was surely held', 50, { call: 20, ret: 30 }, 1],
    ['as long as the hold, to the ns', 50, { call: 10, ret: 50 }, 1],
    ['answered after the release was sent', 50, { call: 20, ret: 51 }, 0],
    ['asked for after it', 50, { call: 51, ret: 55 }, 0],
    ['under way at the grant, if the hold lasts as long as it took itself', 30, { call: 5, ret: 25 }, 1],
    ['and not if the hold was shorter than that, though it was answered meanwhile', 30, { call: 5, ret: 26 }, 0],
    ['long after, where nobody gives it back', Infinity, { call: 1e9, ret: 1e9 + 5 }, 1],
  ] as const)('%s', (_, until, times, shown) => {
    expect(shownIn([...heldUntil(until), { ...refused, ...times }])).toBe(shown);
  });

  test('only if it is of another session, and only if it was answered', () => {
    const times = { call: 20, ret: 30 };
    expect(shownIn([...heldUntil(50), { ...refused, ...times, session: 0 }])).toBe(0);
    expect(shownIn([...heldUntil(50), { ...refused, call: 20, ret: Infinity, status: info }])).toBe(0);
  });

  test('once, however many there are that hold something by then', () => {
    const held = [0, 1, 2].map((value): Row => ({ f: 'acquire', session: value, call: 0, ret: 10, value }));
    expect(shownIn([...held, { f: 'acquire', session: 3, call: 20, ret: 30, value: 3 }])).toBe(3 + 1);
    // Of the three that were asked for at once each would have shown, too.
    expect(shownIn(held)).toBe(3);
  });

  test('where the lock let it wait, if a request without the wait fits into the hold that it waited for', () => {
    const granted = (call: number): Row => ({ f: 'acquire', session: 1, call, ret: 58 });
    expect(shownIn([...heldUntil(50), granted(40)])).toBe(1);
    // A whole request takes 10, and not only the 8 after the release.
    expect(shownIn([...heldUntil(50), granted(41)])).toBe(0);
  });

  test('where a lock of contend let it wait, by when it asked for that', () => {
    const asked = (at: number, waited: number): Row[] => [
      { f: 'section', session: 1, call: at, ret: 90, operand: waited },
      { f: 'acquire', session: 1, call: 60, ret: 70 },
      { f: 'release', session: 1, call: 80, ret: 90 },
    ];
    expect(shownIn([...heldUntil(50), ...asked(20, 40)])).toBe(1);
    expect(shownIn([...heldUntil(50), ...asked(41, 19)])).toBe(0);
    // It spent the time before on other things.
    expect(shownIn([...heldUntil(50), ...asked(20, NaN)])).toBe(0);
    // Some of the wait came after the acquire.
    expect(shownIn([...heldUntil(50), ...asked(30, 100)])).toBe(1);
  });
});

/** The same, said as a person would count it. */
const countedByHand = (history: History, held: Holds, waitedNs: (row: number) => number): number => {
  const rows = [...allRows(history)];
  const { call, ret, status, session } = history;
  const holds = [...held.row.keys()].map((i) => ({
    from: held.start[i]!,
    to: held.end[i]!,
    by: session[held.row[i]!],
  }));
  const acquires = rows.filter((row) => history.f[row] === acquireOf && status[row] !== info && ret[row]! < Infinity);
  const quickest = Math.min(...acquires.map((row) => ret[row]! - call[row]!));
  return acquires.filter((row) => {
    const [took, asked] = [ret[row]! - call[row]!, call[row]! - waitedNs(row)];
    const releases = holds.map(({ to }) => to).filter((to) => to <= ret[row]!);
    const own =
      status[row] === ok && releases.length > 0
        ? Math.min(took, Math.max(quickest, ret[row]! - Math.max(...releases)))
        : took;
    return holds.some(
      ({ from, to, by }) =>
        by !== session[row] &&
        ((from <= asked && asked + own <= to) || (from > asked && from <= ret[row]! && from + took <= to)),
    );
  }).length;
};
const acquireOf = historyOf([{ f: 'acquire', call: 0, ret: 0 }]).f[0]!;

interface Drawn {
  readonly isAcquire: boolean;
  readonly status: number;
  readonly session: number;
  readonly pause: number;
  readonly took: number;
  readonly value: number;
  readonly waited: number;
}

const operations = array(
  record({
    isAcquire: constantFrom(true, true, false),
    status: constantFrom(ok, ok, fail, info),
    session: integer({ min: 0, max: 3 }),
    pause: integer({ min: 0, max: 4 }),
    took: integer({ min: 0, max: 6 }),
    value: constantFrom(NaN, 1, 2),
    // Now and then it had waited for the lock of its critical section.
    waited: constantFrom(0, 0, 0, 1, 5),
  }),
  { maxLength: 40 },
);

/** Sessions that do one thing after the other. */
const drawn = (all: readonly Drawn[]): History => {
  const free = [0, 0, 0, 0];
  return historyOf(
    all.map(({ isAcquire, status, session, pause, took, value }): Row => {
      const call = free[session]! + pause;
      free[session] = call + took + 1;
      const ret = status === info ? Infinity : call + took;
      return { f: isAcquire ? 'acquire' : 'release', session, status, call, ret, value };
    }),
  );
};

test('of any history as many would show as are counted one by one', () => {
  let [shown, hidden] = [0, 0];
  assert(
    property(operations, (all) => {
      const history = drawn(all);
      const held = heldIn(history);
      const waitedNs = (row: number): number => all[row]!.waited;
      const count = wouldShow(history, allRows(history), held, waitedNs);
      expect(count).toBe(countedByHand(history, held, waitedNs));
      if (count > 0) shown++;
      else hidden++;
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(shown, hidden)).toBeGreaterThan(300);
});

test('of each name apart as many would show as if each was a history of its own', () => {
  let fewer = 0;
  assert(
    property(operations, (all) => {
      const history = drawn(all);
      const none = (): number => 0;
      const rows = allRows(history);
      const count = wouldShowOfEach(history, rows, heldIn(history), none);
      const sum = [NaN, 1, 2]
        .map((name) => rows.filter((row) => Object.is(history.value[row], name)))
        .map((own) => wouldShow(history, own, surelyHeld(history, holdsOf(history, own, Infinity)), none))
        .reduce((total, one) => total + one, 0);
      expect(count).toBe(sum);
      if (count < wouldShow(history, rows, heldIn(history), none)) fewer++;
    }),
    { numRuns: 1000 },
  );
  expect(fewer).toBeGreaterThan(300);
});
