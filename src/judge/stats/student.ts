import { incompleteBeta } from './beta.ts';

/**
 * The t quantile: the value that a Student t variable stays below with this probability.
 *
 * By bisection on the distribution function, to a relative 1e-10.
 *
 * @param probability between 0 and 1, both excluded
 * @param freedom degrees of freedom, above 0; need not be whole
 * @cost 20 µs
 */
export const studentQuantile = (probability: number, freedom: number): number => {
  if (probability === 0.5) return 0;
  if (probability < 0.5) return -studentQuantile(1 - probability, freedom);
  let high = 1;
  while (studentCdf(high, freedom) < probability) high *= 2;
  let low = 0;
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, freedom) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/**
 * The probability that a Student t variable is at most `t`.
 *
 * By the incomplete beta function (Abramowitz, Stegun: Handbook of Mathematical Functions, 26.7.1).
 *
 * @param freedom degrees of freedom, above 0; need not be whole
 */
export const studentCdf = (t: number, freedom: number): number => {
  const beyond = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t > 0 ? 1 - beyond : beyond;
};
