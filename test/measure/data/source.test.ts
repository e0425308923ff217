import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Choice, Json } from '../../../src/core/json.ts';
import type { Variable } from '../../../src/core/plan/plan.ts';
import { generators, picks } from '../../../src/measure/data/index.ts';
import { sourceOf, usedUp, type Source } from '../../../src/measure/data/source.ts';
import { rangeOf } from '../mode.ts';

const slot = { round: 0, firstIteration: 0 };
const parts = { seed: 42, slot, tables: {} };
const pickOf = (name: string, options: Json = {}): Choice => ({ name, options });
const numbers = (source: Source, count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, at) => source(from + at) as number);
const sorted = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b);
const countsOf = (list: readonly number[], most: number): number[] => {
  const counts = Array.from({ length: most + 1 }, () => 0);
  for (const value of list) counts[value]!++;
  return counts;
};

const share = { mode: 0, modes: 1, rounds: 1, iterations: null, warmup: 0 };
const optionsOf: { readonly [pick: string]: Json } = {
  zipf: 1.1,
  hotset: { share: 0.1, hits: 0.9 },
  unique: share,
};

describe('every pick', () => {
  test.each(Object.keys(picks))('%s gives items, the same for the same iteration and seed', (name) => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: 0, max: 500 }),
        fc.nat(),
        (from, more, n) => {
          const variable = rangeOf(from, from + more, pickOf(name, optionsOf[name]));
          const value = sourceOf('x', variable, parts)(n);
          expect(sourceOf('x', variable, parts)(n)).toBe(value);
          if (name === 'unique' && n > more) expect(value).toBe(usedUp);
          else {
            expect(Number.isInteger(value)).toBe(true);
            expect(value).toBeGreaterThanOrEqual(from);
            expect(value).toBeLessThanOrEqual(from + more);
          }
        },
      ),
    );
  });

  test('differs between variables and seeds', () => {
    const values = (variable: string, seed: number, pick: string): number[] =>
      numbers(sourceOf(variable, rangeOf(1, 1_000_000, pickOf(pick)), { ...parts, seed }), 5);
    for (const pick of ['uniform', 'shuffled']) {
      expect(values('a', 1, pick)).not.toEqual(values('b', 1, pick));
      expect(values('a', 1, pick)).not.toEqual(values('a', 2, pick));
    }
  });
});

