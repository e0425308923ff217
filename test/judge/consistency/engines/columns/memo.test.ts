import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { full, Memo } from '../../../../../src/judge/consistency/engines/columns/memo.ts';

const mebibyte = 2 ** 20;

describe('the configurations of a search', () => {
  test('are each in it once, whatever their lengths, over several pieces and in any order', () => {
    const list = fc.record({ first: fc.nat(30), length: fc.oneof(fc.nat(3), fc.nat(60_000)) });
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 60 }), (lists) => {
        const memo = new Memo(64 * mebibyte);
        const known = new Set<string>();
        for (const { first, length } of lists) {
          const name = length === 0 ? '' : `${length} ${first}`;
          // One hash for many, so that the lists themselves are compared.
          const added = memo.add(length & 3, new Int32Array(length).fill(first), length);
          expect(added).toBe(known.has(name) ? 0 : 1);
          known.add(name);
          expect(memo.size).toBe(known.size);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('take a few KB where they are few, and never more than they may', () => {
    const memo = new Memo(4 * mebibyte);
    const list = new Int32Array(40);
    expect(memo.add(0, list, 40)).toBe(1);
    expect(memo.bytes).toBeLessThan(10_000);
    let [added, last] = [1, 1];
    for (let at = 1; last === 1; at++) {
      list[0] = at;
      last = memo.add(at, list, 40);
      if (last === 1) added++;
      expect(memo.bytes).toBeLessThanOrEqual(4 * mebibyte);
    }
    expect([last, memo.size]).toEqual([full, added]);
    expect(added).toBeGreaterThan(12_000);
    // What is in it can still be found.
    list[0] = 7;
    expect(memo.add(7, list, 40)).toBe(0);
  });
});
