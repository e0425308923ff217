import type { ModeResult, Result } from '../../core/result/result.ts';
import type { MetricChange, RunComparison, RunFacts } from '../../core/result/run-comparison.ts';
import { differencesOf } from './comparable.ts';
import { deviationOf, figures, isMeasured, isTold, pairedLogRatios, type ComparedMetric } from './compare.ts';
import { median } from '../median.ts';
import { studentQuantile } from '../stats/student.ts';

/** How much the ratio mode ÷ control varies from day to day with the same build: the standard deviation of its logarithm. */
const betweenRuns = 0.02;

const level = 0.95;

/**
 * Compares a run with an earlier one: levels, and per metric the ratio of ratios, (mode ÷ control) now over (mode ÷ control) then, with the
 * interval of Welch's t on the log ratios of the rounds; see docs/statistics.md.
 *
 * Compares any two runs; `differences` says why they should not have been compared.
 */
export const compareRuns = (before: Result, after: Result): RunComparison => {
  const control = after.scenario.control;
  const [then, now] = [before, after].map(({ modes }) => modes);
  const namesThen = new Set(then!.map(({ name }) => name));
  const namesNow = new Set(now!.map(({ name }) => name));
  return {
    scenario: after.scenario.name,
    control,
    differences: differencesOf(before, after),
    before: factsOf(before),
    after: factsOf(after),
    level,
    changes: now!.flatMap((mode) => {
      const earlier = then!.find(({ name }) => name === mode.name);
      return earlier === undefined ? [] : changesOf({ mode: earlier, of: before }, { mode, of: after }, control);
    }),
    onlyBefore: [...namesThen].filter((name) => !namesNow.has(name)),
    onlyAfter: [...namesNow].filter((name) => !namesThen.has(name)),
  };
};

const factsOf = ({ startedAt, tool, modes }: Result): RunFacts => ({
  startedAt,
  toolVersion: tool.version,
  rounds: Math.max(0, ...modes.map(({ slots }) => slots.filter(isMeasured).length)),
});

/** A mode as one run measured it. */
interface Measured {
  readonly mode: ModeResult;
  readonly of: Result;
}

const changesOf = (before: Measured, after: Measured, control: string): readonly MetricChange[] =>
  (Object.keys(figures) as ComparedMetric[]).flatMap((metric) => {
    const [then, now] = [levelOf(before.mode, metric), levelOf(after.mode, metric)];
    if (then === undefined || now === undefined) return [];
    if (metric === 'target.cpu.iteration' && !isTold(metric, after.mode, baseOf(after, control) ?? after.mode))
      return [];
    const levels = {
      mode: after.mode.name,
      metric,
      unit: metric === 'throughput' ? '/s' : metric === 'target.memory' ? 'B' : 'µs',
      before: then,
      after: now,
    } as const;
    const [ratiosThen, ratiosNow] = [ratiosOf(before, control, metric), ratiosOf(after, control, metric)];
    return [{ ...levels, ...(changeOf(ratiosThen, ratiosNow, metric === 'throughput') ?? noChange) }];
  });

/** Median over rounds; `undefined` if some round has no figure. */
const levelOf = ({ slots }: ModeResult, metric: ComparedMetric): number | undefined => {
  const values = slots.filter(isMeasured).map(figures[metric]);
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 || known.length < values.length ? undefined : median(known);
};

const ratiosOf = ({ mode, of }: Measured, control: string, metric: ComparedMetric): readonly number[] => {
  const base = baseOf({ mode, of }, control);
  if (base === undefined || mode.name === control) return [];
  return isTold(metric, mode, base) ? pairedLogRatios(mode, base, figures[metric]) : [];
};

const baseOf = ({ of }: Measured, control: string): ModeResult | undefined =>
  of.modes.find(({ name }) => name === control);

type Change = Pick<MetricChange, 'ratio' | 'low' | 'high' | 'change'>;

const noChange: Change = { ratio: null, low: null, high: null, change: null };

const changeOf = (before: readonly number[], after: readonly number[], isMoreBetter: boolean): Change | undefined => {
  if (before.length === 0 || after.length === 0) return undefined;
  const found = welch(before, after);
  if (found.half === null) return { ...noChange, ratio: Math.exp(found.difference) };
  const [low, high] = [found.difference - found.half, found.difference + found.half];
  const isShown = low > 0 || high < 0;
  return {
    ratio: Math.exp(found.difference),
    low: Math.exp(low),
    high: Math.exp(high),
    change: isShown ? (low > 0 === isMoreBetter ? 'faster' : 'slower') : 'not shown',
  };
};

/**
 * The difference of two means and half the width of its interval (Welch 1947), with the day-to-day variance added.
 *
 * That addition is a guess, so it adds no degrees of freedom: those come from the scatter of the rounds alone.
 */
const welch = (
  before: readonly number[],
  after: readonly number[],
): { readonly difference: number; readonly half: number | null } => {
  const difference = meanOf(after) - meanOf(before);
  const [then, now] = [deviationOf(before), deviationOf(after)];
  if (then === null || now === null) return { difference, half: null };
  const [ofThen, ofNow] = [then ** 2 / before.length, now ** 2 / after.length];
  const own = ofThen + ofNow;
  const freedom =
    own === 0
      ? before.length + after.length - 2
      : own ** 2 / (ofThen ** 2 / (before.length - 1) + ofNow ** 2 / (after.length - 1));
  const error = Math.sqrt(own + 2 * betweenRuns ** 2);
  return { difference, half: studentQuantile((1 + level) / 2, freedom) * error };
};

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