describe('uniform, zipf and hotset', () => {
  test('uniform gives each of 20 values about equally often', () => {
    const counts = countsOf(numbers(sourceOf('x', rangeOf(1, 20), parts), 20_000), 20);
    for (const count of counts.slice(1)) expect(Math.abs(count - 1000)).toBeLessThan(160);
  });

  test('zipf gives value k as often as 1 / k^s says', () => {
    const counts = countsOf(numbers(sourceOf('x', rangeOf(1, 100, pickOf('zipf', 1.1)), parts), 50_000), 100);
    const sum = Array.from({ length: 100 }, (_, at) => (at + 1) ** -1.1).reduce((total, weight) => total + weight, 0);
    for (const k of [1, 2, 5, 10]) {
      const expected = (50_000 * k ** -1.1) / sum;
      expect(Math.abs(counts[k]! - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  test('hotset gives its share of the items its hits, and all others the rest', () => {
    const hotset = pickOf('hotset', { share: 0.1, hits: 0.9 });
    const counts = countsOf(numbers(sourceOf('x', rangeOf(1, 100, hotset), parts), 50_000), 100).slice(1);
    for (const count of counts.slice(0, 10)) expect(Math.abs(count - 4500)).toBeLessThan(5 * Math.sqrt(4500));
    for (const count of counts.slice(10)) expect(Math.abs(count - 55.6)).toBeLessThan(5 * Math.sqrt(55.6));
  });
});

describe('sequential and shuffled', () => {
  test('sequential takes one item after the other, and begins again', () => {
    const source = sourceOf('x', rangeOf(1, 3, pickOf('sequential')), parts);
    expect(numbers(source, 7)).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });

  test('shuffled gives every item once, then every item once in another order, whatever the size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.nat(), (size, seed) => {
        const source = sourceOf('x', rangeOf(1, size, pickOf('shuffled')), { ...parts, seed });
        const all = Array.from({ length: size }, (_, at) => at + 1);
        expect(sorted(numbers(source, size))).toEqual(all);
        expect(sorted(numbers(source, size, size))).toEqual(all);
        if (size > 20) expect(numbers(source, size)).not.toEqual(numbers(source, size, size));
      }),
    );
  });

  test('a shuffled order looks like one: each item is as likely in each place', () => {
    const counts = Array.from({ length: 8 }, () => Array.from({ length: 8 }, () => 0));
    for (let seed = 0; seed < 8000; seed++) {
      const order = numbers(sourceOf('x', rangeOf(0, 7, pickOf('shuffled')), { ...parts, seed }), 8);
      order.forEach((item, at) => counts[at]![item]!++);
    }
    for (const count of counts.flat()) expect(Math.abs(count - 1000)).toBeLessThan(160);
  });

  test('shuffled takes the largest range it may without keeping anything of it', () => {
    const source = sourceOf('x', rangeOf(0, 2 ** 32 - 1, pickOf('shuffled')), parts);
    expect(new Set(numbers(source, 10_000)).size).toBe(10_000);
  });
});

describe('unique', () => {
  const all = (size: number, modes: number, rounds: number, iterations: number | null, warmup: number): unknown[] => {
    const values: unknown[] = [];
    for (let mode = 0; mode < modes; mode++) {
      for (let round = 0; round < rounds; round++) {
        const firstIteration = iterations === null ? round * 2 ** 32 : round * iterations;
        const pick = pickOf('unique', { mode, modes, rounds, iterations, warmup });
        const source = sourceOf('x', rangeOf(0, size - 1, pick), { ...parts, slot: { round, firstIteration } });
        for (let at = 0; at < (iterations ?? size); at++) values.push(source(firstIteration + at));
        for (let at = 0; at < (warmup > 0 ? size : 0); at++) values.push(source(2 ** 48 + at));
      }
    }
    return values;
  };

  test('never gives an item twice in a run, over its modes, rounds and warm-ups', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.option(fc.integer({ min: 1, max: 40 })),
        fc.constantFrom(0, 0.1, 0.5, 1),
        (size, modes, rounds, iterations, warmup) => {
          const given = all(size, modes, rounds, iterations, warmup).filter((value) => value !== usedUp);
          expect(new Set(given).size).toBe(given.length);
        },
      ),
    );
  });

  test('gives every iteration an item where there are enough of them', () => {
    expect(sorted(all(12, 2, 3, 2, 0) as number[])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});

describe('the other sources', () => {
  const value = (variable: Variable, iteration = 1): unknown => sourceOf('x', variable, parts)(iteration);

  test('a list gives its items as they are', () => {
    const list = { name: 'list', options: ['a', { b: [1] }], pick: pickOf('sequential') };
    expect([value(list, 0), value(list, 1)]).toEqual(['a', { b: [1] }]);
  });

  const lengths = { from: 2, to: 4 };
  const moments = { fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2026, 0, 2), as: 'iso' };
  test.each<[name: string, options: Json, pattern: RegExp]>([
    ['uuid', {}, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ['words', lengths, /^[a-z]+( [a-z]+){1,3}$/],
    ['text', lengths, /^[A-Za-z0-9]{2,4}$/],
    ['timestamp', moments, /^2026-01-0[12]T\d\d:\d\d:\d\d\.\d{3}Z$/],
  ])('%s gives another value for every iteration, and the same for the same', (name, options, pattern) => {
    const values = Array.from({ length: 200 }, (_, n) => value({ name, options }, n));
    for (const one of values) expect(one).toMatch(pattern);
    expect(values).toEqual(Array.from({ length: 200 }, (_, n) => value({ name, options }, n)));
    expect(new Set(values).size).toBeGreaterThan(150);
  });

  test('a timestamp is a number where that is asked for', () => {
    const [seconds, ms] = ['seconds', 'milliseconds'].map((as) =>
      value({ name: 'timestamp', options: { ...moments, as } }),
    );
    expect(seconds).toBe(Math.floor((ms as number) / 1000));
    expect(ms).toBeGreaterThanOrEqual(moments.fromMs);
  });

  test('there are no generators without a test', () => {
    expect(Object.keys(generators)).toEqual(['uuid', 'words', 'text', 'timestamp']);
  });
});
