import { shuffled, stream, uniform } from '../../core/random.ts';

/** The place of a slot in the run: which mode, in which round, and at which position in it. */
export interface Place {
  readonly mode: number;
  readonly round: number;
  readonly position: number;
}

/**
 * The order of all slots: mirrored, and drawn from the seed.
 *
 * Rounds come in pairs, a permutation of the modes and its reverse, so that a drift of the machine over a pair affects all
 * modes alike. Which permutation comes first is drawn for each pair, so that no fixed rhythm can favour one.
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

const draw = (indices: readonly number[], seed: number, round: number): readonly number[] => {
  // Two modes have only two orders: a coin decides, not a shuffle of a shuffle.
  if (indices.length === 2) return coin(seed, round) ? indices : indices.toReversed();
  if (indices.length === 3) return turned(indices, seed, round);
  return shuffled(indices, seed, stream(`order.${round}`));
};

/**
 * Three modes: over six rounds each of the six orders occurs once, so that each mode comes after each other one equally
 * often, and is first, second and third equally often. Which pair comes when, and in which direction, is drawn.
 */
const turned = (indices: readonly number[], seed: number, round: number): readonly number[] => {
  const block = Math.floor(round / 6);
  const turn = shuffled([0, 1, 2], seed, stream(`order.block.${block}`))[(round % 6) / 2]!;
  const order = indices.map((_, at) => indices[(at + turn) % 3]!);
  return coin(seed, round) ? order : order.toReversed();
};

const coin = (seed: number, round: number): boolean => uniform(seed, stream('order'), round) < 0.5;
