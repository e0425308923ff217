import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HistoryBuilder } from '../../../../src/core/history/builder.ts';
import { absent, info, ok, operations } from '../../../../src/core/history/history.ts';
import type { ReadTwice, Slot } from '../../../../src/core/slot.ts';
import { micros } from '../../../../src/core/units.ts';
import { Carried } from '../../../../src/judge/consistency/carried/carried.ts';
import { type JudgedSlot, judgeSlot } from '../../../../src/judge/consistency/slot-verdict.ts';
import { expectNoAccusation, isExplained, type Sums } from './agreement.ts';
import { targets } from './targets.ts';

describe('of a target that is right, whatever takes effect late', () => {
  test.each(Object.keys(targets))('no slot is accused: %s', (name) => {
    expectNoAccusation(name, 30);
  });
});

const clock = { now: () => micros(performance.now() * 1000) };
const recording = { model: '', path: '', rows: 0, problem: null, unreadable: { count: 0, example: '' } };

/** An operation at some time of its slot, all of which overlap. */
interface Said {
  readonly f: (typeof operations)[number];
  readonly isOpen?: boolean;
  readonly key?: string;
  readonly value?: unknown;
  readonly operand?: unknown;
  readonly version?: unknown;
}

/** One target whose slots are judged one after the other. */
const targetOf = (model: string) => {
  const carried = new Carried();
  let round = 0;
  return (
    said: readonly Said[],
    finals: { readonly [key: string]: ReadTwice } = {},
    { isReset = false, isSettled = false, isLost = false, target = 't' } = {},
  ): JudgedSlot => {
    const builder = new HistoryBuilder();
    for (const [at, { f, isOpen = false, key = 'k', value, operand, version }] of said.entries())
      builder.append(
        builder.key(key),
        at,
        operations.indexOf(f),
        isOpen ? info : ok,
        round * 1000 + at,
        isOpen ? Infinity : round * 1000 + 500 + at,
        value === undefined ? absent : builder.value(value),
        builder.value(operand),
        builder.value(version),
      );
    const slot = { mode: 'm', round: round++, finals: { [model]: finals } } as unknown as Slot;
    const history = isLost ? undefined : builder.history();
    const share = { recording: { ...recording, model, problem: isLost ? 'the disk is full' : null }, history };
    const around = { target, hasBefore: isReset, hasAfter: false, isSettled };
    return judgeSlot(slot, [model], [share], clock, {}, { carried, around })[0]!;
  };
};

const add: Said = { f: 'add', operand: 1 };
const open: Said = { ...add, isOpen: true };
const many = (count: number, one: Said): Said[] => Array.from({ length: count }, () => one);
const verdictsOf = (...slots: readonly JudgedSlot[]): readonly string[] =>
  slots.map(({ consistency }) => consistency.verdict);

