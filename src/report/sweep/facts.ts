import type { SweepResult } from '../../core/result/sweep.ts';
import { many } from '../format.ts';
import { plain } from '../plain.ts';
import { took } from '../sections/first/title.ts';

/** What was swept, to follow its name: how much, over what, how long it took, seed; each safe and short. */
export const sweepFacts = ({ scenario, points, axis, find, tookUs }: SweepResult): readonly string[] => {
  const modes = new Set(points.flatMap((point) => point.modes.map(({ name }) => name))).size;
  const what =
    find === 'capacity'
      ? modes <= 1
        ? []
        : [many(modes, 'mode')]
      : [`${many(modes, 'mode')} × ${many(points.length, 'point')} × ${many(scenario.rounds, 'round')}`];
  return [...what, `over ${plain(axis.name, 40)}`, took(tookUs), `seed ${scenario.seed}`];
};
