import type { ModeResult } from '../../../src/core/result/result.ts';
import type { CapacityResult, PointResult, SweepResult } from '../../../src/core/result/sweep.ts';
import type { Axis } from '../../../src/core/sweep/axis.ts';
import { compare } from '../../../src/judge/compare/compare.ts';
import { concludeSweep } from '../../../src/judge/sweep/conclusion.ts';
import { crossingsOf } from '../../../src/judge/sweep/crossings.ts';
import { intervalsOf } from '../../../src/judge/sweep/intervals.ts';
import { slotTimes, slotWith } from '../../judge/mode.ts';
import { drawsOf } from '../../judge/scaling/draws.ts';
import { exampleResult, openLoad } from '../example-result.ts';
import { hostileText } from '../hostile-markup.ts';
import { exampleCapacity, exampleSweep, gate } from './example-sweep.ts';

const [locked, , optimistic, lockFree] = exampleResult().modes;

/** A mode in seven rounds of which each has so much throughput, but for noise of 1 %. */
const inRounds = (mode: ModeResult, at: number, perSecond: number): ModeResult => {
  const draws = drawsOf(at, mode.name);
  const slots = Array.from({ length: 7 }, (_, round) =>
    slotWith({ round: round + 1, throughputPerSecond: perSecond * Math.exp(0.01 * draws.normal()) }),
  );
  return { ...mode, slots, throughputPerSecond: perSecond };
};

const pointOf = (at: number, modes: readonly ModeResult[], more: Partial<PointResult> = {}): PointResult => ({
  at,
  stage: 0,
  modes,
  comparisons: compare(modes, modes[0]!.name, 'two looks'),
  intervals: intervalsOf(modes, 'two looks'),
  gates: [],
  generator: { cpuShare: 0.5, eventLoopDelayP99Us: 100, warnings: [] },
  dropped: [],
  ...more,
});

const sweepOf = (axis: Axis, points: readonly PointResult[], more: Partial<SweepResult> = {}): SweepResult => {
  const base = exampleSweep();
  const names = points[0]?.modes.map(({ name }) => name) ?? [];
  const crossings = crossingsOf(points, names, axis.kind, 'two looks');
  return {
    ...base,
    scenario: { ...base.scenario, name: 'key-sweep', control: names[0] ?? 'mutex' },
    axis,
    find: 'crossing',
    points,
    scaling: [],
    crossings,
    gates: [],
    conclusion: concludeSweep({ axis, points, scaling: [], crossings, capacity: [] }),
    headline: 'DONE',
    ...more,
  };
};

const keys = { kind: 'keys', name: 'data.product', values: [1, 2, 4, 8, 16, 32, 64] } as const satisfies Axis;

/** Keys: compare-and-swap overtakes one lock for all between 2 and 4, a mode without any loses updates and may. */
export const keySweep = (): SweepResult =>
  sweepOf(
    keys,
    keys.values.map((at) =>
      pointOf(at, [
        inRounds({ ...locked!, name: 'mutex' }, at, 390),
        inRounds({ ...locked!, name: 'keyed', lock: 'keyed' }, at, 390 * at ** 0.85),
        inRounds({ ...optimistic!, name: 'cas', consistency: locked!.consistency }, at, 260 * at ** 0.9),
        inRounds(
          at === 64 ? { ...lockFree!, lost: locked!.lost, consistency: locked!.consistency } : lockFree!,
          at,
          9000,
        ),
      ]),
    ),
  );

const rates = { kind: 'rate', name: 'rate', values: [250, 500, 1000, 2000] } as const satisfies Axis;

