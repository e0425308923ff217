import { incompleteBeta } from './beta.ts';

/**
 * The probability that a variable of Fisher's F distribution exceeds `f` (Abramowitz, Stegun: 26.6.2).
 *
 * @param above degrees of freedom of the numerator, above 0
 * @param below of the denominator, above 0
 */
export const fisherTail = (f: number, above: number, below: number): number =>
  f <= 0 ? 1 : incompleteBeta(below / (below + above * f), below / 2, above / 2);
