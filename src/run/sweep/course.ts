import type { Plan } from '../../core/plan/plan.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import type { SweepPlan } from '../../core/sweep/plan.ts';
import type { Course } from '../course.ts';
import { capacityCourse } from './capacity.ts';
import { gridCourse } from './grid.ts';
import type { SweepOptions } from './options.ts';

/**
 * The point whose targets are opened and warmed up for all points: the middle one, which is neither idle nor overloaded; in a
 * search for capacity, the lowest.
 */
export const groundOf = ({ points, find }: SweepPlan): Plan =>
  points[find === 'capacity' ? 0 : points.length >> 1]!.plan;

/** The course of a sweep: its grid with the points that refine it, or the search for capacity. */
export const sweepCourse = (sweep: SweepPlan, options: SweepOptions): Course<SweepResult> =>
  sweep.find === 'capacity' ? capacityCourse(sweep, options) : gridCourse(sweep, options);
