import { lengthOf, type Load, type Stop } from '../../core/plan/plan.ts';
import type { Job } from '../../core/slot.ts';
import { micros } from '../../core/units.ts';

/**
 * A slot's share of a mode's work: equal lengths, or iterations divided exactly, with the remainder in the first rounds.
 * Stages are run whole in every slot.
 */
export const ofRound = ({ stop, stages }: Load, round: number, rounds: number): Job['stop'] => {
  if (stop.kind === 'iterations') {
    const before = iterationsBefore(stop.iterations, round, rounds);
    return { kind: 'iterations', iterations: iterationsBefore(stop.iterations, round + 1, rounds) - before };
  }
  return {
    kind: 'duration',
    durationUs: stop.kind === 'stages' ? lengthOf(stages) : micros(Math.round(stop.durationUs / rounds)),
  };
};

const iterationsBefore = (iterations: number, round: number, rounds: number): number =>
  Math.floor(iterations / rounds) * round + Math.min(round, iterations % rounds);

/** Rounds do not share iteration numbers; where time decides how many there are, each gets more numbers than it can use. */
export const firstIterationOf = (stop: Stop, round: number, rounds: number): number =>
  stop.kind !== 'iterations' ? round * 2 ** 32 : iterationsBefore(stop.iterations, round, rounds);
