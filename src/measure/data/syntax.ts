import { z } from 'zod';

/** The sources that have items; `pick` says which item an iteration gets. */
export const itemsSyntax = {
  range: { summary: 'whole numbers, both ends included' },
  list: { summary: 'the items of a list, anything JSON can express' },
  file: { summary: 'the rows of a CSV, JSON or NDJSON file beside the scenario' },
} as const;

/** The sources whose values are made from the seed. */
export const generatorSyntax = {
  uuid: { summary: 'a random UUID' },
  words: { summary: 'a number of plain words' },
  text: { summary: 'a number of letters and digits' },
  timestamp: { summary: 'a random moment between two' },
} as const;

/** A word of a source that has items. */
export type ItemsName = keyof typeof itemsSyntax;

/** A word of a source of generated values. */
export type GeneratorName = keyof typeof generatorSyntax;

/** A word of a source. */
export type SourceName = ItemsName | GeneratorName;

const percent = z
  .string()
  .regex(/^\d{1,2}(\.\d{1,6})?%$/, 'expected a share below 100%, such as 10%')
  .transform((text) => Number(text.slice(0, -1)) / 100);

const hotsetOptions = z
  .strictObject({
    share: percent.describe('of the items: the first ones').prefault('10%'),
    hits: percent.describe('of the iterations that they get').prefault('90%'),
  })
  .prefault({});

const none = z.strictObject({}).default({});

/**
 * The words of `pick:`, which says which item an iteration gets.
 *
 * `zipf: s`: the k-th item comes with a probability proportional to 1 / k^s, counted from the first.
 */
export const pickSyntax = {
  uniform: { summary: 'each item equally often', options: none },
  zipf: { summary: 'a few items most of the time; the exponent is the skew', options: z.number().positive().max(10) },
  hotset: { summary: 'a share of the items gets most of the iterations', options: hotsetOptions },
  sequential: { summary: 'one after the other, and from the first again', options: none },
  shuffled: { summary: 'every item once in a random order, then again in another', options: none },
  unique: { summary: 'never the same item twice in a run, over all its modes, rounds and threads', options: none },
} as const;

/** A word of `pick:`. */
export type PickName = keyof typeof pickSyntax;

/** The most items that a pick takes, if there is a limit: `zipf` keeps 8 bytes for each. */
export const mostItems: { readonly [pick in PickName]?: number } = { zipf: 1_000_000, shuffled: 2 ** 32 };

/** How `unique` divides the items among the slots of a run: its options in a plan. */
export interface UniqueShare {
  /** The mode's number among the modes that run, and how many there are. */
  readonly mode: number;
  readonly modes: number;
  /** The most rounds that the run may have. */
  readonly rounds: number;
  /** The most measured iterations of a slot; the other items are for its warm-up. `null` if time decides. */
  readonly iterations: number | null;
  /** The warm-up's part of a slot's time, and so of its items where time decides; 0 without a warm-up. */
  readonly warmup: number;
}
