import { missShare, type Looks } from '../../core/looks.ts';
import { hodgesLehmann } from '../stats/signed-rank.ts';
import { fewestRounds } from './compare.ts';

/** A difference of up to 5 in 100 answers or iterations is too small to show in a ratio. */
const margin = 0.05;

/** Counts further apart than this number of standard errors do not differ by chance: once in 16,000 times. */
const beyondChance = 4;

/** The number of hits, and out of how many. */
export type Share = readonly [hits: number, of: number];

/**
 * Two shares over all rounds, if they are further apart than the margin, than counts of that size are by chance, and than the rounds are
 * among themselves: beyond the interval or, with too few rounds for one, on the same side in each.
 *
 * @param variance of one answer or iteration, given the share
 */
export const surelyUnlike = (
  all: readonly (readonly [own: Share, other: Share])[],
  variance: (share: number) => number,
  looks: Looks,
): { readonly own: number; readonly other: number } | undefined => {
  const rounds = all.filter(([[, own], [, other]]) => own > 0 && other > 0);
  if (rounds.length === 0) return undefined;
  const [mine, its] = [sumOf(rounds.map(([one]) => one)), sumOf(rounds.map(([, one]) => one))];
  const [own, other] = [mine[0] / mine[1], its[0] / its[1]];
  const apart = own - other;
  const chance = Math.sqrt(variance((mine[0] + its[0]) / (mine[1] + its[1])) * (1 / mine[1] + 1 / its[1]));
  const least = Math.max(margin * Math.max(1, own, other), beyondChance * chance);
  if (Math.abs(apart) <= least) return undefined;
  const side = Math.sign(apart);
  const each = rounds.map(([one, two]) => side * (one[0] / one[1] - two[0] / two[1]));
  const isSure =
    each.length < fewestRounds(looks)
      ? each.every((difference) => difference > 0)
      : hodgesLehmann(each, missShare[looks]).low > 0;
  return isSure ? { own, other } : undefined;
};

const sumOf = (shares: readonly Share[]): Share =>
  shares.reduce(([hits, of], [moreHits, moreOf]): Share => [hits + moreHits, of + moreOf], [0, 0]);
