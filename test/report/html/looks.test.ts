import { describe, expect, test } from 'vitest';
import { seriesOf, type Series } from '../../../src/report/html/draw/series.ts';
import { exampleResult } from '../example-result.ts';
import { differenceOfLab } from './colour-difference.ts';

const looksOf = (modes: number): readonly Series[] => {
  const base = exampleResult();
  const all = Array.from({ length: modes }, (_, at) => ({ ...base.modes[0]!, name: `mode-${at}` }));
  return seriesOf({ ...base, scenario: { ...base.scenario, control: 'mode-0' }, modes: all });
};

describe('of sixteen modes no two look alike', () => {
  test.each([
    ['colours', ({ dash, marker }: Series) => [dash, marker]],
    ['dashes', ({ color, marker }: Series) => [color, marker]],
    ['markers', ({ color, dash }: Series) => [color, dash]],
  ] as const)('to somebody who cannot tell their %s apart', (_, seen) => {
    const looks = looksOf(16).map((one) => seen(one).join());
    expect(new Set(looks).size).toBe(16);
  });
});

test('differences of colours are those of the paper that says how they are computed', () => {
  // Sharma, Wu, Dalal: The CIEDE2000 Color-Difference Formula, table 1, pairs 1, 7, 17, 25, 34.
  const pairs = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ] as const;
  for (const [one, other, difference] of pairs) expect(differenceOfLab(one, other)).toBeCloseTo(difference, 4);
});
