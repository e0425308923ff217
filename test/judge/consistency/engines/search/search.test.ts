import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../../../src/core/clock.ts';
import { nothing, ok } from '../../../../../src/core/history/history.ts';
import { micros } from '../../../../../src/core/units.ts';
import { isDeadEnd } from '../../../../../src/judge/consistency/engines/search/confirm-order.ts';
import { customMachine } from '../../../../../src/judge/consistency/engines/search/custom.ts';
import { refused, registerMachine } from '../../../../../src/judge/consistency/engines/search/machine.ts';
import { search } from '../../../../../src/judge/consistency/engines/search/search.ts';
import { shrink } from '../../../../../src/judge/consistency/engines/search/shrink.ts';
import { isLinearizable } from '../../oracle.ts';
import { allRows, cases, expectAgreement, historyOf, type Line, unlimited } from './agreement.ts';

describe('the general search', () => {
  test.each(cases)('agrees with trying all orders on 1,000 histories of $name', (one) => {
    expectAgreement(one, 1000);
  });

  test.each(cases)('names rows of $name that are a contradiction by themselves, made smaller or not', (one) => {
    let contradictions = 0;
    fc.assert(
      fc.property(one.lines, (given) => {
        const history = historyOf(given);
        const known = { initial: one.initial, final: NaN };
        const machine = one.machine(history, known);
        const found = search(history, allRows(history), machine, unlimited);
        if (found.outcome !== 'illegal') return;
        contradictions++;
        const small = shrink(history, found, machine, one.isRegister, unlimited);
        for (const { rows, stuck } of [found, small]) {
          expect(isLinearizable(history, rows, known, one.model)).toBe(false);
          expect(isDeadEnd(history, rows, stuck, machine)).toBe(true);
        }
        expect(small.rows.length).toBeLessThanOrEqual(found.rows.length);
      }),
      { numRuns: 3000 },
    );
    expect(contradictions).toBeGreaterThan(300);
  });

  test('finds an order of 20,000 operations of twelve sessions, and the one read that spoils it', () => {
    const lines = simulated({ count: 20_000, concurrency: 6, values: 5 });
    const history = historyOf(lines);
    const known = { initial: nothing, final: NaN };
    const limits = { ...unlimited, mostBytes: 2 ** 28 };
    expect(search(history, allRows(history), registerMachine(history, known), limits)).toEqual({ outcome: 'legal' });
    const at = lines.findIndex(({ f }, place) => place > 10_000 && f === 'read');
    const spoilt = historyOf(lines.with(at, { ...lines[at]!, value: 99 }));
    const found = search(spoilt, allRows(spoilt), registerMachine(spoilt, known), limits);
    expect(found).toMatchObject({ outcome: 'illegal', stuck: at });
    if (found.outcome !== 'illegal') return;
    const small = shrink(spoilt, found, registerMachine(spoilt, known), true, limits);
    expect([...small.rows]).toEqual([at]);
  });

  test('gives up when its time is over, and says how far it got', () => {
    const history = historyOf(simulated({ count: 10_000, concurrency: 24, values: 5 }));
    let looks = 0;
    const clock: Clock = { now: () => micros(++looks) };
    const found = search(history, allRows(history), registerMachine(history, { initial: nothing, final: NaN }), {
      clock,
      untilUs: 300,
      mostBytes: 2 ** 28,
    });
    expect(found).toMatchObject({ outcome: 'unknown', because: 'time' });
    expect(looks).toBe(300);
  });

  test('gives up when its memory is full', () => {
    const history = historyOf(simulated({ count: 10_000, concurrency: 24, values: 5 }));
    const machine = registerMachine(history, { initial: nothing, final: NaN });
    const found = search(history, allRows(history), machine, { ...unlimited, mostBytes: 2 ** 22 });
    expect(found).toMatchObject({ outcome: 'unknown', because: 'memory' });
  });

  test('does not ask the model again for what it knows, and freezes the states that it is given', () => {
    const history = historyOf(simulated({ count: 30, concurrency: 3, values: 2 }));
    const machine = customMachine(
      history,
      {
        init: { writes: 0 },
        step: (state) => {
          (state as { writes: number }).writes++;
          return state;
        },
      },
      'k',
      2 ** 26,
    );
    expect(() => machine.step(machine.initial, 0)).toThrow(/the custom model's step threw: .*read only/u);
  });

  test('has one state for what the model calls equal', () => {
    const history = historyOf(simulated({ count: 3, concurrency: 1, values: 2 }));
    const ring = { init: 0, step: (state: unknown) => (state as number) + 1 };
    const mod2 = (state: unknown): number => (state as number) % 2;
    const machine = customMachine(history, { ...ring, equal: (a, b) => mod2(a) === mod2(b), hash: mod2 }, 'k', 2 ** 26);
    expect([0, 1].map((state) => machine.step(state, 0))).toEqual([1, 0]);
    expect(customMachine(history, { init: 0, step: () => undefined }, 'k', 2 ** 26).step(0, 0)).toBe(refused);
  });
});

/** Operations on a true register, each done at one moment of its time. */
const simulated = ({ count, concurrency, values }: { count: number; concurrency: number; values: number }): Line[] => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const free = new Float64Array(concurrency);
  const lines = Array.from({ length: count }, (_, at) => {
    const session = at % concurrency;
    const call = free[session]! + 1 + random(10);
    const moment = call + 1 + random(100);
    const ret = moment + random(100);
    free[session] = ret;
    return { f: random(2) === 0 ? ('read' as const) : ('write' as const), session, call, ret, moment, status: ok };
  });
  let now = nothing;
  return lines
    .toSorted((a, b) => a.moment - b.moment)
    .map(({ moment: _moment, ...line }) => {
      if (line.f === 'write') now = random(values);
      return { ...line, value: now, operand: NaN };
    })
    .toSorted((a, b) => a.call - b.call);
};
