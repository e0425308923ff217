/**
 * Probability of every sum of a random half of the ranks: each is in it or not, as the toss of a coin says.
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

/** Differences that are closer than this, of logarithms, are the same: what a sum leaves behind is no order. */
const same = 1e-12;

/** Twice the rank of each size, those that are equal sharing the middle of theirs: whole numbers. */
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
 * How likely differences that lie so far above `shift` would be, if their middle were at most there: Wilcoxon's signed-rank
 * test, one-sided and exact, ties included. One that is exactly `shift` counts against rejecting it.
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

/** A middle, and between which two it lies with the chosen confidence; infinite where there are too few rounds for any. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The Hodges-Lehmann estimate, the median of the means of all pairs, with the interval that the exact signed-rank test does
 * not reject (Hollander, Wolfe, Chicken: Nonparametric Statistical Methods, 3.2 and 3.3).
 *
 * It needs no normal distribution, and up to a third of wild rounds does not carry it away.
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

/** Means of all pairs, each with itself too, rising. */
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

/** How many of the means lie outside the interval on either side; -1: with so few rounds not even all of them are enough. */
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
