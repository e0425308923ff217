import { uniform } from '../../core/random.ts';
import type { MakeGap } from './gap.ts';

/** A Poisson process: gaps are exponential and independent, as between callers who know nothing of one another. */
export const poisson: MakeGap = (seed, ofStream) => (arrival) => -Math.log(1 - uniform(seed, ofStream, arrival));
