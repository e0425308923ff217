import { even } from './even.ts';
import type { MakeGap } from './gap.ts';
import { poisson } from './poisson.ts';
import type { ArrivalName } from './syntax.ts';

/** How arrivals are spaced in time, by the word of a scenario's `arrival`. */
export const gaps: { readonly [name in ArrivalName]: MakeGap } = { even, poisson };
