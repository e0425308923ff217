import { logTicks, roundDown, roundUp, tickOf } from '../../axis.ts';

/** An axis: where a value lies on it, and its ticks. */
export interface Scale {
  readonly least: number;
  readonly most: number;
  /** The place of a value in px; what lies beyond an end is at that end. */
  readonly of: (value: number) => number;
  readonly ticks: readonly number[];
  /** Whether a value lies on the axis. */
  readonly holds: (value: number) => boolean;
}

/** The span of pixels that an axis takes; `from` is where its least value lies. */
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

/** A linear axis from 0. */
export const linearScale = (most: number, { from, to }: Span, labels = 6): Scale => {
  const step = most <= 0 ? 1 : roundUp(most / labels);
  const ticks = Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
  const of = (value: number): number => from + (to - from) * (most <= 0 ? 0 : Math.min(1, Math.max(0, value / most)));
  return { least: 0, most, of, ticks, holds: within(0, most) };
};

/** A logarithmic axis of times over all that is given, in µs, its ends at 1, 2 or 5. */
export const timeScale = (times: readonly number[], span: Span, labels = 8): Scale => {
  const known = times.filter((us) => us > 0 && Number.isFinite(us));
  const least = roundDown(Math.max(1, Math.min(...known, 1e9)));
  return logScale(least, roundUp(Math.max(least, ...known)), span, labels);
};

const within =
  (least: number, most: number) =>
  (value: number): boolean =>
    value >= least * (1 - 1e-9) && value <= most * (1 + 1e-9);

const thinned = (ticks: readonly number[], labels: number): readonly number[] =>
  ticks.filter((_, index) => index % Math.ceil(ticks.length / labels) === 0);

/** A tick of times. */
export const timeTick = (us: number): string => tickOf(Number(us.toPrecision(12)));

/** A tick of plain numbers: `0.5`, `20`, `5k`, `2M`. */
export const numberTick = (value: number): string => {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  return value >= 1e4 ? `${Number((value / 1e3).toPrecision(3))}k` : String(Number(value.toPrecision(3)));
};
