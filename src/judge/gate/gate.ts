import type { Looks } from '../../core/looks.ts';
import { areOversold, brokenRule } from '../../core/result/finding.ts';
import { metrics, percentiles, type Metric, type MetricName } from '../../core/metric.ts';
import { keptUp } from '../../core/result/open-load.ts';
import {
  invariantName,
  isRelative,
  type ConsistencyGate,
  type Gate,
  type GeneratorGate,
  type LimitGate,
  type RelativeGate,
} from '../../core/plan/plan.ts';
import type { GateResult, GeneratorResult, ModeResult } from '../../core/result/result.ts';
import { byHand } from '../changed.ts';
import { figure, many } from '../figure.ts';
import { judgeRelatives } from './relative.ts';

/** What gates are checked against. */
export interface Judged {
  readonly modes: readonly ModeResult[];
  readonly generator: GeneratorResult;
  readonly looks: Looks;
  /** Why a metric of a mode cannot be trusted, such as "it sent late"; `undefined` if it can. */
  readonly unfit?: (mode: string, metric: MetricName) => string | undefined;
  /** By mode: what was found against the generator. */
  readonly generatorFaults?: ReadonlyMap<string, string>;
}

/**
 * Checks every gate against the pooled values of its mode. Fails closed: missing data, too little of it, or data that cannot be trusted
 * makes a gate undecided, never a pass.
 *
 * @param doubt why no time or rate of this run can be trusted, such as "the run is not over"; data that was found to be wrong stays a fail
 */
export const judgeGates = (gates: readonly Gate[], judged: Judged, doubt?: string): readonly GateResult[] => {
  const { modes, looks, unfit } = judged;
  const relative = judgeRelatives(gates.filter(isRelative), modes, looks);
  return gates.map((gate) => {
    const result = {
      ...(isRelative(gate) ? relative.get(gate)! : judgeOne(gate, judged)),
      metric: gate.metric,
      ...(gate.mode === undefined ? {} : { mode: gate.mode }),
    };
    const isOfData = gate.metric === 'consistency' || gate.metric === 'lost';
    if (result.verdict === 'fail' && isOfData) return result;
    const because =
      doubt ??
      (gate.metric === 'generator' || gate.metric === 'consistency' || gate.metric === 'lost'
        ? undefined
        : (unfitFor(gate, unfit) ?? changedFor(gate, modes)));
    if (because !== undefined)
      return { ...result, verdict: 'undecided', because: `${because}, so this proves nothing: ${result.because}` };
    const behind = result.verdict === 'pass' && !isOfData ? notKeptUp(gate, modes) : undefined;
    if (behind === undefined) return result;
    return {
      ...result,
      verdict: 'undecided',
      because: `${result.because}, but ${behind} did not keep up with its rate`,
    };
  });
};

/** Why a gate on times or rates proves nothing: the load was changed by hand during the run. */
const changedFor = (gate: Gate, modes: readonly ModeResult[]): string | undefined => {
  if (gate.metric === 'consistency' || gate.metric === 'generator') return undefined;
  if (!['µs', '/s'].includes(metrics[gate.metric].unit)) return undefined;
  return modes.filter(({ name }) => namedBy(gate).includes(name)).flatMap((mode) => byHand(mode) ?? [])[0];
};

/** Why the number that a gate rests on cannot be trusted. */
const unfitFor = (gate: Exclude<Gate, GeneratorGate | ConsistencyGate>, unfit: Judged['unfit']): string | undefined =>
  namedBy(gate).flatMap((mode) => unfit?.(mode, gate.metric) ?? [])[0];

/** The modes that a gate rests on; empty if it rests on all of them. */
export const namedBy = (gate: Gate): readonly string[] => [
  ...(gate.mode === undefined ? [] : [gate.mode]),
  ...('against' in gate ? [gate.against.mode] : []),
];

/** The mode that ran fewer iterations than it was asked for: its times and errors may fail a gate, but not pass it. */
const notKeptUp = (gate: Gate, modes: readonly ModeResult[]): string | undefined =>
  gate.metric === 'throughput' || gate.metric === 'generator'
    ? undefined
    : modes.find((mode) => namedBy(gate).includes(mode.name) && !keptUp(mode))?.name;

