import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SessionParts } from '../../../../../src/measure/runner/cluster/agent/lending.ts';
import { Session } from '../../../../../src/measure/runner/cluster/agent/session.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = async <T>(): Promise<T> => new Promise<T>(() => undefined);

/** An agent enlisted over a cable that was cut just then: whatever it asks of Redis is never answered. */
const cutOff = (said: string[], ended: AbortSignal): Session => {
  class Queue {
    on = (): this => this;
    obliterate = never;
    close = never;
  }
  const parts = {
    host: { clock: { now: () => Date.now() * 1000 }, epochNs: () => 0n, processCpuUs: () => 0 },
    packages: { bullmq: { Queue } },
    connections: { connect: never, close: () => undefined },
    channels: { hear: never, leave: never },
    redis: { publish: never },
    key: new Uint8Array(32),
    consent: { allowHosts: [], allowWrites: false, maxMinutes: 60 },
    threads: 1,
    say: (line: string) => said.push(line),
    signal: ended,
  } as unknown as SessionParts;
  const terms = { agents: 1, who: 'somebody', scenario: 'x' };
  return new Session({ protocol: 1, version: '0', run: 'r', shard: 0, terms: '' }, terms, parts);
};

test('an agent that is cut off while it joins a run is free again, and says why', async () => {
  const said: string[] = [];
  const held = cutOff(said, new AbortController().signal).held('1');
  await vi.advanceTimersByTimeAsync(35_000);
  await held;
  expect(said).toEqual(['Free again: nothing has been heard from the controller for 30 s.']);
});

test('an agent that is ended while it joins a run does not wait for Redis', async () => {
  const said: string[] = [];
  const ended = new AbortController();
  const held = cutOff(said, ended.signal).held('1');
  ended.abort();
  await vi.advanceTimersByTimeAsync(3000);
  await held;
  expect(said).toEqual(['Free again: the agent was stopped.']);
});
