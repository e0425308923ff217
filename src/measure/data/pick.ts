import type { Json } from '../../core/json.ts';

/** Which of `size` values, 0 … size − 1, a number in [0, 1) stands for. */
export type Pick = (random: number) => number;

/** Makes a pick for a range of `size` values; `options` were parsed by the syntax of the word. */
export type MakePick = (size: number, options: Json) => Pick;
