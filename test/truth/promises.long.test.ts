import { describe, expect, test } from 'vitest';
import { seenOf } from './promises.ts';

/** One request of so many is wrong on purpose. */
const wrongEvery = 1000;

interface Promised {
  readonly name: string;
  readonly steps: string;
  readonly iterations: number;
  /** What breaks it, and what is said where nothing does. */
  readonly rule: string;
  readonly comfort: 'consistent' | 'no-violation-found';
}

const limited = (kind: string, section: string): Promised => ({
  name: `a rate limit of ${kind}`,
  iterations: 8000,
  steps: `
steps: [{ name: call, get: /limited/${kind}/a, expect: { status: [200, 429] } }]
consistency: { at-most: { limit: 3, per: 100ms, ${section}grant: { step: call } } }`,
  rule: 'over-limit',
  comfort: 'no-violation-found',
});

const promised: readonly Promised[] = [
  {
    name: 'a coupon',
    iterations: 4000,
    steps: `
data: { coupon: 1..4 }
steps: [{ name: redeem, post: '/coupons/\${coupon}', expect: { status: [201, 409] } }]
consistency: { at-most: { key: '\${coupon}', limit: 50, grant: { step: redeem } } }`,
    rule: 'over-limit',
    comfort: 'consistent',
  },
  limited('fixed', ''),
  limited('on-demand', ''),
  limited('sliding', 'window: sliding, '),
  limited('bucket', 'window: sliding, burst: 3, '),
];

describe.each(promised)('$name', ({ steps, iterations, rule, comfort }) => {
  test('is broken by one request of a thousand, which is found in ten seconds', async () => {
    const { mode, wrong } = await seenOf(steps, iterations, wrongEvery);
    expect(wrong).toBeGreaterThan(0);
    expect([mode.consistency!.verdict, mode.consistency!.findings[0]?.rule]).toEqual(['violated', rule]);
  });

  test('is kept by the mended shop, in more than a hundred pairs', async () => {
    const { mode } = await seenOf(steps, iterations, 0);
    const { verdict, findings, exposure, checks } = mode.consistency!;
    expect([verdict, findings, checks[0]?.because ?? '']).toEqual([
      comfort,
      [],
      comfort === 'consistent' ? '' : expect.any(String),
    ]);
    expect(exposure.overlapping).toBeGreaterThan(100);
  });
});
