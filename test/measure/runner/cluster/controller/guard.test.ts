import type { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AgentBoard } from '../../../../../src/core/recording/agent-board.ts';
import { micros } from '../../../../../src/core/units.ts';
import { Guard } from '../../../../../src/measure/runner/cluster/controller/guard.ts';
import { Remote } from '../../../../../src/measure/runner/cluster/controller/remote.ts';
import type { AgentFacts } from '../../../../../src/measure/runner/cluster/link/messages.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const clock = { now: () => micros(Date.now() * 1000) };

/** Two agents of host-a and host-b, the second of which is silent from now on, and how Redis is meanwhile. */
const guarded = (redis: Partial<Redis>) => {
  const board = new AgentBoard(AgentBoard.memoryFor(2));
  const parts = { key: new Uint8Array(32), redis: redis as Redis, nowUs: () => clock.now(), board };
  const remotes = ['host-a', 'host-b'].map((host, shard) => {
    const remote = new Remote({ run: 'r', shard, agents: 2 }, parts);
    remote.facts = { host, threads: 2 } as AgentFacts;
    remote.heardUs = clock.now();
    return remote;
  });
  const guard = new Guard({ remotes, redis: redis as Redis, shown: 'redis://cache.test', clock });
  guard.begin();
  const beating = setInterval(() => {
    remotes[0]!.heardUs = clock.now();
  }, 200);
  return { guard, board, remotes, beating };
};

test('an agent that has not been heard from for 5 s is lost, with its host and its share, and is shown as that', async () => {
  const { guard, board, beating } = guarded({ status: 'ready', time: async () => Promise.resolve([1, 2]) });
  await vi.advanceTimersByTimeAsync(4900);
  expect(guard.lost.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(600);
  expect((guard.lost.reason as Error).message).toBe(
    'agent 2 of 2 (host-b, 2 threads) has not been heard from for 5 s: its share of the users and iterations, every 4th from each of the numbers 2 to 3, is missing',
  );
  expect(board.agents.map(({ isLost }) => isLost)).toEqual([true]);
  clearInterval(beating);
  guard[Symbol.dispose]();
});

test.each([
  ['does not answer', { status: 'ready', time: async () => new Promise<never>(() => undefined) }],
  ['is gone', { status: 'reconnecting' }],
] as const)('where Redis %s nobody is accused: all shares are missing, each with its host', async (why, redis) => {
  const { guard, beating } = guarded(redis);
  await vi.advanceTimersByTimeAsync(6200);
  expect((guard.lost.reason as { readonly code: string }).code).toBe('ERR_REDIS');
  expect((guard.lost.reason as Error).message).toBe(
    `Redis at redis://cache.test, through which agents are reached, ${why}: the shares of agent 1 of 2 (host-a, 2 threads), agent 2 of 2 (host-b, 2 threads) are missing.`,
  );
  clearInterval(beating);
  guard[Symbol.dispose]();
});

test('an agent that has gone by itself is lost at once, with what it said', async () => {
  const { guard, remotes, beating } = guarded({ status: 'ready', time: async () => Promise.resolve([1, 2]) });
  remotes[1]!.left = 'the agent was stopped';
  await vi.advanceTimersByTimeAsync(600);
  expect((guard.lost.reason as Error).message).toContain(
    'agent 2 of 2 (host-b, 2 threads) has left: the agent was stopped',
  );
  clearInterval(beating);
  guard[Symbol.dispose]();
});
