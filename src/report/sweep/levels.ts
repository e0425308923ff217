import type { Comparison, ModeResult } from '../../core/result/result.ts';
import type { PointResult, SweepResult } from '../../core/result/sweep.ts';
import { samplesToShow } from '../../core/metric.ts';
import { duration, nothing, perSecond } from '../format.ts';

/** The metric that a sweep shows for each mode: throughput, or for an open load the percentile that its modes are compared by. */
export type Level = Comparison['metric'];

/** The metric of the chart and the first table. */
export const levelOf = ({ crossings, points }: SweepResult): Level => {
  const [first] = crossings;
  if (first !== undefined) return first.metric;
  return points.some(({ modes }) => modes.some(({ offered }) => offered !== null)) ? 'p99' : 'throughput';
};

/** A mode's figure of that metric at a point, the median over its rounds; `undefined` if it is not known. */
export const valueAt = ({ modes }: PointResult, name: string, level: Level): number | undefined => {
  const mode = modes.find((one) => one.name === name);
  if (mode === undefined) return undefined;
  if (level === 'throughput') return mode.throughputPerSecond > 0 ? mode.throughputPerSecond : undefined;
  return percentileOf(mode, level);
};

const percentileOf = ({ responseTimeUs }: ModeResult, level: Level): number | undefined => {
  if (level !== 'p50' && level !== 'p95' && level !== 'p99') return undefined;
  return responseTimeUs.count < samplesToShow(level) ? undefined : responseTimeUs[level];
};

/** A figure with its unit; a rate has none. */
export const valueOf = (value: number | undefined, level: Level): string => {
  if (value === undefined) return nothing;
  return level === 'throughput' ? perSecond(value) : duration(value);
};

/** The names of all modes, the control first. */
export const namesOf = ({ points, scenario: { control } }: SweepResult): readonly string[] => {
  const names = [...new Set(points.flatMap(({ modes }) => modes.map(({ name }) => name)))];
  return [...names.filter((name) => name === control), ...names.filter((name) => name !== control)];
};

/** Whether a mode is left out at a point. */
export const isDropped = ({ dropped }: PointResult, name: string): boolean => dropped.some(({ mode }) => mode === name);
