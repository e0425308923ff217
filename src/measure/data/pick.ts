import type { Json } from '../../core/json.ts';

/** Which of the items, 0 … size − 1, iteration n gets; -1: none is left for it. */
export type Pick = (iteration: number) => number;

/** What a pick is made for. */
export interface PickParts {
  readonly size: number;
  /** A number in [0, 1) for iteration n, and the 32 bits of seed and variable for what needs more than one. */
  readonly random: (iteration: number) => number;
  readonly key: number;
  readonly slot: SlotNumbers;
}

/** Where a slot is among those of its mode, and the number of its first measured iteration. */
export interface SlotNumbers {
  readonly round: number;
  readonly firstIteration: number;
}

/** Makes a pick; `options` were parsed by the syntax of the word. */
export type MakePick = (options: Json, parts: PickParts) => Pick;

/** Where time decides how many iterations a round has, rounds are so far apart: this is the place within one. */
export const placeInRound = (iteration: number): number => iteration % 2 ** 32;
