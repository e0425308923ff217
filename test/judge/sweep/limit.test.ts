import { expect, test } from 'vitest';
import type { ModeResult } from '../../../src/core/result/result.ts';
import { limitIn } from '../../../src/judge/sweep/limit.ts';
import { iterations, modeWith, times } from '../mode.ts';

interface Seen {
  readonly serviceUs: number;
  readonly queueWaitUs?: number;
  readonly lockWaitUs?: number;
  readonly dropped?: number;
}

/** Under an open load of 1,000/s; `least`: the shortest of its requests. */
const open = ({ serviceUs, queueWaitUs = 0, lockWaitUs = 0, dropped = 0 }: Seen, least = serviceUs): ModeResult =>
  modeWith({
    offered: { arrival: 'even', perSecond: 1000, pacing: 'relaxed', late: 0 },
    iterations: iterations({ completed: 10_000, dropped }),
    responseTimeUs: times(10_000, serviceUs + queueWaitUs + lockWaitUs),
    serviceTimeUs: { ...times(10_000, serviceUs), min: least },
    queueWaitUs: times(10_000, queueWaitUs),
    lockWaitUs: times(10_000, lockWaitUs),
  });

const quick = open({ serviceUs: 2000 });

test.each<[what: string, seen: Seen, limit: string]>([
  [
    'a target that is as quick as ever, while arrivals wait for a user',
    { serviceUs: 2100, queueWaitUs: 90_000 },
    'users',
  ],
  ['the same, with arrivals that were dropped', { serviceUs: 2100, dropped: 40 }, 'users'],
  ['a target that takes longer, so that every user is busy', { serviceUs: 9000, queueWaitUs: 90_000 }, 'target'],
  ['a lock that users stand in line for', { serviceUs: 2100, lockWaitUs: 60_000, queueWaitUs: 90_000 }, 'target'],
  ['a target that takes longer, with users to spare', { serviceUs: 90_000 }, 'target'],
])('of %s it is the limit of the %s', (_, seen, limit) => {
  expect(limitIn(open(seen, 50), quick)).toBe(limit);
});

test('under the lowest load itself the shortest request is what the others are held against', () => {
  expect(limitIn(open({ serviceUs: 2100, queueWaitUs: 90_000 }, 1500), undefined)).toBe('users');
  expect(limitIn(open({ serviceUs: 9000, queueWaitUs: 90_000 }, 1500), undefined)).toBe('target');
});

test('a closed load has all the users that it is to have: its limit is the target’s', () => {
  expect(limitIn(modeWith({ offered: null }), quick)).toBe('target');
});
