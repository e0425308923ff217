import type { Cheapest, Drawback } from '../../core/result/cheapest.ts';
import type { ModeResult } from '../../core/result/result.ts';
import type { Best } from '../compare/apart.ts';

/** The mode to choose, as data and in a sentence. */
export interface Conclusion {
  readonly cheapest: Cheapest;
  readonly sentence: string;
}

/** The best of some modes, in the form of the document, and what speaks against it. A single candidate is no choice. */
export const cheapestOf = (best: Best, drawbacks: readonly Drawback[]): Cheapest =>
  best.is === 'none'
    ? { is: 'none', modes: [] }
    : {
        is: best.among === 1 ? 'only' : best.is,
        modes: best.modes.map(({ name }: ModeResult) => name),
        ...(drawbacks.length === 0 ? {} : { drawbacks }),
      };
