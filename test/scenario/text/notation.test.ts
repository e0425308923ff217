import { expect, test } from 'vitest';
import { parseRange } from '../../../src/scenario/text/notation.ts';

test('two whole numbers make a range', () => {
  expect(parseRange('1..20')).toEqual({ from: 1, to: 20 });
  expect(parseRange('-5..5')).toEqual({ from: -5, to: 5 });
  expect(Object.is(parseRange('-0..0')?.from, 0)).toBe(true);
  for (const input of ['1', '1..', '1.5..2', '1..2..3', '1..9007199254740993', 'a..b', '1 .. 2', 20]) {
    expect(parseRange(input)).toBeUndefined();
  }
});
