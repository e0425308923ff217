import { areOversold, brokenRule, type ClockExposure, ruleWords } from '../../core/result/finding.ts';
import { invariantName } from '../../core/plan/plan.ts';
import { attemptsEach, samplesToShow } from '../../core/metric.ts';
import { askedRate, isOfferedAlike } from '../../core/result/open-load.ts';
import type {
  ConsistencyResult,
  Finding,
  GateResult,
  ModeResult,
  Result,
  SampleResult,
  TimesResult,
} from '../../core/result/result.ts';
import { bounds, bytes, count, duration, exact, many, nothing, perSecond, ratio, share } from '../format.ts';
import { isBound, isShown } from './percentile.ts';

/** A median as it is printed. */
export const median = (times: TimesResult): string =>
  times.count < samplesToShow('p50') ? nothing : duration(times.p50);

/** The longest time, or a dash if there is none. */
export const largest = (times: TimesResult): string => (times.count === 0 ? nothing : duration(times.max));

/** Lost updates: the number, its bounds, or why it is not known. */
export const lostCount = ({ lost, consistency }: ModeResult): string => {
  if (lost === null || consistency?.verdict === 'not-exercised') return nothing;
  if (consistency?.verdict === 'unknown' && lost.atLeast === 0) return 'unknown';
  return bounds(lost.atLeast, lost.atMost);
};

/** The share of the acknowledged updates that were lost; empty if none were. */
export const lostShare = ({ lost }: ModeResult): string =>
  lost === null || lost.atLeast === 0 ? '' : share(lost.atLeast, lost.acknowledged);

/** The share of the begun iterations that failed; empty if none did. */
export const failedShare = ({ iterations }: ModeResult): string =>
  iterations.failed === 0 ? '' : share(iterations.failed, iterations.begun);

/** Passes per critical section. */
export const attemptsIn = (mode: ModeResult): string => {
  if (mode.attempts === 0) return nothing;
  const each = attemptsEach(mode);
  return each < 99.95 ? each.toFixed(1) : count(each);
};

/**
 * The metric by which modes are compared with the control: throughput, or p99 if all were offered the same rate; `undefined` if
 * there is nothing to compare.
 */
export const comparedBy = (result: Result): 'throughput' | 'p99' | undefined => {
  const metric = isOfferedAlike(result.modes) ? 'p99' : 'throughput';
  return result.modes.some((mode) => ratioTo(result, mode, metric) !== undefined) ? metric : undefined;
};

/** A mode compared with the control, by {@link comparedBy}. */
export const versusControl = (result: Result, mode: ModeResult): string => {
  if (mode.name === result.scenario.control) return 'control';
  const metric = comparedBy(result);
  const found = metric === undefined ? undefined : ratioTo(result, mode, metric);
  return found === undefined ? nothing : ratio(found);
};

/** A p99 with too few samples, or that failures may hide, has no ratio. */
const ratioTo = (
  { comparisons, modes, scenario }: Result,
  mode: ModeResult,
  metric: 'throughput' | 'p99',
): number | undefined => {
  const control = modes.find(({ name }) => name === scenario.control);
  const isKnown = (one: ModeResult | undefined): boolean =>
    one !== undefined && isShown(one, 'p99') && !isBound(one, 'p99');
  if (metric === 'p99' && !(isKnown(mode) && isKnown(control))) return undefined;
  return comparisons.find((one) => one.mode === mode.name && one.metric === metric)?.ratio;
};

/** `2,000/s` */
export const offeredRate = (mode: ModeResult): string =>
  mode.offered === null ? nothing : `${perSecond(askedRate(mode))}/s`;

/** The number of dropped arrivals and their share; empty if there were none. */
export const droppedShare = ({ iterations }: ModeResult): string =>
  iterations.dropped === 0 ? '' : share(iterations.dropped, iterations.scheduled);

/** A percentile of a time other than the response time, as it is printed. */
export const timeAt = (times: TimesResult, name: 'p50' | 'p99'): string =>
  times.count < samplesToShow(name) ? nothing : duration(times[name]);

/** A gate's number in its unit: `12.3 ms`, `2,000/s`, `0.1 %`, `3`. */
export const quantity = (value: number | null, unit: GateResult['unit']): string =>
  value === null ? nothing : inUnit[unit ?? 'count'](value);

const inUnit: { readonly [unit in NonNullable<GateResult['unit']>]: (value: number) => string } = {
  'µs': duration,
  '/s': (value) => `${perSecond(value)}/s`,
  'share': (value) => `${exact(value * 100)} %`,
  'count': exact,
  'B': bytes,
  'ratio': (value) => `${exact(Number(value.toPrecision(4)))} ×`,
};

/** Why iterations of a mode are not among the completed ones: the class, how many, and the message of the first. */
export interface Trouble {
  readonly class: string;
  readonly count: number;
  /** Comes from outside: not safe to print. */
  readonly text: string;
  /** Answers that failed in this way, one per step. They come from outside, too. */
  readonly answers: readonly string[];
}

/** Iterations of a mode that failed, were dropped or were interrupted, and those of its warm-up that hung beyond its end. */
export const troublesOf = ({ failuresByClass, hung = {}, iterations }: ModeResult): readonly Trouble[] => [
  ...Object.entries(failuresByClass).map(([name, { count, example, samples = [] }]) => ({
    class: name,
    count,
    text: example,
    // If there is only a status, the failure's message has it.
    answers: samples.filter(({ headers, body }) => body !== '' || Object.keys(headers).length > 0).map(answerText),
  })),
  ...(iterations.dropped === 0
    ? []
    : [{ class: 'dropped', count: iterations.dropped, text: 'no user was free in time', answers: [] }]),
  ...(iterations.interrupted === 0
    ? []
    : [
        {
          class: 'interrupted',
          count: iterations.interrupted,
          text: 'still under way when the drain was over',
          answers: [],
        },
      ]),
  ...Object.entries(hung).map(([name, { count, example }]) => ({
    class: name === 'aborted' ? 'interrupted' : name,
    count,
    text: `begun in the warm-up: ${example}`,
    answers: [],
  })),
];

