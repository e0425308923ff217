/**
 * How often the data of a run are judged: once, or, where it may go on for as many rounds again, twice; or, to stop what has
 * already lost, after every round, at a level so strict that the last look keeps its own (Haybittle 1971, Peto 1976).
 */
export type Looks = 'one look' | 'two looks' | 'every round';

/** The share of intervals that may miss the truth, at each look: 5 %, or what makes both together 5 % (Pocock 1977). */
export const missShare: { readonly [looks in Looks]: number } = {
  'one look': 0.05,
  'two looks': 0.0294,
  'every round': 0.005,
};

/**
 * How likely all gates of a run that compare modes fail wrongly, together: 1 %; over two looks each is at the share that
 * makes both 1 % (Pocock 1977).
 */
export const failShare: { readonly [looks in Looks]: number } = {
  'one look': 0.01,
  'two looks': 0.00588,
  'every round': 0.001,
};

/** The fewest rounds in which so many gates can fail at all: the exact test gives no p value below 2^-rounds. */
export const roundsToDecide = (gates: number, looks: Looks): number => Math.ceil(Math.log2(gates / failShare[looks]));
