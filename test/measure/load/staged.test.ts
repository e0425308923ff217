import pLimit from 'p-limit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { micros, microsFromMs } from '../../../src/core/units.ts';
import { newUser, type User } from '../../../src/measure/user.ts';
import type { Arrivals } from '../../../src/measure/load/arrivals.ts';
import { staged, usersAt } from '../../../src/measure/load/staged.ts';

const stage = (ms: number, from: number, to: number) => ({ durationUs: microsFromMs(ms), from, to });

describe('usersAt', () => {
  test('goes evenly from one number to the other, begins before the first and stays after the last', () => {
    const stages = [stage(1000, 2, 10), stage(500, 4, 4)] as const;
    const at = [-100, 0, 500, 999, 1000, 1499, 1500, 9000].map((ms) => usersAt([...stages], ms * 1000));
    expect(at).toEqual([2, 2, 6, 10, 4, 4, 4, 4]);
  });
});

describe('stages of users', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Runs users of 5 ms iterations through the stages, and gives how many were at work every 100 ms from the middle of the first 100. */
  const runThrough = async (
    stages: readonly [ReturnType<typeof stage>, ...ReturnType<typeof stage>[]],
    {
      users = 12,
      toMs,
      shard = { index: 0, count: 1 },
    }: { users?: number; toMs: number; shard?: { index: number; count: number } },
  ): Promise<{ readonly seen: number[]; readonly ended: boolean }> => {
    const epochMs = Date.now();
    const clock = { now: () => micros((Date.now() - epochMs) * 1000) };
    const window = { fromUs: 0, toUs: toMs * 1000 };
    const inner: Arrivals = {
      beginsAtOnce: true,
      dropped: 0,
      idleUs: 0,
      next: () => (clock.now() >= window.toUs ? undefined : clock.now()),
    };
    const limit = pLimit(users);
    const { signal } = new AbortController();
    const arrivals = staged(inner, { clock, wanted: () => usersAt(stages, clock.now()), window, shard, limit, signal });
    let atWork = 0;
    const life = async (user: User): Promise<void> => {
      while ((await arrivals.next(user)) !== undefined) {
        atWork++;
        await new Promise((resolve) => void setTimeout(resolve, 5));
        atWork--;
      }
    };
    let ended = false;
    const run = async (): Promise<void> => {
      await Promise.all(
        Array.from({ length: users }, async (_, index) => {
          const user = newUser(index, 0);
          do await limit(life, user);
          while (!arrivals.isOver);
        }),
      );
      ended = true;
    };
    const all = run();
    const seen: number[] = [];
    for (let ms = 50; ms < toMs; ms += 100) {
      await vi.advanceTimersByTimeAsync(ms === 50 ? 52 : 100);
      seen.push(atWork);
    }
    await vi.advanceTimersByTimeAsync(100);
    arrivals.end();
    if (ended) await all;
    return { seen, ended };
  };

  test('add users and take them away again', async () => {
    const { seen, ended } = await runThrough([stage(300, 3, 3), stage(300, 12, 12), stage(300, 2, 2)], { toMs: 900 });
    expect(seen).toEqual([3, 3, 3, 12, 12, 12, 2, 2, 2]);
    expect(ended).toBe(true);
  });

  test('may have nobody at work', async () => {
    const { seen, ended } = await runThrough([stage(200, 0, 0), stage(200, 1, 1), stage(200, 0, 0)], { toMs: 600 });
    expect(seen).toEqual([0, 0, 1, 1, 0, 0]);
    expect(ended).toBe(true);
  });

  test('are shared out: the shards together have as many as the stage says', async () => {
    const stages = [stage(200, 7, 7), stage(200, 2, 2)] as const;
    const shares = [];
    for (const index of [0, 1, 2]) {
      const { seen } = await runThrough([...stages], { users: 4, toMs: 400, shard: { index, count: 3 } });
      shares.push(seen);
    }
    expect(shares).toEqual([
      [3, 3, 1, 1],
      [2, 2, 1, 1],
      [2, 2, 0, 0],
    ]);
  });
});