describe('a change of unknown outcome', () => {
  test('may take effect in a later slot, after a reset as well', () => {
    const slot = targetOf('counter');
    expect(
      verdictsOf(
        slot([...many(5, add), open], { k: [0, 5] }),
        slot(many(5, add), { k: [0, 5] }, { isReset: true }),
        slot(many(5, add), { k: [0, 6] }, { isReset: true }),
      ),
    ).toEqual(['consistent', 'consistent', 'consistent']);
  });

  test('takes effect once: when it was seen to have, it is closed', () => {
    const slot = targetOf('counter');
    slot([...many(5, add), open], { k: [0, 5] });
    expect(
      verdictsOf(
        slot(many(5, add), { k: [0, 6] }, { isReset: true }),
        slot(many(5, add), { k: [0, 6] }, { isReset: true }),
      ),
    ).toEqual(['consistent', 'violated']);
  });

  test('is closed by what is read before the next slot, where nothing reset it', () => {
    const slot = targetOf('counter');
    slot([...many(5, add), open], { k: [0, 5] });
    expect(verdictsOf(slot(many(5, add), { k: [6, 12] }))).toEqual(['violated']);
  });

  test('is about its own target and its own key', () => {
    const slot = targetOf('counter');
    slot([...many(5, add), open], { k: [0, 5] });
    expect(
      verdictsOf(
        slot(many(5, add), { k: [0, 6] }, { isReset: true, target: 'another' }),
        slot(many(5, { ...add, key: 'l' }), { l: [0, 6] }, { isReset: true }),
        slot(many(5, add), { k: [0, 6] }, { isReset: true }),
      ),
    ).toEqual(['violated', 'violated', 'consistent']);
  });

  test('explains a value that changed although nobody touched it', () => {
    const slot = targetOf('counter');
    slot([...many(5, add), open], { k: [0, 5], l: [0, 0] });
    const other = many(5, { ...add, key: 'l' });
    expect(
      verdictsOf(
        slot(other, { k: [0, 1], l: [0, 5] }, { isReset: true }),
        slot(other, { k: [0, 1], l: [0, 5] }, { isReset: true }),
      ),
    ).toEqual(['consistent', 'violated']);
  });

  test('can do nothing any more once a slot has settled', () => {
    const slot = targetOf('counter');
    slot([...many(5, add), open], { k: [0, 5] });
    slot([...many(5, add), open], { k: [0, 5] }, { isReset: true, isSettled: true });
    expect(verdictsOf(slot(many(5, add), { k: [0, 6] }, { isReset: true }))).toEqual(['violated']);
  });

  test('leaves a key unknown where there are more of them than acknowledged changes, with the way out', () => {
    const slot = targetOf('counter');
    slot([...many(9, add), ...many(8, open)], { k: [0, 9] });
    const { consistency } = slot(many(5, add), { k: [0, 6] }, { isReset: true });
    expect(consistency).toMatchObject({
      verdict: 'unknown',
      because: expect.stringMatching(/8 changes of unknown outcome from slots before.*"settle:"/u) as unknown,
    });
    expect(verdictsOf(slot(many(5, add), { k: [0, 5] }, { isReset: true }))).toEqual(['consistent']);
    expect(verdictsOf(slot(many(5, add), { k: [0, 50] }, { isReset: true }))).toEqual(['violated']);
  });

  test('stands in the history of the slot that it is carried into, in front', () => {
    const slot = targetOf('counter');
    slot([...many(5, add), open], { k: [0, 5] });
    const { history, about, consistency } = slot(many(4, add), { k: [0, 5] }, { isReset: true });
    expect([history.length, history.status[0], history.call[0], about.carried]).toEqual([5, info, 5, { rows: 1 }]);
    expect(consistency.coverage).toMatchObject({ operations: 4, acknowledged: 4, unknown: 0 });
  });

  test('of a slot whose history was lost may be anything', () => {
    const slot = targetOf('counter');
    slot(many(5, add), { k: [0, 5] }, { isLost: true });
    expect(
      verdictsOf(
        slot(many(5, add), { k: [0, 5] }, { isReset: true }),
        slot(many(5, add), { k: [0, 9] }, { isReset: true }),
        slot(many(5, add), { k: [0, 9] }, { isReset: true, isSettled: true }),
        slot(many(5, add), { k: [0, 9] }, { isReset: true }),
      ),
    ).toEqual(['consistent', 'unknown', 'unknown', 'violated']);
  });

  test('that writes a value is closed by that value, whoever sees it', () => {
    const slot = targetOf('register');
    const write = (value: string, isOpen = false): Said => ({ f: 'write', value, isOpen });
    const read = (value: string): Said => ({ f: 'read', value });
    slot([write('a'), write('late', true)], { k: ['first', 'a'] });
    expect(
      verdictsOf(
        slot([write('b'), read('late')], { k: ['first', 'b'] }, { isReset: true }),
        slot([write('c'), read('late')], { k: ['first', 'c'] }, { isReset: true }),
      ),
    ).toEqual(['consistent', 'violated']);
  });

  test('that writes what others write, too, is never closed', () => {
    const slot = targetOf('register');
    const write = (value: string, isOpen = false): Said => ({ f: 'write', value, isOpen });
    slot([write('a'), write('x'), write('x', true)], { k: ['first', 'x'] });
    const later = [write('b'), { f: 'read', value: 'x' }] as const;
    for (const final of ['b', 'x', 'b'])
      expect(slot(later, { k: ['first', final] }, { isReset: true }).consistency.verdict).not.toBe('violated');
  });

  test('that appends is closed by its element, and so is one between accounts by their balances', () => {
    const log = targetOf('append-log');
    const append = (value: string, isOpen = false): Said => ({ f: 'append', value, isOpen });
    log([append('a'), append('late', true)], { k: [[], ['a']] });
    expect(
      verdictsOf(
        log([append('b')], { k: [[], ['late', 'b']] }, { isReset: true }),
        log([append('c')], { k: [[], ['late', 'c']] }, { isReset: true }),
      ),
    ).toEqual(['not-exercised', 'violated']);
    const bank = targetOf('transfer');
    const pay = (operand: number, isOpen = false): Said => ({
      f: 'transfer',
      key: 'all',
      value: 'a',
      version: 'b',
      operand,
      isOpen,
    });
    bank([pay(1), pay(1), pay(5, true)], { a: [9, 7], b: [9, 11] });
    expect(
      verdictsOf(
        bank([pay(1), pay(1)], { a: [9, 2], b: [9, 16] }, { isReset: true }),
        bank([pay(1), pay(1)], { a: [9, 2], b: [9, 16] }, { isReset: true }),
      ),
    ).toEqual(['no-violation-found', 'violated']);
  });

  test('that appends what the next mode appends, too, leaves a log unknown, and says why and what helps', () => {
    const log = targetOf('append-log');
    const append = (value: string, isOpen = false): Said => ({ f: 'append', value, isOpen });
    log([append('a'), append('b', true)], { k: [[], ['a']] });
    const { consistency } = log([append('a'), append('b')], { k: [[], ['a', 'b', 'b']] }, { isReset: true });
    expect(consistency).toMatchObject({
      verdict: 'unknown',
      because:
        '1 change of unknown outcome from slots before may have done this: all modes append the same elements, so one that came late and was appended again may rightly be there twice; "settle:" under "consistency:" says how long a change may still take effect',
    });
    // With an element of its own nothing explains that one is there twice.
    expect(verdictsOf(log([append('c'), append('d')], { k: [[], ['c', 'd', 'd']] }, { isReset: true }))).toEqual([
      'violated',
    ]);
    log([append('a'), append('b', true)], { k: [[], ['a']] }, { isReset: true, isSettled: true });
    expect(
      verdictsOf(log([append('a'), append('b')], { k: [[], ['a', 'b', 'b']] }, { isReset: true, isSettled: true })),
    ).toEqual(['violated']);
  });

  test('of a number that is written back explains one that was set back, and no more', () => {
    const slot = targetOf('rmw-counter');
    const swap = (from: number, isOpen = false): Said => ({ f: 'cas', operand: from, value: from - 1, isOpen });
    slot([swap(9), swap(8, true)], { k: [9, 8] });
    const [twice, thrice] = [2, 3].map((count) => [...many(count, swap(5)), swap(4)]);
    expect(
      verdictsOf(slot(twice!, { k: [5, 3] }, { isReset: true }), slot(thrice!, { k: [5, 3] }, { isReset: true })),
    ).toEqual(['unknown', 'violated']);
  });
});

