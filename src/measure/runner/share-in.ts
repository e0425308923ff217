/** Consecutive shards of a slot: some of `count`. */
export interface Shards {
  readonly first: number;
  readonly shards: number;
  readonly count: number;
}

/** What is missing without these shards: `its share of the users and iterations, every 12th from number 4 to 7, is missing`. */
export const shareIn = ({ first, shards, count }: Shards): string => {
  const from = shards === 1 ? `number ${first}` : `each of the numbers ${first} to ${first + shards - 1}`;
  return `its share of the users and iterations, every ${ordinal(count)} from ${from}, is missing`;
};

const ordinal = (number: number): string => {
  const isTeen = number % 100 > 10 && number % 100 < 14;
  return `${number}${(isTeen ? undefined : ['th', 'st', 'nd', 'rd'][number % 10]) ?? 'th'}`;
};
