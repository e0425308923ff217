import { z } from 'zod';

/** The words of `arrival:`: how the arrivals of an open load are spaced in time, at the same rate. */
export const arrivalSyntax = {
  even: { summary: 'one after the other, equally spaced', options: z.strictObject({}).default({}) },
  poisson: {
    summary: 'independent of each other, like many unrelated callers; drawn from the seed',
    options: z.strictObject({}).default({}),
  },
} as const;

/** A word of `arrival:`. */
export type ArrivalName = keyof typeof arrivalSyntax;
