import { failShare, missShare, roundsToDecide, type Looks } from '../../core/looks.ts';
import { percentiles, samplesToGate, tagIn, type MetricName, type PercentileName } from '../../core/metric.ts';
import type { RelativeGate } from '../../core/plan/plan.ts';
import type { GateResult, ModeResult, SlotResult, SlotTimes } from '../../core/result/result.ts';
import {
  cpuOf,
  deviationOf,
  haveOneEach,
  memoryOf,
  pairsOf,
  percentileOf,
  throughputOf,
  type Figure,
} from '../compare/compare.ts';
import { figure, many } from '../figure.ts';
import { levelText } from '../phrases.ts';
import { holm } from '../stats/holm.ts';
import { hodgesLehmann, signedRankP } from '../stats/signed-rank.ts';

/**
 * Decides the gates that compare modes, round by round, by the exact signed-rank test on how far each round lies beyond the limit: fail if
 * the middle is surely beyond it (with Holm's adjustment over all gates), pass if it is surely within.
 *
 * A pass is not adjusted for the number of gates: all must pass, so more gates do not make a wrong pass of the run likelier.
 *
 * @param looks how often the data of this run are judged: twice if an extension is allowed
 */
export const judgeRelatives = (
  gates: readonly RelativeGate[],
  modes: readonly ModeResult[],
  looks: Looks,
): ReadonlyMap<RelativeGate, GateResult> => {
  const tried = gates.map((gate) => tryOut(gate, modes));
  const failPs = holm(tried.map((one) => ('lacks' in one ? 1 : signedRankP(one.beyond, 0))));
  const needed = roundsToDecide(gates.length, looks);
  return new Map(
    gates.map((gate, at) => {
      const one = tried[at]!;
      return [
        gate,
        'lacks' in one ? lacking(gate, one.lacks) : decide(gate, one, { failP: failPs[at]!, needed, looks }),
      ];
    }),
  );
};

/** A gate's rounds. */
interface Rounds {
  /** ln(value ÷ limit) of every round, negated if more is better: above 0 is too bad. */
  readonly beyond: readonly number[];
  /** ln(value ÷ the other mode's value). */
  readonly ratios: readonly number[];
  /** The share without a time, in the gate's mode and in the other one; 0 for throughput. */
  readonly missing: readonly [own: number, other: number];
}

/** Why there is nothing to decide by. */
interface Lacking {
  readonly lacks: string;
}

const isUpper = ({ op }: RelativeGate): boolean => op === '<' || op === '<=';

const tryOut = (gate: RelativeGate, modes: readonly ModeResult[]): Rounds | Lacking => {
  const { metric, against } = gate;
  const mode = modes.find(({ name }) => name === gate.mode);
  const base = modes.find(({ name }) => name === against.mode);
  if (mode === undefined || base === undefined) {
    return { lacks: `no round of ${mode === undefined ? gate.mode : against.mode} was measured` };
  }
  if (metric === 'target.memory' && !haveOneEach(mode, base)) return { lacks: 'both modes use one process' };
  const pairs = pairsOf(mode, base);
  if (pairs.length === 0) return { lacks: 'no round was measured in both modes' };
  const [own, other] = [sideOf(metric, gate.step), sideOf(metric, against.step)];
  const ratios: number[] = [];
  const beyond: number[] = [];
  for (const [slot, beside] of pairs) {
    const [value, basis] = [own.figure(slot), other.figure(beside)];
    if (value === undefined) return { lacks: lackOf(metric, gate, slot) };
    if (basis === undefined) return { lacks: lackOf(metric, against, beside) };
    const distance = Math.log(value / (against.times * basis + against.plus));
    ratios.push(Math.log(value / basis));
    beyond.push(isUpper(gate) ? distance : -distance);
  }
  const missing = [
    missingShare(pairs.map(([slot]) => own.times(slot))),
    missingShare(pairs.map(([, beside]) => other.times(beside))),
  ] as const;
  return { beyond, ratios, missing };
};

type TimesOf = (slot: SlotResult) => SlotTimes | undefined;

