import { z } from 'zod';
import { named } from '../words.ts';
import { branch } from './notation.ts';
import { count } from './values.ts';

const oneStatus = count(100, 599).transform((one) => [one]);
const listOfStatus = z.array(count(100, 599)).min(1);

/** A status, or a list of them. */
export const statuses = branch<typeof oneStatus | typeof listOfStatus>([oneStatus, listOfStatus], (input, refuse) => {
  if (typeof input === 'number') return oneStatus;
  return Array.isArray(input) ? listOfStatus : refuse(`expected a status or a list of them, got ${named(input)}`);
});

/** What an answer must be. */
export const expectation = z.strictObject({
  status: statuses.describe('the status the answer must have, or a list of them; without it, any below 400').optional(),
});
