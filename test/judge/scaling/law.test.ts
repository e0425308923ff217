import { describe, expect, test } from 'vitest';
import { leastSquares } from '../../../src/judge/scaling/least-squares.ts';
import { fitLaw, peakOf, throughputBy, type Fit, type Law, type Reading } from '../../../src/judge/scaling/law.ts';
import { cisco, made, raytracer, specsdm91, steep } from './published.ts';

const absolute = (readings: readonly Reading[]): Fit => fitLaw(readings, 'absolute')!;

/** The residual standard error, on n − 3 degrees of freedom. */
const rseOf = (readings: readonly Reading[], { cost }: Fit): number => Math.sqrt(cost / (readings.length - 3));

const expectClose = (value: number, published: number, share = 1e-4): void =>
  expect(Math.abs(value / published - 1), `${value} beside ${published}`).toBeLessThanOrEqual(share);

describe('with the residuals of the throughput itself, as others have them, the law is that of', () => {
  test('SPEC SDM91 as R usl gives it: coefficients, peak, limit and residual standard error', () => {
    const fit = absolute(specsdm91);
    expectClose(fit.sigma, 0.0277285);
    expect(fit.kappa.toFixed(7)).toBe('0.0001044');
    expectClose(fit.gamma, 89.995233);
    expect(Math.abs(peakOf(fit) - 96.51956)).toBeLessThanOrEqual(1e-4);
    expectClose(throughputBy(fit, peakOf(fit)), 1884, 3e-4);
    expectClose(fit.gamma / fit.sigma, 3245.589);
    expectClose(1 / fit.sigma, 36.06401);
    expectClose(rseOf(specsdm91, fit), 82.85);
  });

  test('SPEC SDM91 with the standard errors of its coefficients', () => {
    const fit = absolute(specsdm91);
    const [sigma, kappa, gamma] = standardErrors(specsdm91, fit);
    expectClose(sigma!, 0.0091217);
    expect(kappa!.toFixed(7)).toBe('0.0000199');
    expectClose(gamma!, 14.2134894);
  });

  test('the ray tracer, whose κ is held at 0 exactly', () => {
    const fit = absolute(raytracer);
    expect(fit.kappa).toBe(0);
    expect(fit.free).toBe(2);
    expect(peakOf(fit)).toBe(Infinity);
    expectClose(fit.sigma, 0.057771);
    expectClose(fit.gamma, 21.848843);
    expectClose(rseOf(raytracer, fit), 9.336);
  });

  test('the first six, and the first five, points of the ray tracer', () => {
    const six = absolute(raytracer.slice(0, 6));
    expect([six.sigma.toFixed(5), six.kappa.toFixed(5), six.gamma.toFixed(4)]).toEqual([
      '0.02444',
      '0.00163',
      '20.8560',
    ]);
    expectClose(six.gamma, 20.85605);
    expectClose(six.sigma, 0.02444404);
    expectClose(six.kappa, 0.001626809);
    const five = absolute(raytracer.slice(0, 5));
    expect([five.sigma.toFixed(3), five.kappa.toFixed(3), five.gamma.toFixed(3)]).toEqual(['0.028', '0.001', '21.059']);
    expectClose(five.sigma, 0.02789501);
    expectClose(five.kappa, 0.001460803);
  });

  test('Cisco as usl4j gives it, to 0.02 %', () => {
    const fit = absolute(cisco);
    expectClose(fit.sigma, 0.02671591, 2e-4);
    expectClose(fit.kappa, 7.690945e-4, 2e-4);
    expectClose(fit.gamma, 995.6486, 2e-4);
    expect(Math.floor(peakOf(fit))).toBe(35);
    expectClose(throughputBy(fit, 35), 12341, 2e-4);
    expectClose(peakOf(fit), 35.574);
  });

  test('Cisco up to ten, with as many as there are at a latency', () => {
    const fit = absolute(cisco.slice(0, 10));
    expectClose(fit.sigma, 0.01700277);
    expectClose(fit.kappa, 4.465391e-4);
    expectClose(fit.gamma, 938.379);
    expect(peakOf(fit)).toBeCloseTo(46.9, 0);
    expectClose(numberAtLatency(fit, 0.0012), 7.230628979597649);
    expectClose(numberAtLatency(fit, 0.0016), 20.25106409917121);
    expectClose(numberAtLatency(fit, 0.002), 29.88889360938781);
  });

  test('what was made by a law: N* is 7, and 2', () => {
    const fit = absolute(made);
    expectClose(fit.sigma, 0.02, 3e-4);
    expectClose(fit.kappa, 0.02, 3e-4);
    expectClose(fit.gamma, 1);
    expect(peakOf(fit)).toBeCloseTo(7, 3);
    const other = absolute(steep);
    expectClose(other.sigma, 0.5);
    expectClose(other.kappa, 0.125);
    expectClose(other.gamma, 1);
    expect(peakOf(other)).toBeCloseTo(2, 4);
  });
});