/** A metric of one slot; a percentile needs twenty times beyond it, as a build relies on it. Also which times those are. */
const sideOf = (metric: MetricName, step: string | undefined): { readonly figure: Figure; readonly times: TimesOf } => {
  if (metric === 'throughput') return { figure: throughputOf, times: () => undefined };
  if (metric === 'store.cpu' || metric === 'target.cpu') return { figure: cpuOf, times: () => undefined };
  if (metric === 'target.memory') return { figure: memoryOf, times: () => undefined };
  const name = percentileIn(metric);
  // For means, errors and lock waits a slot keeps no figure.
  if (name === undefined) return { figure: () => undefined, times: () => undefined };
  const times = timesOf(metric, step);
  const shown = percentileOf(name, times);
  return { figure: (slot) => ((times(slot)?.count ?? 0) < samplesToGate(name) ? undefined : shown(slot)), times };
};

const percentileIn = (metric: MetricName): PercentileName | undefined => {
  const percent = /^(?:service\.)?p([\d.]+)$/u.exec(metric)?.[1];
  return (Object.keys(percentiles) as PercentileName[]).find((name) => `${percentiles[name]}` === percent);
};

const timesOf =
  (metric: MetricName, step: string | undefined): TimesOf =>
  (slot) => {
    if (step !== undefined) {
      const tag = tagIn(step);
      return tag === undefined ? (slot.steps[step] ?? slot.groups?.[step]) : slot.tags?.[tag];
    }
    return metric.startsWith('service.') ? slot.service : slot.response;
  };

const missingShare = (times: readonly (SlotTimes | undefined)[]): number => {
  const sum = (of: (one: SlotTimes) => number): number =>
    times.reduce((total, one) => total + (one === undefined ? 0 : of(one)), 0);
  const missing = sum((one) => one.missing);
  return missing === 0 ? 0 : missing / (missing + sum((one) => one.count));
};

const lackOf = (
  metric: MetricName,
  { mode, step }: { readonly mode: string; readonly step?: string },
  slot: SlotResult,
): string => {
  const round = `in round ${slot.round} of ${mode}`;
  if (metric === 'throughput') return `nothing completed ${round}`;
  if (metric === 'store.cpu') return `the store reported no CPU time ${round}`;
  if (metric === 'target.cpu' || metric === 'target.memory')
    return `what the target used ${round} is not known: the report says why`;
  const name = percentileIn(metric);
  if (name === undefined) return `${metric} is not known round by round, so it is not compared`;
  const { count = 0, missing = 0 } = timesOf(metric, step)(slot) ?? {};
  const needed = samplesToGate(name);
  if (count < needed) {
    return `${metric} takes ${many(needed, 'sample')} in each round, and there are ${figure(count, 'count')} ${round}: longer rounds`;
  }
  return missing === 0
    ? `${metric} was below 1 µs ${round}`
    : `${figure(missing, 'count')} without a time could all lie beyond it ${round}`;
};

const lacking = ({ text }: RelativeGate, because: string): GateResult => {
  const nothing = { actual: null, limit: null, unit: 'ratio', interval: null, samples: 0 } as const;
  return { text, verdict: 'undecided', ...nothing, because };
};

/** What decides a gate in addition to its rounds: its p value of failing, as adjusted by Holm, and how many rounds all gates need. */
interface Bar {
  readonly failP: number;
  readonly needed: number;
  readonly looks: Looks;
}

