import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeDraws, type Draw } from '../../../src/core/recording/draw.ts';
import { micros } from '../../../src/core/units.ts';
import { newUser } from '../../../src/measure/user.ts';
import { DrawTable } from '../../../src/measure/record/draw-table.ts';

interface Asked {
  readonly size: number;
  readonly seed?: number;
  readonly round?: number;
  readonly worker?: number;
}

/** Draws from these iterations, each as slow as its number says. */
const drawn = (iterations: Iterable<number>, { size, seed = 42, round = 0, worker = 0 }: Asked): Draw => {
  const table = new DrawTable({ size, seed, mode: 'locked', round, worker });
  const user = newUser(worker, 0);
  for (const iteration of iterations) {
    user.iteration = iteration;
    user.spent.serviceUs = micros(iteration + 7);
    table.offer(
      user,
      iteration * 10,
      iteration + 100,
      1,
      2,
      iteration % 5 === 0 ? 'failed' : 'completed',
      iteration % 5 !== 0,
    );
  }
  return table.finish();
};

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);
const taken = ({ rows }: Draw): readonly number[] => rows.map(({ iteration }) => iteration);

test('all of them are drawn where there is room, and as many as there is room for otherwise', () => {
  expect(taken(drawn(upTo(5), { size: 8 })).toSorted((a, b) => a - b)).toEqual(upTo(5));
  expect(new Set(taken(drawn(upTo(500), { size: 8 }))).size).toBe(8);
});

test('those with the smallest keys are drawn, in whichever order they come', () => {
  const everything = drawn(upTo(300), { size: 300 }).rows;
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...upTo(300)], { minLength: 40 }),
      fc.integer({ min: 1, max: 30 }),
      (some, size) => {
        const smallest = everything.filter(({ iteration }) => some.includes(iteration)).slice(0, size);
        expect(drawn(some, { size }).rows).toEqual(smallest);
      },
    ),
  );
});

test('one, two and three workers draw the same iterations', () => {
  const alone = taken(drawn(upTo(1000), { size: 50 }));
  for (const workers of [2, 3]) {
    const [first, ...others] = upTo(workers).map((worker) =>
      drawn(
        upTo(1000).filter((iteration) => iteration % workers === worker),
        { size: 50, worker },
      ),
    );
    expect(taken(mergeDraws([first!, ...others]))).toEqual(alone);
  }
});

test('every iteration has the same chance, whenever it ran', () => {
  const [iterations, size, seeds, bins] = [1000, 50, 400, 20];
  const counts = Array.from({ length: bins }, () => 0);
  for (let seed = 1; seed <= seeds; seed++)
    for (const iteration of taken(drawn(upTo(iterations), { size, seed })))
      counts[Math.floor((iteration * bins) / iterations)]!++;
  const expected = (size * seeds) / bins;
  // χ² with 19 degrees of freedom: 43.8 is passed once in a thousand. Without replacement it is a little less.
  expect(counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(43.8);
});

test('the mean of what was drawn is the mean of all, as near as a sample of that size can be', () => {
  const iterations = 20_000;
  const size = 1000;
  // Uniform from 100 to 20,099: a standard deviation of 5,774.
  const errors = upTo(50).map((seed) => {
    const rows = drawn(upTo(iterations), { size, seed }).rows.filter(({ responseUs }) => responseUs !== undefined);
    const mean = rows.reduce((sum, { responseUs = 0 }) => sum + responseUs, 0) / rows.length;
    return (mean - (100 + iterations / 2)) / (5774 / Math.sqrt(rows.length));
  });
  expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) / Math.sqrt(errors.length))).toBeLessThan(3.3);
  const variance = errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length;
  expect(variance).toBeGreaterThan(0.5);
  expect(variance).toBeLessThan(1.7);
});

test('rounds have their shares by how many iterations they had', () => {
  const [first, ...others] = [3000, 1000, 1000].map((count, round) => drawn(upTo(count), { size: 500, round }));
  const { rows } = mergeDraws([first!, ...others]);
  const shares = [0, 1, 2].map((round) => rows.filter((row) => row.round === round).length);
  expect(rows).toHaveLength(500);
  // Of 500, 300 ± 3.3 standard deviations of 10.4 or less.
  expect(Math.abs(shares[0]! - 300)).toBeLessThan(35);
  // The same numbers of another round are others: each round has a lot of its own.
  const [second, third] = [1, 2].map((round) =>
    rows.filter((row) => row.round === round).map(({ iteration }) => iteration),
  );
  expect(second).not.toEqual(third);
});

test('a row has the numbers of its iteration, and no response time where there is none', () => {
  const { rows } = drawn(upTo(10), { size: 10, round: 3, worker: 1 });
  for (const { iteration, key: _key, ...row } of rows) {
    const isFailed = iteration % 5 === 0;
    expect(row).toEqual({
      round: 3,
      worker: 1,
      user: 1,
      startedUs: iteration * 10,
      outcome: isFailed ? 'failed' : 'completed',
      ...(isFailed ? { failure: newUser(0, 0).failure } : { responseUs: iteration + 100 }),
      queueWaitUs: 1,
      sendLagUs: 2,
      lockWaitUs: 0,
      serviceUs: iteration + 7,
      connectUs: 0,
      retriesUs: 0,
    });
  }
});