const sums: fc.Arbitrary<readonly Sums[]> = fc
  .array(
    fc.record({
      acknowledged: fc.integer({ min: 2, max: 6 }),
      unknown: fc.nat(2),
      made: fc.oneof({ weight: 3, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.integer({ min: -1, max: 3 }) }),
      between: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(1) }),
      isReset: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((slots) => {
    let value = 0;
    return slots.map(({ acknowledged, unknown, made, between, isReset }): Sums => {
      const initial = isReset ? 0 : value + between;
      value = initial + acknowledged + made;
      return { acknowledged, unknown, initial, final: value, isReset };
    });
  });

test('slots of a counter are accused where no order of all changes explains them, by trying every one', () => {
  const counts = { explained: 0, violated: 0, unknown: 0 };
  fc.assert(
    fc.property(sums, (slots) => {
      const slot = targetOf('counter');
      const verdicts = slots.map(
        ({ acknowledged, unknown, initial, final, isReset }) =>
          slot([...many(acknowledged, add), ...many(unknown, open)], { k: [initial, final] }, { isReset }).consistency
            .verdict,
      );
      const isRight = isExplained(slots);
      if (isRight) expect(verdicts).not.toContain('violated');
      if (isRight) counts.explained++;
      else if (verdicts.includes('violated')) counts.violated++;
      else if (verdicts.includes('unknown')) counts.unknown++;
      // What nobody explains between two slots is nobody's fault.
      else expect(isExplained(slots.map((one) => ({ ...one, isReset: true })))).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect(Math.min(counts.explained, counts.violated)).toBeGreaterThan(30);
});

describe('grants', () => {
  const grant = { f: 'grant', operand: 3 } as const;

  test('are counted over all slots of a target until something is reset', () => {
    const slot = targetOf('at-most');
    expect(slot([grant, grant, { ...grant, isOpen: true }]).about.initial).toEqual({ k: 0 });
    const second = slot([grant, grant]);
    expect(second.about.initial).toEqual({ k: 2 });
    expect(second.about.carried).toBeUndefined();
    expect(second.consistency.findings[0]).toMatchObject({ rule: 'over-limit', sold: { granted: 4, of: 3 } });
    expect(slot([grant], {}, { target: 'another' }).about.initial).toEqual({ k: 0 });
    expect(slot([grant, grant, grant], {}, { isReset: true }).consistency.verdict).toBe('consistent');
  });

  test('are not known any more when a slot was lost', () => {
    const slot = targetOf('at-most');
    slot([grant], {}, { isLost: true });
    const second = slot([grant, grant, grant]);
    expect([second.about.initial, second.consistency.verdict]).toEqual([{}, 'no-violation-found']);
  });
});

test('what is done once may be done again by what comes late after a reset, as often as that is', () => {
  const slot = targetOf('once');
  const charge = { f: 'do', value: 7 } as const;
  slot([charge, { ...charge, isOpen: true }], { k: [0, 1] });
  const second = slot([charge, charge], { k: [0, 2] }, { isReset: true });
  expect([second.consistency.verdict, second.consistency.because]).toEqual([
    'unknown',
    expect.stringContaining('settle'),
  ]);
  const third = slot([charge, charge], { k: [0, 4] }, { isReset: true });
  expect(third.consistency.findings[0]).toMatchObject({ rule: 'done-twice', atLeast: 2 });
});
