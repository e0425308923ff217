import { shuffled, stream, uniform } from '../../core/random.ts';

/** Where a slot stands in the run: which mode, in which round, and at which place of it. */
export interface Place {
  readonly mode: number;
  readonly round: number;
  readonly position: number;
}

/**
 * The order of all slots: mirrored, and drawn from the seed.
 *
 * Rounds come in pairs, a permutation of the modes and its reverse, so that a drift of the machine over a pair touches
 * all modes alike; which permutation comes first is drawn for each pair, so that no fixed rhythm can favour one.
 */
export const orderOf = (modes: number, rounds: number, seed: number): readonly Place[] => {
  const indices = Array.from({ length: modes }, (_, index) => index);
  const places: Place[] = [];
  let permutation: readonly number[] = [];
  for (let round = 0; round < rounds; round++) {
    permutation = round % 2 === 0 ? draw(indices, seed, round) : permutation.toReversed();
    permutation.forEach((mode, position) => places.push({ mode, round, position }));
  }
  return places;
};

const draw = (indices: readonly number[], seed: number, round: number): readonly number[] =>
  // Two modes have but two orders: a coin, not a shuffle of a shuffle.
  indices.length === 2
    ? uniform(seed, stream('order'), round) < 0.5
      ? indices
      : indices.toReversed()
    : shuffled(indices, seed, stream(`order.${round}`));
