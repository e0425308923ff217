import type { SweepResult } from '../../../core/result/sweep.ts';
import { fitted } from '../../html/draw/label.ts';
import type { Scale, Span } from '../../html/draw/scale.ts';

/** Room at both ends of the axis, as a share of it, so that the first and the last value are not at the edge. */
const room = 0.035;

/**
 * The swept axis: logarithmic, except for a skew.
 *
 * @param ticks the measured values, rising
 */
export const placesOf = (axis: SweepResult['axis'], ticks: readonly number[], { from, to }: Span): Scale => {
  const least = Math.min(...ticks);
  const most = Math.max(...ticks);
  const isLinear = axis.kind === 'skew' || least <= 0;
  const shareOf = (value: number): number => {
    if (most === least) return 0.5;
    return isLinear ? (value - least) / (most - least) : Math.log(value / least) / Math.log(most / least);
  };
  const margin = room * (to - from);
  const of = (value: number): number => {
    return Math.min(to, Math.max(from, from + margin + (to - from - 2 * margin) * shareOf(value)));
  };
  return { least, most, of, ticks, holds: (value) => value >= least && value <= most };
};

/** Values between two ends, evenly spaced on the axis, to draw a curve through. */
export const between = (axis: SweepResult['axis'], [from, to]: readonly [number, number]): readonly number[] =>
  Array.from({ length: curvePoints + 1 }, (_, index) =>
    axis.kind === 'skew' || from <= 0
      ? from + ((to - from) * index) / curvePoints
      : from * (to / from) ** (index / curvePoints),
  );

const curvePoints = 80;

/** The most room for a variable's name in a title, in px. */
const widestName = 260;

/** What the axis counts: `users`, or the variable whose keys or skew it raises. */
export const axisTitle = ({ kind, name }: SweepResult['axis']): string => {
  const words: { readonly [kind in SweepResult['axis']['kind']]: string } = {
    users: 'users (log)',
    rate: 'arrivals offered per second (log)',
    workers: 'workers (log)',
    keys: `keys of ${fitted(name.replace(/^data\./u, ''), widestName)} (log)`,
    skew: `skew of ${fitted(name.replace(/^data\.|\.pick\.zipf$/gu, ''), widestName)}`,
  };
  return words[kind];
};
