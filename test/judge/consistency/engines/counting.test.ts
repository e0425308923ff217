import { describe, expect, test } from 'vitest';
import { sortedBy } from '../../../../src/judge/consistency/engines/columns/sorted.ts';
import { dice } from '../small-history.ts';
import { countingTrials } from './counting-trials.ts';

countingTrials(1);

describe('sortedBy', () => {
  test('gives 20,000 numbers of every kind in the order of a stable sort', () => {
    const die = dice(8007);
    const kinds = [
      () => die(100) - 50,
      () => (die(1e6) - 5e5) / 7,
      () => Infinity,
      () => -Infinity,
      () => NaN,
      () => -0,
    ];
    const column = Float64Array.from({ length: 20_000 }, () => kinds[die(die(3) === 0 ? 6 : 2)]!());
    const rows = Uint32Array.from({ length: 20_000 }, (_, i) => 19_999 - i);
    const rank = (number: number): number => (Number.isNaN(number) ? 1 : 0);
    const expected = [...rows].toSorted((a, b) => {
      const [x, y] = [column[a]!, column[b]!];
      return x < y ? -1 : x > y ? 1 : rank(x) - rank(y);
    });
    expect([...sortedBy(rows, column)]).toEqual(expected);
    const nearly = Float64Array.from({ length: 20_000 }, (_, i) => Math.floor((i + die(30)) / 3));
    expect([...sortedBy(rows, nearly)]).toEqual([...rows].toSorted((a, b) => nearly[a]! - nearly[b]!));
    const inOrder = rows.toReversed();
    expect([...sortedBy(inOrder, nearly)]).toEqual([...inOrder].toSorted((a, b) => nearly[a]! - nearly[b]!));
  });
});
