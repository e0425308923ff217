import type { Slot } from '../../core/slot.ts';
import type { Point } from '../../core/sweep/plan.ts';
import type { MeasuredPoint } from '../../judge/sweep/points.ts';
import { pointResult } from '../../judge/sweep/points.ts';
import type { Walked } from '../course.ts';
import type { SweepOptions } from './options.ts';

/** The slots of one point. */
export const slotsAt = (slots: readonly Slot[], point: number): readonly Slot[] =>
  slots.filter(({ at }) => at === point);

/** A point of a sweep, with the stage in which it was added. */
export interface StagedPoint extends Point {
  readonly stage: number;
}

/** Judges the points that were measured; rising. */
export type JudgePoints = (points: readonly StagedPoint[], walked: Walked) => readonly MeasuredPoint[];

/**
 * Judges every point as a run of its own; points without new slots are not judged again.
 *
 * @param ground the point for which the targets were warmed up: it reports what that sent
 * @param isTwice whether points may be measured twice
 */
export const judgingPoints = (options: SweepOptions, ground: number, isTwice: boolean): JudgePoints => {
  const known = new Map<number, { readonly slots: number; readonly point: MeasuredPoint }>();
  const judge = ({ at, plan, stage }: StagedPoint, slots: readonly Slot[], walked: Walked): MeasuredPoint => {
    const before = known.get(at);
    if (before?.slots === slots.length) return before.point;
    const warmedUp = at === ground ? walked.warmedUp : new Map(plan.modes.map(({ name }) => [name, []]));
    const measured = {
      ...walked,
      plan,
      slots,
      warmedUp,
      serves: [],
      agents: [],
      told: [],
      invalid: undefined,
      finished: true,
    };
    const point = pointResult(at, stage, measured, { ...options, baseline: undefined, extend: isTwice });
    known.set(at, { slots: slots.length, point });
    return point;
  };
  return (points, walked) =>
    points
      .toSorted((a, b) => a.at - b.at)
      .flatMap((point) => {
        const slots = slotsAt(walked.slots, point.at);
        return slots.length === 0 ? [] : [judge(point, slots, walked)];
      });
};
