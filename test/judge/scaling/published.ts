import type { Reading } from '../../../src/judge/scaling/law.ts';

const readings = (at: readonly number[], throughputs: readonly number[]): readonly Reading[] =>
  at.map((value, index) => ({ at: value, throughput: throughputs[index]! }));

const oneTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

/** SPEC SDM91, in the R package `usl` (smoeding/usl, README). */
export const specsdm91 = readings(
  [1, 18, 36, 72, 108, 144, 216],
  [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2],
);

/** A ray tracer, in the same package. */
export const raytracer = readings(
  [1, 4, 8, 12, 16, 20, 24, 28, 32, 48, 64],
  [20, 78, 130, 170, 190, 200, 210, 230, 260, 280, 310],
);

/** Cisco, from Schwartz: Practical Scalability Analysis with the Universal Scalability Law; in codahale/usl4j. */
export const cisco = readings(
  oneTo(32),
  [
    955.16, 1878.91, 2688.01, 3548.68, 4315.54, 5130.43, 5931.37, 6531.08, 7219.8, 7867.61, 8278.71, 8646.7, 9047.84,
    9426.55, 9645.37, 9897.24, 10097.6, 10240.5, 10532.39, 10798.52, 11151.43, 11518.63, 11806, 12089.37, 12075.41,
    12177.29, 12211.41, 12158.93, 12155.27, 12118.04, 12140.4, 12074.39,
  ],
);

/** Made by σ = κ = 0.02 and γ = 1, rounded (tests of `usl`). */
export const made = readings([1, 2, 4, 6, 8, 10], [1, 1.8868, 3.0769, 3.5294, 3.5398, 3.3557]);

/** Made by σ = 0.5, κ = 0.125 and γ = 1, rounded (an older test of `usl`). */
export const steep = readings([1, 3, 4, 12, 24, 48], [1, 1.090909, 1, 0.5217391, 0.2944785, 0.1566068]);
