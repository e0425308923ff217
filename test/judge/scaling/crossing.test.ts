import { describe, expect, test } from 'vitest';
import { aboutWhere, crossingOf, signOf, stageOf, type Seen, type Sign } from '../../../src/judge/scaling/crossing.ts';
import { drawsOf, runsOf } from './draws.ts';

/** `-0+` at 1, 2, 4, 8 … */
const seenOf = (signs: string, looks = 1): readonly Seen[] =>
  signs.split('').map((sign, index) => ({ at: 2 ** index, sign: ('-0+'.indexOf(sign) - 1) as Sign, looks }));

describe('what the points show of two modes', () => {
  test.each([
    ['0000', { kind: 'no difference shown' }],
    ['', { kind: 'no difference shown' }],
    ['0++0', { kind: 'one side', sign: 1, ties: [1, 8] }],
    ['--', { kind: 'one side', sign: -1, ties: [] }],
    ['-0-+', { kind: 'crossing', bracket: { below: 4, above: 8, sign: 1 }, ties: [] }],
    ['+00-', { kind: 'crossing', bracket: { below: 1, above: 8, sign: -1 }, ties: [2, 4] }],
    [
      '+0-+',
      {
        kind: 'several',
        brackets: [
          { below: 1, above: 4, sign: -1 },
          { below: 4, above: 8, sign: 1 },
        ],
      },
    ],
  ] as const)('%s', (signs, crossing) => {
    expect(crossingOf(seenOf(signs))).toEqual(crossing);
  });

  test('does not depend on the order in which they were measured', () => {
    expect(crossingOf(seenOf('-0-+').toReversed())).toEqual(crossingOf(seenOf('-0-+')));
  });
});

describe('the next stage', () => {
  const next = (signs: string, looks = 1) => stageOf(crossingOf(seenOf(signs, looks)), seenOf(signs, looks), 'users');

  test('has three places inside of the bracket, and once more what showed nothing there', () => {
    expect(next('0-----0+')).toEqual({ fresh: [45, 91], again: [64] });
  });

  test('looks no third time', () => {
    expect(next('0-----0+', 2)).toEqual({ fresh: [45, 91], again: [] });
  });

  test('has nothing where the bracket is narrow, where there is none, and where there are several', () => {
    expect(next('-+')).toEqual({ fresh: [], again: [] });
    expect(next('0+++')).toEqual({ fresh: [], again: [] });
    expect(next('-+-+')).toEqual({ fresh: [], again: [] });
  });

  test('spaces skews evenly, in steps of 0.05', () => {
    const seen: readonly Seen[] = [
      { at: 0, sign: -1, looks: 1 },
      { at: 0.8, sign: 1, looks: 1 },
    ];
    expect(stageOf(crossingOf(seen), seen, 'skew').fresh).toEqual([0.2, 0.4, 0.6]);
  });
});

test('six rounds show no sign over two looks, and seven do', () => {
  const differences = [0.1, 0.2, 0.1, 0.3, 0.1, 0.2, 0.1];
  expect(signOf(differences.slice(0, 6), 0.0294)).toBe(0);
  expect(signOf(differences, 0.0294)).toBe(1);
  expect(
    signOf(
      differences.map((one) => -one),
      0.0294,
    ),
  ).toBe(-1);
});

test('the marker is the zero of the line, inside of the bracket', () => {
  const line = (zero: number) => [1, 2, 4, 8].map((at) => ({ at, difference: Math.log2(at / zero) }));
  expect(aboutWhere(line(3), 'users')).toBe(3);
  expect(aboutWhere(line(30), 'users')).toBe(8);
  expect(
    aboutWhere(
      [1, 2].map((at) => ({ at, difference: 0 })),
      'users',
    ),
  ).toBeNull();
});

test('a known crossing is in the bracket, to 2 %, in all of twenty', () => {
  for (const run of runsOf(20)) {
    const draws = drawsOf(run, 'twenty');
    const zero = 1.5 * 60 ** draws.uniform();
    let seen: Seen[] = [];
    const measure = (at: number): void => {
      const differences = Array.from({ length: 7 }, () => 0.3 * Math.log2(at / zero) + 0.04 * draws.normal());
      seen = [...seen.filter((one) => one.at !== at), { at, sign: signOf(differences, 0.0294), looks: 1 }];
    };
    [1, 2, 4, 8, 16, 32, 64, 128].forEach(measure);
    stageOf(crossingOf(seen), seen, 'keys').fresh.forEach(measure);
    const found = crossingOf(seen);
    expect(found).toMatchObject({ kind: 'crossing', bracket: { sign: 1 } });
    if (found.kind !== 'crossing') continue;
    expect(found.bracket.below).toBeLessThanOrEqual(zero * 1.02);
    expect(found.bracket.above).toBeGreaterThanOrEqual(zero / 1.02);
  }
});