/** Rates: an open load, told apart by its times, with the limit of a gate. */
export const rateSweep = (): SweepResult => {
  const modes = openLoad().modes;
  const points = rates.values.map((at) =>
    pointOf(
      at,
      modes.map((mode, place): ModeResult => {
        const p99 = 3000 * (place + 1) * 2 ** (at / 700);
        const draws = drawsOf(at, mode.name);
        const slots = Array.from({ length: 7 }, (_, round) =>
          slotWith({
            round: round + 1,
            throughputPerSecond: at,
            response: slotTimes(5000, Math.round(p99 * Math.exp(0.02 * draws.normal()))),
          }),
        );
        return { ...mode, slots, responseTimeUs: { ...mode.responseTimeUs, p99: Math.round(p99) } };
      }),
      {
        gates: [
          { ...gate('p99(locked) < 20ms', at < 1500 ? 'pass' : 'fail'), metric: 'p99', limit: 20_000, unit: 'µs' },
        ],
      },
    ),
  );
  return sweepOf(rates, points, {
    find: null,
    scenario: { ...exampleSweep().scenario, name: 'rates', control: 'locked' },
  });
};

/** A search with loads that were tried again and again, and one that never came back. */
export const searchedSweep = (): SweepResult => {
  const base = exampleCapacity();
  const lost: CapacityResult = {
    mode: 'lock-free',
    gates: ['p99(lock-free) < 250ms'],
    keeps: 200,
    fails: null,
    undecided: [],
    endedBy: 'recovery',
    limit: null,
    exercised: false,
    probes: [
      { at: 100, passes: 3, failures: 12, undecided: 0, because: 'p99(lock-free) < 250ms: 3 s is over the limit' },
      { at: 200, passes: 3, failures: 0, undecided: 2, because: 'too few iterations' },
      { at: 400, passes: 0, failures: 1, undecided: 0, because: 'p99(lock-free) < 250ms: 3 s is over the limit' },
    ],
  };
  const capacity = [base.capacity[0]!, lost];
  return { ...base, capacity, conclusion: concludeSweep({ ...base, capacity }) };
};

/** A target that was gone at the second point: what was measured until then, at one. */
export const brokenSweep = (): SweepResult => {
  const { points, ...base } = exampleSweep();
  const [first] = points;
  return {
    ...base,
    points: [
      {
        ...first!,
        intervals: [],
        dropped: [{ mode: 'keyed', code: 'ERRORS', because: '12 % of its iterations failed' }],
      },
    ],
    scaling: [],
    crossings: [],
    headline: 'INVALID',
    invalid: { code: 'ERR_SERVE', message: 'The target ended.', hint: 'See its log.', output: ['Error: no', ' at x'] },
    reasons: ['the target ended'],
    verdict: { is: 'undecided', because: 'the sweep is invalid' },
    conclusion: 'Nothing is known of it.',
    exitCode: 96,
  };
};

/** A sweep in which everything that may come from outside is this text. */
export const hostileSweep = (text = hostileText): SweepResult => {
  const base = keySweep();
  const named = (name: string): string => `${text} ${name}`;
  const points = base.points.map((point) => ({
    ...point,
    modes: point.modes.map((mode) => ({ ...mode, name: named(mode.name), lock: text })),
    comparisons: point.comparisons.map((one) => ({ ...one, mode: named(one.mode), control: named(one.control) })),
    intervals: point.intervals?.map((one) => ({ ...one, mode: named(one.mode) })) ?? [],
    gates: [{ ...gate('p99(mutex) < 50ms', 'fail'), text, because: text }],
    dropped: [{ mode: named('cas'), code: text, because: text }],
  }));
  return {
    ...base,
    startedAt: text,
    machine: { ...base.machine, cpu: text, kernel: text },
    scenario: { ...base.scenario, name: text, file: text, control: named('mutex') },
    axis: { ...base.axis, name: text },
    points,
    scaling: exampleSweep().scaling.map((one) => ({ ...one, mode: named('mutex') })),
    crossings: base.crossings.map((one) => ({ ...one, mode: named(one.mode), control: named(one.control) })),
    capacity: searchedSweep().capacity.map((one) => ({
      ...one,
      mode: named('mutex'),
      gates: [text],
      probes: one.probes.map((probe) => ({ ...probe, because: text })),
    })),
    gates: [{ ...gate('peak(cas) >= 2', 'fail'), text, because: text }],
    invalid: { code: text, message: text, hint: text, output: [text] },
    cut: text,
    conclusion: text,
    reasons: [text, text],
  };
};
