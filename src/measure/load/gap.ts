/** How long nothing is due before arrival n, in mean gaps: 1 on average. Arrival n is due after the sum of the gaps up to its own. */
export type Gap = (arrival: number) => number;

/** Makes the gaps of one slot; pure in seed, stream and number, so that every shard gets the same ones. */
export type MakeGap = (seed: number, ofStream: number) => Gap;
