import { describe, expect, test } from 'vitest';
import type { ModeResult, Result } from '../../../src/core/result/result.ts';
import { addressOf, paceOf, withoutMode } from '../../../src/report/sections/address.ts';
import { terminal } from '../../../src/report/terminal/terminal.ts';
import { iterations } from '../../judge/mode.ts';
import { oneMode } from '../example-result.ts';

const ofAddress = (more: Partial<ModeResult> = {}, result: Partial<Result> = {}): Result => {
  const base = oneMode();
  const [mode] = base.modes;
  const byStatus = { 429: 148, 200: 81_903 };
  const requests = { ...mode!.requests, total: 82_051, byStatus, bytes: 98_000_000 };
  return {
    ...base,
    scenario: { ...base.scenario, name: 'GET localhost:3000/posts/1', file: 'http://localhost:3000/posts/1' },
    modes: [{ ...mode!, throughputPerSecond: 8204, iterations: iterations({ completed: 82_051 }), requests, ...more }],
    conclusion: '8,204 iterations/s.',
    headline: 'DONE',
    reasons: [],
    tookUs: 10_000_000,
    ...result,
  };
};

const text = (result: Result, width = 80): string => terminal(result, { width, color: false });

describe('an address reads like an address', () => {
  test.each([60, 80, 120])('at %d columns', async (width) => {
    await expect(text(ofAddress(), width)).toMatchFileSnapshot(`../../golden/screen-address-${width}.txt`);
  });

  test('with requests a second, in all, and bytes; without modes, iterations, data or locks', () => {
    expect(paceOf(ofAddress().modes[0]!)).toBe('8,204 requests/s, 82,051 in all, 9.8 MB/s');
    expect(text(ofAddress())).not.toMatch(/lock|mode|iteration|consistency|data/u);
  });

  test('with the percentiles of what was measured where failures may hide them, and the rate of the others', async () => {
    const half = ofAddress({
      iterations: iterations({ completed: 72_534, failed: 72_534 }),
      requests: { ...ofAddress().modes[0]!.requests, total: 145_068, byStatus: { 200: 72_534, 500: 72_534 } },
      failuresByClass: { check: { count: 72_534, example: 'GET /: status 500, expected one below 400' } },
    });
    const shown = text({ ...half, reasons: ['50 % of the iterations of lock-free failed: GET /: status 500'] });
    await expect(shown).toMatchFileSnapshot('../../golden/screen-address-failing-80.txt');
    expect(shown).toContain('8,204 successful requests/s, 145,068 in all');
  });

  test('with no rate and no note on percentiles where nothing completed', () => {
    const silent = ofAddress({
      iterations: iterations({ failed: 200 }),
      throughputPerSecond: 0,
      responseTimeUs: { ...ofAddress().modes[0]!.responseTimeUs, count: 0 },
      requests: { ...ofAddress().modes[0]!.requests, total: 200, byStatus: { 404: 200 }, bytes: 41_200 },
    });
    expect(paceOf(silent.modes[0]!)).toBe('200 requests in all, 41.2 kB');
    expect(text(silent)).not.toMatch(/ takes |\/s/u);
  });

  test('with every status, the commonest first', () => {
    expect(text(ofAddress())).toContain('status    200  81,903     429  148\n');
  });

  test('with what was offered, where a rate was asked for', () => {
    const offered = { arrival: 'even', perSecond: 9000, askedPerSecond: 9000, pacing: 'hybrid', late: 0 } as const;
    const behind = ofAddress({ offered: { ...offered, backlog: { atStart: 0, atEnd: 5000 } } });
    expect(text(behind)).toContain('8,204 requests/s, not the 9,000/s offered');
    const inTime = ofAddress({ offered: { ...offered, backlog: { atStart: 0, atEnd: 0 } } });
    expect(text(inTime)).toContain('8,204 requests/s of 9,000/s offered');
  });

  test('with the reasons in its own words', () => {
    const [mode] = ofAddress().modes;
    expect(withoutMode('33 % of the iterations of lock-free failed: GET /: status 500', mode!)).toBe(
      '33 % of the requests failed: GET /: status 500',
    );
    expect(withoutMode('no iteration of lock-free completed: status 404.', mode!)).toBe(
      'no request completed: status 404.',
    );
    expect(withoutMode('more iterations failed than completed in lock-free: status 404', mode!)).toBe(
      'more requests failed than succeeded: status 404',
    );
  });

  test('and nothing else does: a scenario, several modes, a lock', () => {
    expect(addressOf(oneMode())).toBeUndefined();
    const { modes, ...rest } = ofAddress();
    expect(addressOf({ ...rest, modes: [...modes, { ...modes[0]!, name: 'mutex' }] })).toBeUndefined();
    expect(addressOf({ ...rest, modes: [{ ...modes[0]!, lock: 'mutex' }] })).toBeUndefined();
  });
});
