import { z } from 'zod';

/** The words of `arrival:`: how the arrivals of an open load lie in time, at the same rate. */
export const arrivalSyntax = {
  even: { summary: 'one after the other, equally far apart', options: z.strictObject({}).default({}) },
  poisson: {
    summary: 'independent of each other, as many callers who know nothing of one another; drawn from the seed',
    options: z.strictObject({}).default({}),
  },
} as const;

/** A word of `arrival:`. */
export type ArrivalName = keyof typeof arrivalSyntax;
