import { z } from 'zod';

/**
 * The words of `pick:`: which value of a range an iteration gets.
 *
 * `zipf: s`: the k-th value (from the low end) with a probability proportional to 1 / k^s.
 */
export const pickSyntax = {
  uniform: { summary: 'each value equally often', options: z.strictObject({}).default({}) },
  zipf: { summary: 'a few values most of the time; the exponent is the skew', options: z.number().positive().max(10) },
} as const;

/** A word of `pick:`. */
export type PickName = keyof typeof pickSyntax;

/** The largest range that `zipf` takes: it keeps 8 bytes per value. */
export const zipfLargestRange = 1_000_000;
