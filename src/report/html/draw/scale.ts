import { logTicks, roundDown, roundUp, tickOf } from '../../axis.ts';

/** An axis: where a value lies on it, and its ticks. */
export interface Scale {
  readonly least: number;
  readonly most: number;
  /** The place of a value in px; a value beyond an end is placed at that end. */
  readonly of: (value: number) => number;
  readonly ticks: readonly number[];
  /** Whether a value lies on the axis. */
  readonly holds: (value: number) => boolean;
}

/** The span of pixels that an axis takes; `from` is the place of its least value. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * A logarithmic axis.
 *
 * @param least greater than 0
 */
export const logScale = (least: number, most: number, { from, to }: Span, labels = 8): Scale => {
  const of = (value: number): number =>
    from + (to - from) * Math.min(1, Math.max(0, Math.log(value / least) / Math.log(most / least)));
  const ticks = [[1, 2, 5], [1, 3], [1]]
    .map((steps) => logTicks(least, most, steps))
    .find((all) => all.length <= labels);
  return { least, most, of, ticks: ticks ?? thinned(logTicks(least, most, [1]), labels), holds: within(least, most) };
};

/**
 * A logarithmic axis that begins and ends at a tick, so that nothing lies beyond its last number. If it spans less than four
 * times its least value, its ticks are evenly spaced in value, as on a linear axis.
 *
 * @param least greater than 0
 */
export const roundScale = (least: number, most: number, span: Span, labels = 8): Scale => {
  const decade = 10 ** Math.floor(Math.log10(least));
  const close = most / least < 4 ? [0.1, 0.2, 0.5, 1, 2, 5].map((step) => stepsAround(least, most, step * decade)) : [];
  const far = [[1, 2, 5], [1, 3], [1]].map((steps) => decadesAround(least, most, steps));
  const ticks = [...close, ...far].find((all) => all.length <= labels && all[0]! > 0) ?? thinned(far.at(-1)!, labels);
  return { ...logScale(Math.min(least, ticks[0]!), Math.max(most, ticks.at(-1)!), span), ticks };
};

/** Multiples of a step, from the last at or below the least to the first at or above the most. */
const stepsAround = (least: number, most: number, step: number): readonly number[] => {
  const [first, last] = [Math.floor(least / step + 1e-9), Math.ceil(most / step - 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
};

/** The same for steps in each decade. */
const decadesAround = (least: number, most: number, steps: readonly number[]): readonly number[] => {
  const all = logTicks(least / 10.001, most * 10.001, steps);
  const first = all.findLastIndex((tick) => tick <= least * (1 + 1e-9));
  const last = all.findIndex((tick) => tick >= most * (1 - 1e-9));
  return all.slice(Math.max(0, first), last + 1);
};

/** A linear axis from 0 to a tick at or beyond the largest value that it must hold. */
export const linearScale = (held: number, { from, to }: Span, labels = 6): Scale => {
  const step = held <= 0 ? 1 : roundUp(held / labels);
  const ticks = stepsAround(0, held <= 0 ? 0 : held, step);
  const most = ticks.at(-1)!;
  const of = (value: number): number => from + (to - from) * (most <= 0 ? 0 : Math.min(1, Math.max(0, value / most)));
  return { least: 0, most, of, ticks, holds: within(0, most) };
};

/** A logarithmic axis over all given times, in µs; it begins and ends at a tick. */
export const timeScale = (times: readonly number[], span: Span, labels = 8): Scale => {
  const known = times.filter((us) => us > 0 && Number.isFinite(us));
  const least = roundDown(Math.max(1, Math.min(...known, 1e9)));
  return roundScale(least, roundUp(Math.max(least, ...known)), span, labels);
};

const within =
  (least: number, most: number) =>
  (value: number): boolean =>
    value >= least * (1 - 1e-9) && value <= most * (1 + 1e-9);

const thinned = (ticks: readonly number[], labels: number): readonly number[] =>
  ticks.filter((_, index) => (ticks.length - 1 - index) % Math.ceil(ticks.length / labels) === 0);

/** A tick of a time axis. */
export const timeTick = (us: number): string => tickOf(Number(us.toPrecision(12)));

/** A tick of an axis of plain numbers: `0.5`, `20`, `5k`, `2M`. */
export const numberTick = (value: number): string => {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  return value >= 1e4 ? `${Number((value / 1e3).toPrecision(3))}k` : String(Number(value.toPrecision(3)));
};
