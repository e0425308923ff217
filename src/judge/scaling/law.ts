import { leastSquares } from './least-squares.ts';

/** Throughput at one value of the axis. */
export interface Reading {
  /** Users or workers, above 0. */
  readonly at: number;
  /** Per second, above 0. */
  readonly throughput: number;
}

/**
 * The Universal Scalability Law (Gunther 2007): X(N) = γN / (1 + σ(N−1) + κN(N−1)). γ is the throughput of one, σ the share of the work
 * that is serial, κ the cost of each pair.
 */
export interface Law {
  readonly gamma: number;
  readonly sigma: number;
  readonly kappa: number;
}

/** A law, and how well it fits. */
export interface Fit extends Law {
  /** Sum of the squared residuals. */
  readonly cost: number;
  /** How many coefficients were free: 3, or fewer if σ or κ would be negative and is held at 0. */
  readonly free: number;
}

/** What is minimised: residuals of ln X, for noise that is a share of the throughput, or of X itself, as other tools do. */
export type Residual = 'logarithm' | 'absolute';

/** The throughput that the law predicts for `at`. */
export const throughputBy = ({ gamma, sigma, kappa }: Law, at: number): number =>
  (gamma * at) / (1 + sigma * (at - 1) + kappa * at * (at - 1));

/** Where the law peaks: 1 if every further one costs, Infinity if none does. */
export const peakOf = ({ sigma, kappa }: Law): number => {
  if (sigma >= 1) return 1;
  return kappa <= 0 ? Infinity : Math.max(1, Math.sqrt((1 - sigma) / kappa));
};

/** N ÷ X = a + b(N−1) + cN(N−1), with a = 1/γ, b = σ/γ, c = κ/γ: the law is linear in these three. */
const columnsAt = (at: number): readonly [number, number, number] => [1, at - 1, at * (at - 1)];

const boundedSets = [[0, 1, 2], [0, 1], [0, 2], [0]] as const;

/**
 * The law that fits best with σ and κ at least 0; `undefined` if nothing fits, for example with fewer readings than coefficients.
 *
 * Tries every set of free coefficients and takes the best one allowed: clamping the unbounded best fit would be wrong at the bound.
 *
 * @cost four fits of three coefficients at most: 50 µs for 8 readings
 */
export const fitLaw = (readings: readonly Reading[], residual: Residual = 'logarithm'): Fit | undefined => {
  let best: Fit | undefined;
  for (const free of boundedSets) {
    const found = descend(readings, free, residual);
    if (found === undefined || Math.min(found.sigma, found.kappa) < 0) continue;
    if (best === undefined || found.cost < best.cost - tie) best = found;
    if (free.length === 3) break;
  }
  return best;
};

const tie = 1e-15;

/** As {@link fitLaw}, but without bounds on σ and κ: intervals are made from this. */
export const fitUnbounded = (readings: readonly Reading[]): Fit | undefined =>
  descend(readings, [0, 1, 2], 'logarithm');

/** The smallest part of a step that is tried, the share by which the cost must fall for another step, and the most steps. */
const shortest = 1e-8;
const settled = 1e-13;
const mostSteps = 100;

/** Gauss-Newton with step halving, starting from a weighted linear fit. */
const descend = (readings: readonly Reading[], free: readonly number[], residual: Residual): Fit | undefined => {
  const isLog = residual === 'logarithm';
  const rows = readings.map(({ at }) => free.map((column) => columnsAt(at)[column]!));
  const cycles = readings.map(({ at, throughput }) => at / throughput);
  if (readings.length < free.length) return undefined;
  const modelled = (by: readonly number[]): readonly number[] =>
    rows.map((row) => row.reduce((sum, value, column) => sum + value * by[column]!, 0));
  const missed = (cycle: number, at: number): number =>
    isLog ? Math.log(cycles[at]! / cycle) : readings[at]!.throughput - readings[at]!.at / cycle;
  const costOf = (model: readonly number[]): number =>
    model.every((cycle) => cycle > 0) ? model.reduce((sum, cycle, at) => sum + missed(cycle, at) ** 2, 0) : Infinity;

  const first = readings.map(({ throughput }, at) => (isLog ? 1 : throughput ** 2) / cycles[at]! ** 2);
  const start = leastSquares(rows, cycles, first);
  if (start === undefined) return undefined;
  let coefficients: readonly number[] = start;
  let model = modelled(coefficients);
  let cost = costOf(model);
  if (cost === Infinity) {
    coefficients = free.map((_, column) => (column === 0 ? Math.min(...cycles) : 0));
    model = modelled(coefficients);
    cost = costOf(model);
  }
  let isBetter = true;
  for (let steps = 0; isBetter && steps < mostSteps; steps++) {
    isBetter = false;
    const weights = model.map((cycle, at) => (isLog ? 1 / cycle ** 2 : readings[at]!.at ** 2 / cycle ** 4));
    const aims = model.map((cycle, at) =>
      isLog ? cycle * missed(cycle, at) : (-missed(cycle, at) * cycle * cycle) / readings[at]!.at,
    );
    const step = leastSquares(rows, aims, weights);
    if (step === undefined) break;
    for (let part = 1; part > shortest; part /= 2) {
      const next: readonly number[] = coefficients.map((value, column) => value + part * step[column]!);
      const nextModel = modelled(next);
      const nextCost = costOf(nextModel);
      if (nextCost > cost) continue;
      isBetter = cost - nextCost > settled * cost;
      [coefficients, model, cost] = [next, nextModel, nextCost];
      break;
    }
  }
  const [a, b, c] = [0, 1, 2].map((column) => coefficients[free.indexOf(column as 0)] ?? 0);
  return { gamma: 1 / a!, sigma: b! / a!, kappa: c! / a!, cost, free: free.length };
};
