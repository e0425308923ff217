import type { ModeResult } from '../../../src/core/result/result.ts';
import type { PointResult, ScalingResult, SweepResult } from '../../../src/core/result/sweep.ts';
import { crossingsOf } from '../../../src/judge/sweep/crossings.ts';
import { concludeSweep } from '../../../src/judge/sweep/conclusion.ts';
import { intervalsOf } from '../../../src/judge/sweep/intervals.ts';
import { scalingsOf } from '../../../src/judge/sweep/scaling.ts';
import { compare } from '../../../src/judge/compare/compare.ts';
import { throughputBy } from '../../../src/judge/scaling/law.ts';
import { slotWith } from '../../judge/mode.ts';
import { drawsOf } from '../../judge/scaling/draws.ts';
import { exampleResult } from '../example-result.ts';

const rates: { readonly [mode: string]: (users: number) => number } = {
  mutex: () => 200,
  keyed: (users) => throughputBy({ gamma: 190, sigma: 0.06, kappa: 0 }, users),
  optimistic: (users) => throughputBy({ gamma: 230, sigma: 0.04, kappa: 0.0014 }, users),
};

/** A sweep of three modes over 1 to 128 users, in seven rounds with noise of 1 %. */
export const exampleSweep = (): SweepResult => {
  const [base] = exampleResult().modes;
  const names = Object.keys(rates);
  const values = [1, 2, 4, 8, 16, 32, 64, 128];
  const points = values.map((at): PointResult => {
    const modes = names.map((name) => modeAt(base!, name, at));
    const dropped =
      at === 128
        ? [{ mode: 'keyed', code: 'SATURATED', because: "the generator's core was busy 98 % of the time" }]
        : [];
    return {
      at,
      stage: 0,
      modes,
      comparisons: compare(modes, 'mutex', 'one look'),
      intervals: intervalsOf(modes, 'one look'),
      gates: [gate('p99(mutex) < 50ms', at < 16 ? 'pass' : 'fail')],
      generator: { cpuShare: 0.5, eventLoopDelayP99Us: 100, warnings: [] },
      dropped,
    };
  });
  const axis = { kind: 'users', name: 'users', values } as const;
  const scaling: readonly ScalingResult[] = scalingsOf(points, names, 'one look');
  const crossings = crossingsOf(points, names, 'users', 'one look');
  const { schemaVersion, tool, startedAt, machine } = exampleResult();
  return {
    schemaVersion,
    kind: 'sweep',
    tool,
    startedAt,
    machine,
    scenario: { name: 'contention', file: 'contention.yaml', seed: 42, rounds: 7, control: 'mutex' },
    axis,
    find: null,
    width: 0.05,
    points,
    scaling,
    crossings,
    capacity: [],
    gates: [{ ...gate('peak(optimistic) >= 16', 'pass'), metric: 'peak', because: 'it peaks at 32' }],
    conclusion: concludeSweep({ axis, points, scaling, crossings, capacity: [] }),
    headline: 'PASS',
    reasons: [],
    verdict: { is: 'pass', because: 'all 1 gates on the sweep passed' },
    exitCode: 0,
    tookUs: 118e6,
  };
};

/** A gate of a point, or of a sweep. */
export const gate = (text: string, verdict: 'pass' | 'fail'): SweepResult['gates'][number] => ({
  text,
  verdict,
  actual: null,
  limit: null,
  unit: 'count',
  interval: null,
  samples: 8,
  because: 'so it is',
});

const modeAt = (base: ModeResult, name: string, at: number): ModeResult => {
  const draws = drawsOf(at, name);
  const slots = Array.from({ length: 7 }, (_, round) =>
    slotWith({ round: round + 1, throughputPerSecond: rates[name]!(at) * Math.exp(0.01 * draws.normal()) }),
  );
  const lock = name === 'mutex' ? 'mutex' : 'none';
  const middle = slots.map(({ throughputPerSecond }) => throughputPerSecond).toSorted((a, b) => a - b)[3]!;
  return { ...base, name, lock, users: at, slots, throughputPerSecond: middle };
};

/** A search for capacity of two modes, one of which does not keep its data right. */
export const exampleCapacity = (): SweepResult => {
  const whole = exampleSweep();
  const [lowest] = whole.points;
  const [mutex, other] = lowest!.modes;
  const points = [{ ...lowest!, at: 185, modes: [mutex!, { ...other!, name: 'lock-free' }] }];
  const axis = { kind: 'rate', name: 'rate', values: [100, 5000] } as const;
  const capacity: SweepResult['capacity'] = [
    {
      mode: 'mutex',
      gates: ['p99(mutex) < 250ms'],
      keeps: 185,
      fails: 195,
      undecided: [],
      endedBy: 'width',
      limit: 'target',
      exercised: true,
      probes: [
        { at: 185, passes: 3, failures: 0, undecided: 0, because: null },
        { at: 195, passes: 0, failures: 3, undecided: 0, because: 'p99 was 262.144 ms over 2,041 iterations' },
      ],
    },
    {
      mode: 'lock-free',
      gates: ['p99(lock-free) < 250ms'],
      keeps: null,
      fails: 100,
      undecided: [],
      endedBy: 'violated',
      limit: null,
      exercised: true,
      probes: [{ at: 100, passes: 0, failures: 1, undecided: 0, because: 'the data was not right' }],
    },
  ];
  return {
    ...whole,
    axis,
    find: 'capacity',
    points,
    scaling: [],
    crossings: [],
    gates: [],
    capacity,
    conclusion: concludeSweep({ axis, points, scaling: [], crossings: [], capacity }),
    headline: 'DONE',
  };
};