const judgeOne = (gate: Exclude<Gate, RelativeGate>, judged: Judged): GateResult => {
  const { modes } = judged;
  if (gate.metric === 'generator') return judgeGenerator(gate, judged);
  const mode = modes.find(({ name }) => name === gate.mode);
  return gate.metric === 'consistency' ? judgeConsistency(gate, mode) : judgeLimit(gate, mode);
};

const judgeGenerator = ({ text, mode }: GeneratorGate, { generator, generatorFaults }: Judged): GateResult => {
  const { cpuShare } = generator;
  const found = [...(generatorFaults ?? [])]
    .filter(([name]) => mode === undefined || name === mode)
    .map(([, message]) => message);
  const decision: Decision =
    cpuShare === null
      ? undecided('nothing was measured')
      : found.length > 0
        ? { verdict: 'fail', because: found.join(' ') }
        : { verdict: 'pass', because: `its core was busy ${figure(cpuShare, 'share')} of the time at most` };
  return { text, actual: cpuShare, limit: null, unit: 'share', interval: null, samples: 0, ...decision };
};

type Decision = Pick<GateResult, 'verdict' | 'because'>;

const undecided = (because: string): Decision => ({ verdict: 'undecided', because });

const judgeConsistency = ({ text, mode: name }: ConsistencyGate, mode: ModeResult | undefined): GateResult => {
  const samples = mode?.consistency?.coverage.acknowledged ?? 0;
  const decision = mode === undefined ? undecided(unmeasured(name)) : consistencyOf(mode);
  return { text, actual: null, limit: null, unit: null, interval: null, samples, ...decision };
};

const unmeasured = (mode: string): string => `no round of ${mode} was measured`;

const consistencyOf = ({ consistency, lost }: ModeResult): Decision => {
  const because = consistency?.checks.find(({ verdict }) => verdict === consistency.verdict)?.because;
  switch (consistency?.verdict) {
    case 'violated': {
      const keys = new Set(consistency.findings.filter(({ asked }) => asked === undefined).map(({ key }) => key)).size;
      const what =
        lost === null || lost.atLeast === 0 || areOversold(consistency.findings)
          ? brokenRule(consistency.findings, consistency.wrong)
          : `at least ${figure(lost.atLeast, 'count')} of ${many(lost.acknowledged, 'acknowledged update')} lost`;
      return { verdict: 'fail', because: `the data was wrong${keys === 0 ? '' : ` in ${many(keys, 'key')}`}: ${what}` };
    }
    case 'consistent':
    case 'no-violation-found': {
      if (consistency.model === invariantName) return { verdict: 'pass', because: because ?? 'no violation was found' };
      const judged = many(consistency.coverage.operations, 'operation');
      const overlapping = many(consistency.exposure.overlapping, 'pair');
      const word = consistency.verdict === 'consistent' ? 'consistent' : 'no violation was found';
      return { verdict: 'pass', because: `${word} among ${judged}, of which ${overlapping} overlapped` };
    }
    case 'unknown':
      return undecided(because ?? 'something could not be read');
    default:
      return undecided(because ?? 'no two operations overlapped, so nothing could go wrong');
  }
};

const judgeLimit = (gate: LimitGate, mode: ModeResult | undefined): GateResult => {
  const { text, limit, step } = gate;
  const metric = metrics[gate.metric];
  const actual = mode === undefined ? undefined : metric.of(mode, step);
  const samples = mode === undefined ? 0 : metric.samples(mode, step);
  const decision = mode === undefined ? undecided(unmeasured(gate.mode)) : decide(gate, mode, actual, samples);
  return { text, actual: actual ?? null, limit, unit: metric.unit, interval: null, samples, ...decision };
};