const decide = (gate: RelativeGate, rounds: Rounds, bar: Bar): GateResult => {
  const { text, against } = gate;
  const { beyond, ratios } = rounds;
  const { looks } = bar;
  const isLess = isUpper(gate);
  // With a floor the limit differs from round to round: the value is then shown as a multiple of it.
  const isPlain = against.plus === 0;
  const logs = isPlain ? ratios : beyond.map((distance) => (isLess ? distance : -distance));
  const { estimate, low, high } = hodgesLehmann(logs, missShare[looks]);
  const [actual, limit] = [Math.exp(estimate), isPlain ? against.times : 1];
  const interval = Number.isFinite(low) ? ([Math.exp(low), Math.exp(high)] as const) : null;
  const shown =
    interval === null
      ? ''
      : ` (${levelText(1 - missShare[looks])} interval ${ratioText(interval[0])} to ${ratioText(interval[1])})`;
  const found = `${ratioText(actual)} × ${isPlain ? against.mode : 'its limit'}${shown} over ${many(beyond.length, 'round')}`;
  const verdict = verdictOn(beyond, bar);
  const doubt = doubtOf(gate, rounds, verdict);
  const side = (verdict === 'fail') === isLess ? 'above' : 'below';
  // A gate is one-sided, so it can be certain where a two-sided interval reaches slightly beyond the limit.
  const boundText = (): string => {
    if (interval === null || (side === 'above' ? interval[0] > limit : interval[1] < limit)) return '';
    const oneSided = hodgesLehmann(logs, 2 * missShare[looks]);
    const bound =
      side === 'above'
        ? `at least ${ratioText(Math.exp(oneSided.low))}`
        : `at most ${ratioText(Math.exp(oneSided.high))}`;
    return `: one-sided, as a gate asks, it is ${bound}`;
  };
  const because =
    verdict === 'undecided'
      ? `${found} may be on either side of ${figure(limit, 'ratio')}: ${advice(gate, beyond, bar)}`
      : `${found} is surely ${side} ${figure(limit, 'ratio')}${boundText()}${doubt ?? ''}`;
  const decided = doubt === undefined ? verdict : 'undecided';
  return { text, verdict: decided, actual, limit, unit: 'ratio', interval, samples: beyond.length, because };
};

const ratioText = (ratio: number): string => Number(ratio.toPrecision(4)).toString();

const verdictOn = (beyond: readonly number[], { failP, looks }: Bar): GateResult['verdict'] => {
  if (failP <= failShare[looks]) return 'fail';
  const within = beyond.map((distance) => -distance);
  return signedRankP(within, 0) <= missShare[looks] ? 'pass' : 'undecided';
};

/** If the shares without a time differ by more than this, they make one percentile look shorter than it was. */
const missingApart = 0.001;

/** What has no time would have been long: the percentile of the mode with more of that is longer than it looks. */
const doubtOf = (
  gate: RelativeGate,
  { missing: [own, other] }: Rounds,
  verdict: GateResult['verdict'],
): string | undefined => {
  const apart = own - other;
  const mayBeWrong = apart > 0 === isUpper(gate) ? 'pass' : 'fail';
  if (Math.abs(apart) <= missingApart || verdict !== mayBeWrong) return undefined;
  return `, but ${percentText(own)} of ${gate.mode} and ${percentText(other)} of ${gate.against.mode} have no time, and would be long`;
};

/**
 * In standard deviations of the rounds ÷ √rounds: the margin with which identical modes pass nine times in ten (simulated; see
 * docs/statistics.md). Over two looks it counts the rounds of both.
 */
const marginShare: { readonly [looks in Looks]: number } = { 'one look': 3.64, 'two looks': 3.33, 'every round': 3.64 };

/** What would decide it: more rounds, or a margin that stands out from the noise of this machine. */
const advice = (gate: RelativeGate, beyond: readonly number[], { needed, looks }: Bar): string => {
  const noise = deviationOf(beyond);
  if (noise === null || beyond.length < needed) return `it takes ${many(needed, 'round')} to decide`;
  const { times, plus } = gate.against;
  const least = (marginShare[looks] * noise) / Math.sqrt(beyond.length);
  const [margin, decidable] = isUpper(gate) ? [times - 1, Math.expm1(least)] : [1 - times, -Math.expm1(-least)];
  const differ = `the rounds differ by ${percentText(noise)}`;
  return plus === 0 && margin >= 0 && margin < decidable
    ? `${differ}, so a margin of about ${percentText(decidable)} can be decided`
    : `${differ}, and it is too close to the limit for this many rounds`;
};

/** Two digits are all that the standard deviation of a dozen rounds deserves. */
const percentText = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;