describe('with γ held at the throughput of one, as Gunther has it, the law of', () => {
  test('Cisco is the one that gnuplot found', () => {
    const { sigma, kappa } = withGammaOfOne(cisco);
    expectClose(sigma, 0.0207163);
    expectClose(kappa, 0.000861226);
  });

  test('SPEC SDM91 peaks at 94.2', () => {
    expect(peakOf(withGammaOfOne(specsdm91))).toBeCloseTo(94.2, 1);
  });

  test('SPEC SDM91 by the linear transform of usl 1.8.0 is .01705 and 7.892e-5, and peaks at 111.6', () => {
    const one = specsdm91[0]!.throughput;
    const rows = specsdm91.map(({ at }) => [at - 1, at * (at - 1)]);
    const observed = specsdm91.map(({ at, throughput }) => (at * one) / throughput - 1);
    const [sigma, kappa] = leastSquares(
      rows,
      observed,
      specsdm91.map(() => 1),
    )!;
    expectClose(sigma!, 0.01704689);
    expectClose(kappa!, 7.892498e-5);
    expect(peakOf({ gamma: one, sigma: sigma!, kappa: kappa! })).toBeCloseTo(111.6, 1);
  });
});

describe('with the residuals of its logarithm, as contend has them, the law of', () => {
  test.each([
    ['SPEC SDM91', specsdm91, 0.0134525, 1.1511e-4, 67.9423, 92.577],
    ['the ray tracer', raytracer, 0.0564054, 3.3583e-6, 21.5915, 530.06],
    ['Cisco', cisco, 0.0204539, 8.9096e-4, 960.151, 33.158],
  ])('%s', (_, readings, sigma, kappa, gamma, peak) => {
    const fit = fitLaw(readings)!;
    expectClose(fit.sigma, sigma);
    expectClose(fit.kappa, kappa);
    expectClose(fit.gamma, gamma);
    expectClose(peakOf(fit), peak);
  });

  test('Cisco up to ten has no peak', () => {
    const fit = fitLaw(cisco.slice(0, 10))!;
    expect(fit.kappa).toBe(0);
    expectClose(fit.sigma, 0.0231592);
  });
});

test('no law fits fewer readings than it has coefficients for, and one reading is only a level', () => {
  expect(fitLaw([])).toBeUndefined();
  expect(fitLaw([{ at: 1, throughput: 10 }])).toMatchObject({ sigma: 0, kappa: 0, free: 1 });
});

test('a law whose every further one costs peaks at 1', () => {
  expect(peakOf({ gamma: 100, sigma: 1.02, kappa: 0 })).toBe(1);
  expect(peakOf({ gamma: 100, sigma: 0.1, kappa: 2 })).toBe(1);
});

/** How many there are where each cycle takes so long. */
const numberAtLatency = ({ gamma, sigma, kappa }: Law, latency: number): number => {
  const half = (sigma - kappa) / 2 / kappa;
  return -half + Math.sqrt(half ** 2 - (1 - sigma - latency * gamma) / kappa);
};

/** The least squares over σ and κ alone, by descent along the axes and their diagonal. */
const withGammaOfOne = (readings: readonly Reading[]): Law => {
  const gamma = readings[0]!.throughput;
  const costOf = (sigma: number, kappa: number): number =>
    readings.reduce(
      (sum, { at, throughput }) => sum + (throughput - throughputBy({ gamma, sigma, kappa }, at)) ** 2,
      0,
    );
  let [sigma, kappa, ofSigma, ofKappa] = [0.01, 1e-4, 0.01, 1e-4];
  while (ofSigma > 1e-12) {
    const moves = [
      [ofSigma, 0],
      [-ofSigma, 0],
      [0, ofKappa],
      [0, -ofKappa],
      [ofSigma, -ofKappa],
      [-ofSigma, ofKappa],
    ];
    const here = costOf(sigma, kappa);
    const [s, k] = moves.find((move) => costOf(sigma + move[0]!, kappa + move[1]!) < here) ?? [];
    if (s === undefined) [ofSigma, ofKappa] = [ofSigma / 2, ofKappa / 2];
    else [sigma, kappa] = [sigma + s, kappa + k!];
  }
  return { gamma, sigma, kappa };
};

/** Of σ, κ and γ: from the curvature of the fit, by differences. */
const standardErrors = (readings: readonly Reading[], fit: Fit): readonly number[] => {
  const by = [fit.sigma, fit.kappa, fit.gamma];
  const slopes = readings.map(({ at }) =>
    by.map((value, index) => {
      const moved = (share: number): number => {
        const [sigma, kappa, gamma] = by.map((one, other) => (other === index ? value * (1 + share) : one));
        return throughputBy({ sigma: sigma!, kappa: kappa!, gamma: gamma! }, at);
      };
      return (moved(1e-5) - moved(-1e-5)) / (2e-5 * value);
    }),
  );
  const rse = rseOf(readings, fit);
  // A column of the inverse of J'J is what least squares give of J'(e) = unit vector; solved through the normal equations.
  return by.map((_, index) => {
    const others = [0, 1, 2].filter((one) => one !== index);
    const rest = leastSquares(
      slopes.map((row) => others.map((one) => row[one]!)),
      slopes.map((row) => row[index]!),
      slopes.map(() => 1),
    )!;
    const apart = slopes.reduce(
      (sum, row) => sum + (row[index]! - others.reduce((all, one, at) => all + row[one]! * rest[at]!, 0)) ** 2,
      0,
    );
    return rse / Math.sqrt(apart);
  });
};