const decide = (gate: LimitGate, mode: ModeResult, actual: number | undefined, samples: number): Decision => {
  const { step, limit, op } = gate;
  const metric = metrics[gate.metric];
  const sample = metric.sample(mode, step);
  const of = (value: number): string => figure(value, metric.unit);
  const needed = metric.enough(limit);
  if (samples === 0 && mode.slots.length > 0 && gate.metric.startsWith('target.'))
    return undecided(`what the target of ${mode.name} used is not known: the report says why`);
  if (actual === undefined || samples < needed) {
    const broken = brokenLower(gate, mode);
    if (broken !== undefined) return broken;
    const there = samples === 0 ? 'none' : figure(samples, 'count');
    const soFar = actual === undefined ? '' : ` (${of(actual)} so far)`;
    return undecided(
      `a limit of ${of(limit)} takes ${many(needed, sample)}, and there ${samples === 1 ? 'is' : 'are'} ${there}${soFar}`,
    );
  }
  const behind = many(samples, sample);
  const most = metric.atMost?.(mode) ?? actual;
  if (most !== actual) return decideBetween(gate, metric, [actual, most], behind);

  const holds = isTrue(actual, op, limit);
  const judged = `${of(actual)} over ${behind} is ${relation(actual, limit)} the limit of ${of(limit)}`;
  const hiding = metric.hiding?.(mode, step) ?? 0;
  // What is hidden can only be longer: a time that is already too long stays too long.
  if (hiding > 0 && (holds || op === '>' || op === '>=')) {
    return undecided(`${judged}, but ${many(hiding, sample)} without a time could all lie beyond`);
  }
  return { verdict: holds ? 'pass' : 'fail', because: judged };
};

/**
 * Fails a gate in spite of too few samples: a lower percentile of the same times has enough of them and is already too long, and no
 * percentile is shorter than a lower one.
 */
const brokenLower = ({ metric: own, step, op, limit }: LimitGate, mode: ModeResult): Decision | undefined => {
  const [, kind, percent] = /^(.*\b)p([\d.]+)$/u.exec(own) ?? [];
  if (kind === undefined || (op !== '<' && op !== '<=')) return undefined;
  const lower = Object.values(percentiles).filter((one) => one < Number(percent));
  for (const one of lower.toReversed()) {
    const name = `${kind}p${one}` as MetricName;
    const metric = metrics[name];
    const [value, samples] = [metric.of(mode, step), metric.samples(mode, step)];
    if (value === undefined || samples < metric.enough(limit) || isTrue(value, op, limit)) continue;
    const behind = many(samples, metric.sample(mode, step));
    const judged = `${name} is ${figure(value, metric.unit)} over ${behind}, ${relation(value, limit)} the limit of ${figure(limit, metric.unit)} already`;
    return { verdict: 'fail', because: `${judged}, and ${own} is no less` };
  }
  return undefined;
};

/** For a value between two bounds: decided only if it makes no difference where. */
const decideBetween = (
  { op, limit }: LimitGate,
  { unit }: Metric,
  [least, most]: readonly [least: number, most: number],
  behind: string,
): Decision => {
  const upper = most === Infinity ? 'no known upper bound' : `at most ${figure(most, unit)}`;
  const known = `at least ${figure(least, unit)} and ${upper} over ${behind}`;
  const to = `the limit of ${figure(limit, unit)}`;
  const verdict = between(op, limit, least, most);
  return verdict === 'undecided'
    ? undecided(`${known}: ${to} may be kept or not`)
    : { verdict, because: `${known}: ${to} is ${verdict === 'pass' ? 'kept' : 'not kept'} either way` };
};

const between = (op: LimitGate['op'], limit: number, least: number, most: number): Decision['verdict'] => {
  const ends = [isTrue(least, op, limit), isTrue(most, op, limit)];
  if (op === '==') return least > limit || most < limit ? 'fail' : 'undecided';
  if (ends.every(Boolean)) return 'pass';
  return ends.some(Boolean) ? 'undecided' : 'fail';
};

const isTrue = (value: number, op: LimitGate['op'], limit: number): boolean => comparisons[op](value, limit);

const comparisons: { readonly [op in LimitGate['op']]: (value: number, limit: number) => boolean } = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '==': (value, limit) => value === limit,
};

const relation = (value: number, limit: number): string => (value < limit ? 'below' : value > limit ? 'above' : 'at');
