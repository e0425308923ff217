import { describe, expect, test } from 'vitest';
import { uniform } from '../../../src/core/random.ts';
import { compareRuns } from '../../../src/judge/compare/baseline.ts';
import { studentQuantile } from '../../../src/judge/stats/student.ts';
import { around, modeOfRounds, runOf } from '../runs.ts';

const steady = Array.from({ length: 8 }, () => 0);
const other = [-0.007, 0.011, 0.003, -0.014, 0.006, -0.001, 0.012, -0.009];

const changeOf = (comparison: ReturnType<typeof compareRuns>, mode: string, metric = 'throughput') =>
  comparison.changes.find((one) => one.mode === mode && one.metric === metric);

describe('one run beside an earlier one', () => {
  test('a machine that is half as fast in all modes changes the levels and no ratio', () => {
    const before = runOf([
      modeOfRounds('locked', around(1000, 2000, steady)),
      modeOfRounds('new', around(1500, 1300, steady)),
    ]);
    const after = runOf([
      modeOfRounds('locked', around(500, 4000, steady)),
      modeOfRounds('new', around(750, 2600, steady)),
    ]);
    const found = compareRuns(before, after);
    expect(changeOf(found, 'new')).toMatchObject({ before: 1500, after: 750, unit: '/s', change: 'not shown' });
    expect(changeOf(found, 'new')?.ratio).toBeCloseTo(1, 12);
    expect(changeOf(found, 'new', 'service.p50')).toMatchObject({ before: 1300, after: 2600, unit: 'µs' });
  });

  test('the interval is that of Welch with two per cent for each run, worked out by hand', () => {
    const [before, after] = [
      runOf([modeOfRounds('locked', around(1000, 2000, steady)), modeOfRounds('new', around(1000, 2000))]),
      runOf([modeOfRounds('locked', around(1000, 2000, steady)), modeOfRounds('new', around(1200, 2000, other))]),
    ];
    const logs = [before, after].map(({ modes }) =>
      modes[1]!.slots.map(({ throughputPerSecond }) => Math.log(throughputPerSecond / 1000)),
    );
    const [[meanThen, varThen], [meanNow, varNow]] = logs.map((values) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / 8;
      return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 7 / 8] as const;
    }) as [readonly [number, number], readonly [number, number]];
    const freedom = (varThen + varNow) ** 2 / (varThen ** 2 / 7 + varNow ** 2 / 7);
    const half = studentQuantile(0.975, freedom) * Math.sqrt(varThen + varNow + 2 * 0.02 ** 2);
    const { ratio, low, high, change } = changeOf(compareRuns(before, after), 'new')!;
    expect(Math.log(ratio!)).toBeCloseTo(meanNow - meanThen, 10);
    expect(Math.log(low!)).toBeCloseTo(meanNow - meanThen - half, 10);
    expect(Math.log(high!)).toBeCloseTo(meanNow - meanThen + half, 10);
    expect(change).toBe('faster');
  });

  test('more time is slower and less is faster', () => {
    const at = (perSecond: number, us: number) =>
      runOf([modeOfRounds('locked', around(1000, 2000, steady)), modeOfRounds('new', around(perSecond, us))]);
    const worse = compareRuns(at(1000, 2000), at(800, 2600));
    expect(changeOf(worse, 'new')?.change).toBe('slower');
    expect(changeOf(worse, 'new', 'service.p50')?.change).toBe('slower');
    const better = compareRuns(at(800, 2600), at(1000, 2000));
    expect(changeOf(better, 'new')?.change).toBe('faster');
    expect(changeOf(better, 'new', 'service.p50')?.change).toBe('faster');
  });

  test('rounds that agree to the last digit still leave what days differ by', () => {
    const run = runOf([
      modeOfRounds('locked', around(1000, 2000, steady)),
      modeOfRounds('new', around(1030, 2000, steady)),
    ]);
    const { low, high } = changeOf(compareRuns(run, run), 'new')!;
    expect(Math.log(high! / low!) / 2).toBeCloseTo(studentQuantile(0.975, 14) * Math.sqrt(2) * 0.02, 10);
  });

  test('the control has levels and no ratio, and a single round a ratio and no interval', () => {
    const before = runOf([modeOfRounds('locked', [[1000, 2000]]), modeOfRounds('new', [[1500, 2000]])]);
    const found = compareRuns(before, before);
    expect(changeOf(found, 'locked')).toMatchObject({ before: 1000, after: 1000, ratio: null, change: null });
    expect(changeOf(found, 'new')).toMatchObject({ ratio: 1, low: null, high: null, change: null });
  });

  test('modes of one run alone are named, and a metric without its samples is left out', () => {
    const before = runOf([modeOfRounds('locked', around(1000, 2000)), modeOfRounds('gone', around(1000, 2000))]);
    const after = runOf([modeOfRounds('locked', around(1000, 2000)), modeOfRounds('came', around(1000, 2000))]);
    const found = compareRuns(before, after);
    expect([found.onlyBefore, found.onlyAfter]).toEqual([['gone'], ['came']]);
    // 100 samples are enough for p50 alone.
    expect(found.changes.map(({ metric }) => metric)).toEqual(['throughput', 'p50', 'service.p50']);
    expect(found).toMatchObject({ before: { rounds: 8 }, after: { rounds: 8 }, level: 0.95 });
  });

  test('with days that differ by 2 % between modes, the same build is called changed in about 5 of 100 pairs', () => {
    const pairs = 1500;
    let called = 0;
    for (let pair = 0; pair < pairs; pair++) {
      const day = (which: number) => {
        const shift = 0.02 * normal(pair, which, 99);
        const rounds = steady.map((_, round) => shift + 0.03 * normal(pair, which, round));
        return runOf([
          modeOfRounds('locked', around(1000, 2000, steady)),
          modeOfRounds(
            'new',
            rounds.map((by) => [1000 * Math.exp(by), 2000]),
          ),
        ]);
      };
      if (changeOf(compareRuns(day(1), day(2)), 'new')?.change !== 'not shown') called++;
    }
    expect(called / pairs).toBeLessThan(0.065);
    expect(called / pairs).toBeGreaterThan(0.02);
  });
});

/** Box and Muller. */
const normal = (pair: number, day: number, round: number): number =>
  Math.sqrt(-2 * Math.log(1 - uniform(pair, day, 2 * round))) *
  Math.cos(2 * Math.PI * uniform(pair, day, 2 * round + 1));
