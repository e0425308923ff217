/**
 * I_x(a, b), the regularised incomplete beta function: the continued fraction on whichever side converges fast (Abramowitz, Stegun:
 * 26.5.8).
 */
export const incompleteBeta = (x: number, a: number, b: number): number => {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
};

const mostTerms = 10_000;
const tiny = 1e-300;

/** The continued fraction of the incomplete beta function, by Lentz's method. */
const fraction = (x: number, a: number, b: number): number => {
  const nonZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let numerator = 1;
  let denominator = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let product = denominator;
  for (let term = 1; term <= mostTerms; term++) {
    const twice = 2 * term;
    const even = (term * (b - term) * x) / ((a + twice - 1) * (a + twice));
    const odd = (-(a + term) * (a + b + term) * x) / ((a + twice) * (a + twice + 1));
    for (const coefficient of [even, odd]) {
      denominator = 1 / nonZero(1 + coefficient * denominator);
      numerator = nonZero(1 + coefficient / numerator);
      product *= denominator * numerator;
    }
    if (Math.abs(denominator * numerator - 1) < 1e-15) break;
  }
  return product;
};

const halfLogTwoPi = Math.log(2 * Math.PI) / 2;

/** ln Γ(x) for x above 0: Stirling's series from 10 on, to 1e-12, and the recurrence below. */
const logGamma = (x: number): number => {
  if (x < 10) return logGamma(x + 1) - Math.log(x);
  const square = x * x;
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / x;
  return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + series;
};
