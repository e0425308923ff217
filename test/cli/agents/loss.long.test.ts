import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { hasRedis, withRedis } from '../../redis.ts';
import { assertNoLeftovers, matching, type Ended, type Running } from '../contend.ts';
import { documentOf } from '../document.ts';
import { AgentsRig, freeAgain } from './rig.ts';

afterEach(assertNoLeftovers);

/** A run that nobody would wait for. */
const minutes = `
load: { users: 6, duration: 2m, warmup: 0 }
steps:
  - { name: read, get: /products/1 }
modes:
  only: { agents: 2 }`;

/** From a loss until the run has told it, and until everybody else is free. */
const soonMs = 10_000;

/** Keys of Redis that would be there for ever. */
const withoutExpiry = async (url: string): Promise<readonly string[]> => {
  const redis = new Redis(url);
  try {
    const keys = await redis.keys('*');
    const left = await Promise.all(keys.map(async (key) => [key, await redis.pttl(key)] as const));
    return left.filter(([, ms]) => ms === -1).map(([key]) => key);
  } finally {
    redis.disconnect();
  }
};

/** Asserts that a run ended as one that has lost an agent, soon after it did, with what the others measured. */
const expectLost = ({ code, stdout }: Ended, lostMs: number, why: RegExp): void => {
  const result = documentOf(stdout);
  expect(code).toBe(96);
  expect(performance.now() - lostMs).toBeLessThan(soonMs);
  expect(result.invalid?.code).toBe('ERR_WORKER_LOST');
  expect(result.invalid?.message).toMatch(why);
  expect(result.invalid?.message).toContain(hostname());
  expect(result.invalid?.message).toMatch(/every 2nd from number [01], is missing/u);
  expect(result.modes[0]?.iterations.completed).toBeGreaterThan(0);
};

const underWay = async (rig: AgentsRig): Promise<void> => {
  await expect.poll(() => rig.target.requests.length, { timeout: 40_000 }).toBeGreaterThan(100);
};

const isFree = async ({ stderr }: Running): Promise<void> => {
  await matching(stderr, freeAgain, soonMs);
};

describe.skipIf(!hasRedis)(`a run on agents${withRedis}`, () => {
  test('is invalid where one of its agents is ended, which says so; the others are free again', async () => {
    await using rig = await AgentsRig.of(3);
    const file = rig.scenario(minutes);
    const flags = ['--redis', rig.redis.url, '--agents', '2'];
    const run = rig.start(file, flags);
    await underWay(rig);
    const enlisted = rig.agents.filter(({ stderr }) => /Enlisted by [^\n]*\n$/u.test(stderr()));
    const [first, second] = enlisted;
    const lostMs = performance.now();
    first!.child.kill('SIGTERM');
    expectLost(await run.ended, lostMs, /^agent [12] of 2 \(\S+, 1 thread\) has left: the agent was stopped/u);
    await isFree(second!);
    expect((await first!.ended).code).toBe(143);
    // Whoever is left takes part again.
    const after = await rig.result(rig.scenario(minutes.replace('duration: 2m, warmup: 0', 'iterations: 100')), flags);
    expect(after.exitCode).toBe(0);
    expect(after.modes[0]!.iterations.completed).toBe(100);
  });

  test('lets its agents go where it is interrupted, with what was measured', async () => {
    await using rig = await AgentsRig.of(2);
    const interrupted = rig.start(rig.scenario(minutes));
    await underWay(rig);
    interrupted.child.kill('SIGINT');
    const { code, stdout } = await interrupted.ended;
    expect(code).toBe(130);
    expect(documentOf(stdout).modes[0]!.iterations.completed).toBeGreaterThan(0);
    for (const { stderr } of rig.agents) await matching(stderr, /Free again: the run is over/u, soonMs);
  });

  test('is invalid where Redis is killed and comes back empty, and its agents take part in the next one', async () => {
    await using rig = await AgentsRig.of(2);
    const file = rig.scenario(minutes);
    const run = rig.start(file);
    await underWay(rig);
    const lostMs = performance.now();
    await rig.redis.kill();
    await pause(1000);
    await rig.redis.start();
    const { code, stdout } = await run.ended;
    expect(code).toBe(96);
    expect(performance.now() - lostMs).toBeLessThan(soonMs);
    const { invalid } = documentOf(stdout);
    expect(invalid?.message).toMatch(/the shares of agent 1 of 2 \(\S+, 1 thread\), agent 2 of 2/u);
    expect(invalid?.message).toContain(hostname());
    for (const agent of rig.agents) await isFree(agent);
    const after = await rig.result(rig.scenario(minutes.replace('duration: 2m, warmup: 0', 'iterations: 100')));
    expect(after.modes[0]!.iterations.completed).toBe(100);
    await pause(1500);
    expect(await withoutExpiry(rig.redis.url)).toEqual([]);
  });

  test('never shares an agent with another run, and says how many came', async () => {
    await using rig = await AgentsRig.of(2);
    const first = rig.start(rig.scenario(minutes));
    await underWay(rig);
    const second = await rig.start(rig.scenario(minutes, 'second.yaml'), [...rig.asking, '--wait-agents', '1s']).ended;
    expect(second.code).toBe(96);
    expect(documentOf(second.stdout).invalid?.message).toMatch(/^0 of 2 agents came within 1 s, asked for at redis:/u);
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(130);
    // Both are free again within 10 s; and who has come does not go again while others are waited for.
    const more = rig.start(rig.scenario(minutes), ['--redis', rig.redis.url, '--agents', '3', '--wait-agents', '10s']);
    expect(documentOf((await more.ended).stdout).invalid?.message).toMatch(/^2 of 3 agents came within 10 s/u);
    for (const { stderr } of rig.agents) expect(stderr()).not.toMatch(/internal error|has not been heard from/u);
  });
});
