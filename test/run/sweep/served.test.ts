import { describe, expect, test } from 'vitest';
import { rangeOf, servedText } from '../../../src/run/sweep/served.ts';

const sweepOf = (from: number, to: number) => ({ axis: { kind: 'rate', name: 'rate', values: [from, to] } }) as const;
const served = { perSecond: 221.3, users: 32, isMost: true };

describe('after a look at what the target serves', () => {
  test.each([
    ['begins at half of it', 50, 5000, { from: 50, begin: 110, to: 5000 }],
    ['begins at the lowest of the range where that is higher', 150, 5000, { from: 55, begin: 150, to: 5000 }],
    ['begins below a range that lies above it', 400, 5000, { from: 55, begin: 110, to: 5000 }],
    ['begins no higher than the range', 10, 60, { from: 10, begin: 60, to: 60 }],
  ] as const)('a search %s', (_, from, to, range) => {
    expect(rangeOf(sweepOf(from, to), served)).toEqual({ ...range, served: 221.3 });
  });

  test('a range that lies above what a few users got is believed where more users would get more', () => {
    expect(rangeOf(sweepOf(400, 5000), { ...served, isMost: false })).toEqual({ from: 55, begin: 400, to: 5000 });
  });

  test('nothing is changed where nothing completed', () => {
    expect(rangeOf(sweepOf(400, 5000), undefined)).toEqual({ from: 400, to: 5000 });
  });

  test('what is served is told in one line, with where the search begins', () => {
    expect(servedText(sweepOf(50, 5000), served)).toBe('serves about 220/s at most: the search begins at 110/s');
    expect(servedText(sweepOf(400, 5000), served)).toBe(
      'serves about 220/s at most: the search begins at 110/s, below 400/s',
    );
    expect(servedText(sweepOf(50, 5000), { ...served, isMost: false })).toBe(
      'serves about 220/s or more: the search begins at 110/s',
    );
  });
});
