import { expect, test } from 'vitest';
import type { FinalRead, Mode } from '../../../src/core/plan/plan.ts';
import { keysOf } from '../../../src/measure/runner/keys.ts';
import { modeOf } from '../../scenario/reading.ts';

const modeWith = (data: string, key: string): Mode =>
  modeOf(
    `target: http://x
data: { ${data} }
steps: [{ name: charge, post: /charges }]
consistency:
  once: { key: '${key}', do: { step: charge }, effect: { get: '/\${key}', value: body.n } }
`,
    'lock-free',
  );

const keys = (data: string, key: string, firstIteration = 0, iterations?: number): readonly string[] => {
  const mode = modeWith(data, key);
  const read: FinalRead = mode.reads[0]!;
  const slot = { round: 0, firstIteration };
  return keysOf(read, mode, { seed: 7, slot, tables: {} }, iterations);
};

test('all keys are read where there are no more than are read', () => {
  expect(keys('id: 1..3', '${id}')).toEqual(['1', '2', '3']);
  expect(keys('id: 1..3, way: { list: [a, b] }', '${id} ${way}')).toHaveLength(6);
});

test('of more keys, those of the first iterations of the slot are', () => {
  expect(keys('id: { range: 1..1000000, pick: sequential }', '${id}', 500, 3)).toEqual(['501', '502', '503']);
  const many = keys('id: 1..1000000', '${id}');
  expect(many).toHaveLength(1000);
  expect(keys('id: 1..1000000', '${id}', 2 ** 32)).not.toEqual(many);
  // Nearly all take one of a few.
  const few = keys('id: { range: 1..100000, pick: { hotset: { share: 0.01%, hits: 99% } } }', '${id}').length;
  expect(few).toBeGreaterThan(100);
  expect(few).toBeLessThan(1000);
});

test('of generated keys, those that iterations generate are', () => {
  const [first, ...others] = keys('id: uuid', '${id}');
  expect(first).toMatch(/^[\da-f-]{36}$/u);
  expect(others).toHaveLength(999);
  expect(keys('id: uuid', '${id}', 1)[0]).toBe(others[0]);
  expect(keys('id: uuid', '${id}', 0, 20)).toHaveLength(20);
});

test('an iteration that has no value has no key', () => {
  expect(keys('id: { range: 1..2000, pick: unique }, who: uuid', '${id} ${who}', 0, 5000)).toHaveLength(1000);
  // One of ten is for the warm-up.
  const few = keys('id: { range: 1..10, pick: unique }, who: uuid', '${id} ${who}').length;
  expect([8, 9]).toContain(few);
});
