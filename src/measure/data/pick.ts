import type { Json } from '../../core/json.ts';

/** Which of the items, 0 … size − 1, iteration n gets; -1 if none is left for it. */
export type Pick = (iteration: number) => number;

/** What a pick is made for. */
export interface PickParts {
  readonly size: number;
  /** A number in [0, 1) for iteration n, and the 32 bits of seed and variable for a pick that needs more than one number. */
  readonly random: (iteration: number) => number;
  readonly key: number;
  readonly slot: SlotNumbers;
}

/** Where a slot stands among the slots of its mode, and the number of its first measured iteration. */
export interface SlotNumbers {
  readonly round: number;
  readonly firstIteration: number;
}

/** Makes a pick; `options` were parsed by the syntax of the word. */
export type MakePick = (options: Json, parts: PickParts) => Pick;

/** The place within the round. Where time decides how many iterations a round has, the numbers of rounds lie this far apart. */
export const placeInRound = (iteration: number): number => iteration % 2 ** 32;
