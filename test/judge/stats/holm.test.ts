import { describe, expect, test } from 'vitest';
import { holm } from '../../../src/judge/stats/holm.ts';

describe('holm', () => {
  test('multiplies the smallest by how many there are, the next by one less, and never lets one overtake', () => {
    expect(holm([0.001, 0.02, 0.04])).toEqual([0.003, 0.04, 0.04]);
    expect(holm([0.04, 0.001, 0.02])).toEqual([0.04, 0.003, 0.04]);
  });

  test('leaves one alone as it is, and none above 1', () => {
    expect(holm([0.3])).toEqual([0.3]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});
