import { uniform } from '../../core/random.ts';
import type { MakeGap } from './gap.ts';

/** A Poisson process: gaps are exponential and independent, as with callers that know nothing of each other. */
export const poisson: MakeGap = (seed, ofStream) => (arrival) => -Math.log(1 - uniform(seed, ofStream, arrival));
