import { slotExpectedUs } from '../../core/plan/length.ts';
import type { Mode } from '../../core/plan/plan.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import type { SweepPlan } from '../../core/sweep/plan.ts';
import { isHopeless } from '../../judge/silence.ts';
import { mostStages } from '../../judge/scaling/crossing.ts';
import { nextStage } from '../../judge/sweep/crossings.ts';
import { sweepResult } from '../../judge/sweep/result.ts';
import { withinBudget } from '../budget.ts';
import type { Course } from '../course.ts';
import type { Round } from '../schedule.ts';
import type { SweepOptions } from './options.ts';
import { judgingPoints, slotsAt, type StagedPoint } from './points.ts';
import { gridOf, type DuePoint } from './schedule.ts';

/**
 * The course of a grid: all points in every round. If a crossing is searched, at most two stages of new points inside each
 * bracket follow. A mode that completes nothing at a point is not measured there again.
 */
export const gridCourse = (sweep: SweepPlan, options: SweepOptions): Course<SweepResult> => {
  const { axis, find, planAt } = sweep;
  const { watch, budgetUs, host } = options;
  const ground = sweep.points[sweep.points.length >> 1]!;
  const { plan } = ground;
  const isTwice = find === 'crossing';
  const beganUs = host.clock.now();
  const judged = judgingPoints(options, ground.at, isTwice);
  const points: StagedPoint[] = sweep.points.map((point) => ({ ...point, stage: 0 }));
  const hopeless = new Set<Mode>();
  const queue: Round[] = [];
  let stage = -1;
  let { cut } = options;
  let fitted: ((round: Round, index: number) => Round) | undefined;
  let index = 0;

  const add = (due: readonly DuePoint[]): void => {
    const rounds = gridOf(due, plan, stage);
    if (stage === 0) {
      const [first, ...others] = due.flatMap(({ plan: { modes } }) => modes);
      fitted = withinBudget({ ...plan, modes: [first!, ...others] }, { rounds, reserve: [] }, options, beganUs);
    } else fitted = undefined;
    index = 0;
    queue.push(...rounds);
    Object.assign(watch, {
      slotsTotal: watch.slotsDone + rounds.flat().length,
      rounds: plan.rounds + Math.max(...due.map(({ before }) => before)),
    });
  };

  const refine = (found: SweepResult): void => {
    const places = nextStage(found.points, found.crossings, axis.kind, plan.rounds);
    const due = [
      ...places.fresh.map((at) => ({ at, plan: planAt(at), before: 0 })),
      ...places.again.map((at) => ({ ...points.find((point) => point.at === at)!, before: plan.rounds })),
    ];
    const takesUs = due
      .flatMap((point) => point.plan.modes)
      .reduce((sum, mode) => sum + plan.rounds * slotExpectedUs(mode, plan.rounds), 0);
    if (budgetUs !== undefined && host.clock.now() - beganUs + takesUs > budgetUs) {
      cut ??= 'the budget left no time to refine where the modes cross';
      return;
    }
    if (due.length === 0) return;
    points.push(...due.filter(({ before }) => before === 0).map(({ at, plan: own }) => ({ at, plan: own, stage })));
    add(due);
  };

  return {
    next: (look) => {
      if (queue.length === 0 && stage < (isTwice ? mostStages : 0)) {
        stage++;
        if (stage === 0) add(points.map((point) => ({ ...point, before: 0 })));
        else refine(look(true));
      }
      const round = queue.shift();
      if (round === undefined) return undefined;
      const left = round.filter(({ mode }) => !hopeless.has(mode));
      watch.slotsDone += round.length - left.length;
      return fitted?.(left, index++) ?? left;
    },
    isPointless: ({ mode, at }, slots) => {
      const own = points.find((point) => point.at === at)?.plan.modes.find(({ name }) => name === mode.name);
      if (own !== undefined && isHopeless(own, slotsAt(slots, at!))) hopeless.add(own);
      return hopeless.size === points.reduce((sum, point) => sum + point.plan.modes.length, 0);
    },
    found: (walked, finished) =>
      sweepResult(
        {
          sweep,
          points: judged(points, walked),
          capacity: [],
          cut,
          walked,
          plan,
          finished,
        },
        options,
      ),
  };
};
