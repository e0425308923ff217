import type { Plan } from '../../core/plan/plan.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import type { SweepPlan } from '../../core/sweep/plan.ts';
import type { Course } from '../course.ts';
import { capacityCourse } from './capacity.ts';
import { gridCourse } from './grid.ts';
import type { SweepOptions } from './options.ts';

/**
 * The point whose targets are opened and warmed for all of them: the one in the middle, which is neither idle nor overloaded; of a
 * search for capacity the lowest.
 */
export const groundOf = ({ points, find }: SweepPlan): Plan =>
  points[find === 'capacity' ? 0 : points.length >> 1]!.plan;

/** The course of a sweep: its grid, with what is refined inside of it, or the search for capacity. */
export const sweepCourse = (sweep: SweepPlan, options: SweepOptions): Course<SweepResult> =>
  sweep.find === 'capacity' ? capacityCourse(sweep, options) : gridCourse(sweep, options);
