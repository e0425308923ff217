import type { Anatomy, LockResult, ModeResult, Result } from '../../src/core/result/result.ts';
import { exampleResult, hostile, openLoad, times } from './example-result.ts';

/** An anatomy of so many µs, from the shares of its parts; what they leave is the rest. */
const anatomyOf = (responseUs: number, shares: { readonly [part in keyof Anatomy]?: number }): Anatomy => {
  const us = (part: keyof Anatomy): number => Math.round((shares[part] ?? 0) * responseUs);
  const named = {
    queueWaitUs: us('queueWaitUs'),
    sendLagUs: us('sendLagUs'),
    lockWaitUs: us('lockWaitUs'),
    serviceUs: us('serviceUs'),
    connectUs: us('connectUs'),
    retriesUs: us('retriesUs'),
  };
  return { responseUs, ...named, otherUs: responseUs - Object.values(named).reduce((sum, part) => sum + part, 0) };
};

const between =
  (least: number, most: number) =>
  (u: number): number =>
    least * (most / least) ** u;

/** A lock that was contended 98 times in 100 by default, with what is different. */
export const lockOf = (name: string, more: Partial<LockResult> = {}): LockResult => ({
  name,
  waitUs: times(2142, between(120_000, 260_000)),
  holdUs: times(2142, between(2000, 4100)),
  contended: 2100,
  longestQueue: 63,
  lapsed: 0,
  starvation: 1.48,
  ...more,
});

const both = (mode: ModeResult, mean: Parameters<typeof anatomyOf>[1], p99 = mean): ModeResult['anatomy'] => ({
  mean: anatomyOf(mode.responseTimeUs.mean, mean),
  p99: anatomyOf(mode.responseTimeUs.p99, p99),
});

const changed: { readonly [mode: string]: (mode: ModeResult) => Partial<ModeResult> } = {
  'locked': (mode) => ({
    anatomy: both(mode, { lockWaitUs: 0.979, serviceUs: 0.018 }, { lockWaitUs: 0.92, serviceUs: 0.076 }),
    locks: [lockOf('mutex')],
  }),
  'two-locks': (mode) => ({
    anatomy: both(mode, { lockWaitUs: 0.96, serviceUs: 0.02 }),
    locks: [
      lockOf('request', { starvation: 1.9 }),
      lockOf('response', { waitUs: times(2142, between(1, 900)), longestQueue: 1, contended: 1200, starvation: 24.2 }),
    ],
    fairness: 0.9871,
  }),
  'optimistic': (mode) => ({
    anatomy: both(
      mode,
      { retriesUs: 0.83, serviceUs: 0.15, connectUs: 0.002 },
      { retriesUs: 0.9, serviceUs: 0.02, connectUs: 0.06, sendLagUs: 0.012 },
    ),
    wastedRequests: 42_700,
    requests: { ...mode.requests, total: 57_940 },
  }),
  'lock-free': (mode) => ({ anatomy: both(mode, { serviceUs: 0.991 }) }),
};

const changedIn = (result: Result): Result => ({
  ...result,
  modes: result.modes.map((mode) => ({ ...mode, ...changed[mode.name]?.(mode) })),
});

/** The online store with everything that is known of its locks and of where the time went. */
export const locksResult = (): Result => changedIn(exampleResult());

/** The same under an open load, whose arrivals wait for a free user. */
export const openLocksResult = (): Result => {
  const result = changedIn(openLoad());
  const [locked, ...others] = result.modes;
  const anatomy = both(locked!, { queueWaitUs: 0.68, sendLagUs: 0.001, lockWaitUs: 0.31, serviceUs: 0.006 });
  return { ...result, modes: [{ ...locked!, anatomy }, ...others] };
};

/** Leases that ran out while they were held: three where that is forbidden, one where it is allowed. */
export const lapsedResult = (): Result => {
  const { modes, ...base } = locksResult();
  const [locked, twoLocks] = modes;
  return {
    ...base,
    modes: [
      { ...locked!, name: 'lease', lock: 'redis', locks: [lockOf('redis', { lapsed: 3 })] },
      { ...twoLocks!, name: 'short lease', violations: 'allowed', locks: [lockOf('redis', { lapsed: 1 })] },
    ],
    comparisons: [],
    scenario: { ...base.scenario, control: 'lease' },
    conclusion: 'lease let somebody else inside.',
    verdict: { is: 'fail', because: 'leases ran out while they were held in lease' },
    exitCode: 98,
  };
};

/** Names of modes and of locks that would like to be more than names. */
export const hostileLocks = (): Result => {
  const { modes, ...base } = hostile();
  const named = modes.map((mode) => ({ ...mode, locks: [lockOf(mode.name, { lapsed: 2 })], conflicts: 3 }));
  const anatomy = both(modes[0]!, { lockWaitUs: 0.5, serviceUs: 0.5 });
  return { ...base, modes: named.map((mode) => ({ ...mode, anatomy })) };
};
