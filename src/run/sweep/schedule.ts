import { stream, random32 } from '../../core/random.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Point } from '../../core/sweep/plan.ts';
import { orderOf } from '../../measure/runner/order.ts';
import type { Round } from '../schedule.ts';

/** A point to be measured, and how many rounds it has had. */
export interface DuePoint extends Point {
  readonly before: number;
}

/**
 * Rounds of a sweep: each measures every mode at every point once. The points are drawn and mirrored, and so are the modes within
 * a point, which stay next to each other, so that drift affects those that are compared equally.
 *
 * @param stage which rounds these are: each stage is drawn separately
 */
export const gridOf = (
  points: readonly DuePoint[],
  { seed, rounds }: Pick<Plan, 'seed' | 'rounds'>,
  stage = 0,
): readonly Round[] => {
  const order = orderOf(points.length, rounds, random32(seed, stream('sweep.points'), stage));
  const inside = points.map(({ at, plan }) => orderOf(plan.modes.length, rounds, seedAt(seed, at)));
  return Array.from({ length: rounds }, (_, round) =>
    order
      .filter((place) => place.round === round)
      .flatMap(({ mode: point }) => {
        const { at, plan, before } = points[point]!;
        return inside[point]!.filter((place) => place.round === round).map(({ mode, position }) => ({
          mode: plan.modes[mode]!,
          round: before + round,
          position,
          at,
          seed: seedAt(seed, at),
        }));
      }),
  );
};

/** Each point has values of its own: a foreign target may refuse a value that comes again. */
export const seedAt = (seed: number, at: number): number => random32(seed, stream(`sweep.at.${at}`), 0);
