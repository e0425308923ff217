import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bounds, count, duration, exact, many, perSecond, ratio, share } from '../../src/report/format.ts';

test.each([
  [0, '0 µs'],
  [870, '870 µs'],
  [999, '999 µs'],
  [1000, '1.0 ms'],
  [4_480, '4.5 ms'],
  [11_700, '11.7 ms'],
  [99_949, '99.9 ms'],
  [99_950, '100 ms'],
  [177_300, '177 ms'],
  [999_499, '999 ms'],
  [999_500, '1.00 s'],
  [1_020_000, '1.02 s'],
  [9_995_000, '10.0 s'],
  [45_600_000, '45.6 s'],
  [3_600_000_000, '3,600 s'],
])('%d µs is printed as %s', (us, text) => {
  expect(duration(us)).toBe(text);
});

test('a longer time is never printed as a shorter one', () => {
  const units: Record<string, number> = { µs: 1, ms: 1000, s: 1_000_000 };
  const parsed = (us: number): number => {
    const [value, unit] = duration(us).replace(',', '').split(' ');
    return Number(value) * units[unit!]!;
  };
  fc.assert(
    fc.property(fc.nat(3_600_000_000), fc.nat(1_000_000), (us, more) => {
      expect(parsed(us + more)).toBeGreaterThanOrEqual(parsed(us));
      expect(Math.abs(parsed(us) - us)).toBeLessThanOrEqual(us * 0.05);
    }),
  );
});

test.each([
  [0, '0'],
  [999, '999'],
  [1270, '1,270'],
  [1_234_567, '1,234,567'],
  [-1000, '-1,000'],
  [-100, '-100'],
])('%d counts as %s', (value, text) => {
  expect(count(value)).toBe(text);
});

test.each([
  [1000.5, '1,000.5'],
  [0.1 + 0.2, '0.3'],
  [-2, '-2'],
])('%d is %s exactly', (value, text) => {
  expect(exact(value)).toBe(text);
});

test.each([
  [0, '0'],
  [0.05, '0.05'],
  [3.42, '3.4'],
  [9.96, '10'],
  [356.7, '357'],
  [12_089.2, '12,089'],
])('a rate of %d is printed as %s', (rate, text) => {
  expect(perSecond(rate)).toBe(text);
});

test.each([
  [1.4, '1.40×'],
  [33.84, '33.8×'],
  [9.996, '10.0×'],
  [99.96, '100×'],
  [1234, '1,234×'],
  [0.4, '0.40×'],
  [0.0432, '0.043×'],
  [0, '0×'],
  [Number.NaN, '–'],
  [Infinity, '–'],
])('a ratio of %d is printed as %s', (value, text) => {
  expect(ratio(value)).toBe(text);
});

test.each([
  [0, 10, '0 %'],
  [10, 10, '100 %'],
  [71, 100, '71 %'],
  [8, 7628, '0.1 %'],
  [1, 1_000_000, '< 0.1 %'],
  [999_999, 1_000_000, '> 99.9 %'],
  [997, 1000, '99.7 %'],
  [0, 0, '–'],
])('%d of %d is a share of %s', (part, whole, text) => {
  expect(share(part, whole)).toBe(text);
});

test('bounds that agree are one number', () => {
  expect(bounds(512, 512)).toBe('512');
  expect(bounds(512, 1530)).toBe('512 to 1,530');
});

test('one of a thing has no plural', () => {
  expect(many(1, 'mode')).toBe('1 mode');
  expect(many(2000, 'mode')).toBe('2,000 modes');
});
