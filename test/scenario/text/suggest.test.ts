import { expect, test } from 'vitest';
import { didYouMean } from '../../../src/scenario/text/suggest.ts';

const known = ['get', 'post', 'put', 'users', 'duration', 'request-response', 'mutex'];

test.each([
  ['gett', 'get'],
  ['usres', 'users'],
  ['Users', 'users'],
  ['duratoin', 'duration'],
  ['mutx', 'mutex'],
  ['request-respons', 'request-response'],
])('"%s" is nearest to "%s"', (word, nearest) => expect(didYouMean(word, known)).toBe(`did you mean "${nearest}"?`));

test.each(['', 'x', 'quantity', 'semaphore', 'z'.repeat(1_000_000)])('nothing is near enough to %.20s', (word) =>
  expect(didYouMean(word, known)).toBeUndefined(),
);