/** `read answered 503, content-type: text/plain: out of order` */
const answerText = ({ step, status, headers, body }: SampleResult): string => {
  const head = [
    `${step} answered ${status}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ].join(', ');
  return body === '' ? head : `${head}: ${body}`;
};

/** A mode's consistency verdict as a sentence, and whether it counts for the mode, against it, or not at all. */
export const consistencyOf = (
  mode: ModeResult,
): { readonly is: 'pass' | 'fail' | 'undecided' | 'allowed'; readonly because: string } | undefined => {
  const { consistency, violations } = mode;
  if (consistency === null) return undefined;
  switch (consistency.verdict) {
    case 'violated': {
      const keys = new Set(keyed(consistency.findings).map(({ key }) => key)).size;
      const because = `${wrongWith(mode)}${keys === 0 ? '' : `, in ${many(keys, 'key')}`}`;
      return violations === 'allowed' ? { is: 'allowed', because } : { is: 'fail', because };
    }
    case 'unknown':
      return { is: 'undecided', because: reasonOf(consistency) ?? 'something could not be read' };
    case 'not-exercised':
      return {
        is: 'undecided',
        because: reasonOf(consistency) ?? 'no two operations overlapped, so nothing could go wrong',
      };
    default: {
      const word = consistency.verdict === 'consistent' ? 'consistent' : 'no violation found';
      return {
        is: 'pass',
        because: `${word} in ${many(consistency.coverage.operations, 'operation')}${metIn(consistency)}`,
      };
    }
  }
};

/** Findings about one of several keys; those about an invariant are not. */
export const keyed = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ asked }) => asked === undefined);

/** What is wrong with a mode's data: what was oversold, how many updates it lost, or the rule that was broken. */
export const wrongWith = ({ consistency, lost }: Pick<ModeResult, 'consistency' | 'lost'>): string =>
  lost === null || lost.atLeast === 0 || areOversold(consistency?.findings ?? [])
    ? brokenRule(consistency?.findings ?? [], consistency?.wrong)
    : `${bounds(lost.atLeast, lost.atMost)} of ${many(lost.acknowledged, 'acknowledged update')} lost`;

/** A finding of a sum that does not agree. */
export type SumFinding = Finding & Required<Pick<Finding, 'before' | 'expected' | 'after'>>;

/** What the difference of a sum means: `at least 3 lost`, `170 granted of 50`. */
export const effectOf = (finding: SumFinding): string => {
  const { rule, atLeast, sold } = finding;
  if (sold !== undefined) return `${count(sold.granted)} granted of ${count(sold.of)}`;
  if (rule === 'lost-update') return `at least ${count(atLeast)} lost`;
  return rule === 'more-than-acknowledged' ? `at least ${count(atLeast)} more than acknowledged` : ruleWords(finding);
};

/** Whether a finding is about a sum. */
export const isOfSum = (finding: Finding): finding is SumFinding => finding.before !== undefined;

/**
 * The finding shown for a mode whose data was wrong, to be checked by hand: what was oversold; otherwise the finding with the
 * fewest operations; if none has operations, a value that changed although this run did not change it.
 */
export const certificateOf = ({ consistency }: Pick<ModeResult, 'consistency'>): Finding | undefined => {
  const all = consistency?.findings ?? [];
  const shown = all.filter(({ operations }) => operations.length > 0);
  const oversold = shown.find(({ sold }) => sold !== undefined);
  return (
    oversold ??
    shown.toSorted((a, b) => a.operations.length - b.operations.length)[0] ??
    all.find((one) => !isOfSum(one))
  );
};

/** Why the verdict is what it is; `undefined` if there is no more to say. */
export const reasonOf = ({ checks, verdict }: ConsistencyResult): string | undefined =>
  checks.find((check) => check.verdict === verdict)?.because ?? undefined;

/** `, of which 1,204 pairs overlapped: a violation in at most 0.3 % of those`; empty if the document does not say. */
const metIn = ({ model, exposure: { overlapping, atMostShare, clocks } }: ConsistencyResult): string => {
  if (overlapping === 0) return '';
  if (model === invariantName)
    return `, asked ${many(overlapping, 'time')} while changes were under way${atMostShare === null ? '' : `: broken in at most ${rareShare(atMostShare)} of such answers`}`;
  const most = atMostShare === null ? '' : `: a violation in at most ${rareShare(atMostShare)} of those`;
  return `, of which ${many(overlapping, 'pair')} overlapped${most}${clocks === undefined ? '' : clocksText(clocks)}`;
};

/** `; 3 % of the possible overlaps are due to clock error alone (up to 0.15 ms)` */
const clocksText = ({ errorNs, pairs, onlyByError }: ClockExposure): string =>
  errorNs === null
    ? '; a clock was set meanwhile'
    : `; ${onlyByError === 0 ? 'none' : rareShare(onlyByError / pairs)} of the possible overlaps are due to clock error alone (up to ${Number((errorNs / 1e6).toPrecision(2))} ms)`;

/** A share that may be tiny, with two digits: `0.00012 %`. */
export const rareShare = (share: number): string => {
  const percent = share * 100;
  return percent >= 10
    ? `${count(percent)} %`
    : `${Number(percent.toPrecision(2)).toFixed(Math.max(0, 1 - Math.floor(Math.log10(percent))))} %`;
};
