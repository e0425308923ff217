/**
 * The probability of every sum of a random half of the ranks: each is in or out by the toss of a coin.
 *
 * @param ranks whole numbers
 * @returns by sum, from 0 to the sum of all
 * @cost ranks × their sum: 12 rounds 1,000 steps, 200 rounds 4 million
 */
const sumsOf = (ranks: readonly number[]): Float64Array => {
  const most = ranks.reduce((sum, rank) => sum + rank, 0);
  const chances = new Float64Array(most + 1);
  chances[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    reached += rank;
    for (let sum = reached; sum >= 0; sum--) {
      chances[sum] = (chances[sum]! + (sum >= rank ? chances[sum - rank]! : 0)) / 2;
    }
  }
  return chances;
};

/** Differences of logarithms closer than this are equal: rounding errors are not an order. */
const same = 1e-12;

/** Twice the rank of each size, with equal sizes sharing their middle rank: whole numbers. */
const doubledRanks = (sizes: readonly number[]): readonly number[] => {
  const order = [...sizes.keys()].sort((a, b) => sizes[a]! - sizes[b]!);
  const ranks = Array.from({ length: sizes.length }, () => 0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && sizes[order[to + 1]!]! - sizes[order[from]!]! < same) to++;
    for (let at = from; at <= to; at++) ranks[order[at]!] = from + to + 2;
    from = to + 1;
  }
  return ranks;
};

/**
 * The probability of differences this far above `shift` if their middle were at most `shift`: Wilcoxon's signed-rank test, one-sided and
 * exact, including ties. A difference of exactly `shift` counts against rejecting.
 *
 * @param differences one for each round; at least one
 * @returns 2^-n … 1
 */
export const signedRankP = (differences: readonly number[], shift: number): number => {
  const centred = differences.map((difference) => difference - shift);
  const ranks = doubledRanks(centred.map(Math.abs));
  const above = ranks.reduce((sum, rank, at) => sum + (centred[at]! > same ? rank : 0), 0);
  return sumsOf(ranks)
    .subarray(above)
    .reduce((sum, chance) => sum + chance, 0);
};

/** A middle, and the two bounds between which it lies with the chosen confidence; infinite if there are too few rounds. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The Hodges-Lehmann estimate, the median of the means of all pairs, with the interval that the exact signed-rank test does not reject
 * (Hollander, Wolfe, Chicken: Nonparametric Statistical Methods, 3.2 and 3.3).
 *
 * It assumes no normal distribution and withstands wild values in up to a third of the rounds.
 *
 * @param differences one for each round; at least one
 * @param alpha the share of intervals that may miss, both sides together
 */
export const hodgesLehmann = (differences: readonly number[], alpha: number): Interval => {
  const means = pairMeans(differences);
  const count = means.length;
  const middle = count >> 1;
  const estimate = count % 2 === 1 ? means[middle]! : (means[middle - 1]! + means[middle]!) / 2;
  const cut = cutOf(differences.length, alpha);
  return cut < 0
    ? { estimate, low: -Infinity, high: Infinity }
    : { estimate, low: means[cut]!, high: means[count - 1 - cut]! };
};

/** Means of all pairs, including each value with itself, in ascending order. */
const pairMeans = (differences: readonly number[]): Float64Array => {
  const count = differences.length;
  const means = new Float64Array((count * (count + 1)) / 2);
  let at = 0;
  for (let one = 0; one < count; one++) {
    for (let other = one; other < count; other++) means[at++] = (differences[one]! + differences[other]!) / 2;
  }
  return means.sort();
};

const cuts = new Map<string, number>();

/** How many of the means lie outside the interval on either side; -1 if there are too few rounds even for all of them. */
const cutOf = (rounds: number, alpha: number): number => {
  const key = `${rounds} ${alpha}`;
  const known = cuts.get(key);
  if (known !== undefined) return known;
  const chances = sumsOf(Array.from({ length: rounds }, (_, at) => at + 1));
  let cut = -1;
  for (let below = 0; cut + 1 < chances.length; cut++) {
    below += chances[cut + 1]!;
    if (below > alpha / 2) break;
  }
  cuts.set(key, cut);
  return cut;
};
