import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { kindOf, openedMessage, sealedMessage, type Told } from '../../../src/measure/runner/cluster/link/line.ts';
import type { PlanJob, SlotJob } from '../../../src/measure/runner/cluster/link/messages.ts';
import { clusterKeyFrom, newKey, Seal } from '../../../src/measure/runner/cluster/link/seal.ts';
import { hasRedis, withRedis } from '../../redis.ts';
import { assertNoLeftovers, matching } from '../contend.ts';
import { openServer } from '../server.ts';
import { Attacker } from './attacker.ts';
import { AgentsRig } from './rig.ts';

afterEach(assertNoLeftovers);

const reads = `
load: { users: 4, iterations: 40 }
steps: [{ get: /products/1 }]
modes: { only: none }`;
const writes = reads.replace('get:', 'put:');

const key = newKey();
const withKey = (secret: string) => ({ env: { CONTEND_CLUSTER_KEY: secret } });
const usual = ['--allow-host', '127.0.0.1', '-w', '1'];

/** What a run that asks for the agents of a rig says, and how it ends. */
const runOf = async (
  rig: AgentsRig,
  text: string,
  env: { readonly [name: string]: string } = {},
  flags: readonly string[] = [],
) => {
  const { code, stderr, stdout } = await rig.start(rig.scenario(text), [...rig.asking, ...flags], { env }).ended;
  return { code, said: stderr + stdout };
};

describe.skipIf(!hasRedis)(`an agent, asked by whoever can write to its Redis${withRedis}`, () => {
  test('does nothing for a run with another key, or none, says so, and is free for one with its own', async () => {
    await using rig = await AgentsRig.open([{ flags: usual, ...withKey(key) }]);
    for (const env of [withKey(newKey()).env, {}]) {
      const { code, said } = await runOf(rig, reads, env);
      expect([code, said]).toEqual([96, expect.stringContaining('has another CONTEND_CLUSTER_KEY')]);
    }
    expect(rig.agents[0]!.stderr()).toContain('was declined: it has another CONTEND_CLUSTER_KEY');
    expect(rig.target.requests).toEqual([]);
    expect(await runOf(rig, reads, withKey(key).env)).toMatchObject({ code: 0 });
    expect(rig.target.requests.length).toBe(40);
  });

  test('goes to no host that it was not told, writes nothing, and bears no more, unless it says so itself', async () => {
    await using rig = await AgentsRig.open([{ flags: [...usual, '--max-users', '4'] }]);
    const localhost = ['--target', rig.target.origin.replace('127.0.0.1', 'localhost')];
    const asked: readonly (readonly [string, readonly string[], RegExp])[] = [
      [reads, localhost, /its target is localhost, .*--allow-host localhost/u],
      [writes, [], /writes \(PUT\), .*--allow-writes/u],
      [reads, ['--users', '5'], /asks for 5 users, and the agent gives 4/u],
    ];
    for (const [text, flags, why] of asked) {
      const { code, said } = await runOf(rig, text, {}, flags);
      expect([code, said]).toEqual([96, expect.stringMatching(why)]);
    }
    expect(rig.target.requests).toEqual([]);
    expect(await runOf(rig, reads)).toMatchObject({ code: 0 });
  });

  test('does nothing that is forged: neither an enlistment, nor jobs, nor words in the name of its controller', async () => {
    await using rig = await AgentsRig.open([{ flags: usual, ...withKey(key) }]);
    await using attacker = await Attacker.at(rig.redis.url);
    const own = await runOf(rig, reads, withKey(key).env);
    expect(own.code).toBe(0);
    const [real] = attacker.enlistments;
    const { length } = rig.target.requests;
    const forger = new Seal(clusterKeyFrom(newKey(), ''), { run: 'forged', shard: 0 });
    const terms = forger.sealJson('terms', { agents: 1, who: 'you', scenario: 'yours' });
    await attacker.enlist({ ...real!, run: 'forged', terms });
    await matching(rig.agents[0]!.stderr, /was declined/u);
    // A run of its own is under way: words and jobs of somebody else are not heard in it.
    const long = rig.start(rig.scenario(reads.replace('iterations: 40', 'duration: 3s')), rig.asking, withKey(key));
    await matching(rig.agents[0]!.stderr, /Enlisted[^]*Enlisted/u);
    const { run } = attacker.enlistments.at(-1)!;
    const asController = new Seal(clusterKeyFrom(newKey(), ''), { run, shard: 0 });
    for (let n = 0; n < 20; n++) {
      await attacker.say(run, sealedMessage(asController, { kind: 'end', why: 'forged' } as Told));
      await attacker.say(run, sealedMessage(asController, { kind: 'leaving', why: 'forged' } as Told), 'controller');
      await sleep(50);
    }
    const { code } = await long.ended;
    expect(code).toBe(0);
    expect(rig.target.requests.length).toBeGreaterThan(length);
  });

  test('does nothing that was said before: a recorded run, played again, sends no request', async () => {
    await using rig = await AgentsRig.open([{ flags: usual, ...withKey(key) }]);
    await using attacker = await Attacker.at(rig.redis.url);
    const lasting = reads.replace('iterations: 40', 'duration: 1500ms');
    expect(await runOf(rig, lasting, withKey(key).env)).toMatchObject({ code: 0 });
    const [enlistment] = attacker.enlistments;
    expect(attacker.jobs.map(({ name }) => name)).toEqual(expect.arrayContaining(['plan', 'slot']));
    const { length } = rig.target.requests;
    const recorded = [...attacker.toAgent];
    expect(new Set(recorded.map(kindOf))).toEqual(new Set(['alive', 'begin', 'end']));
    await attacker.enlist(enlistment!);
    await matching(rig.agents[0]!.stderr, /Enlisted[^]*Enlisted/u);
    for (const message of recorded.filter((one) => kindOf(one) === 'alive'))
      await attacker.say(enlistment!.run, message);
    for (const job of attacker.jobs) await attacker.give(enlistment!.run, job);
    for (const message of recorded) await attacker.say(enlistment!.run, message);
    await matching(rig.agents[0]!.stderr, /Free again: a job failed: plan is not sealed with this run's key/u);
    await sleep(500);
    expect(rig.target.requests.length).toBe(length);
    expect(await runOf(rig, reads, withKey(key).env)).toMatchObject({ code: 0 });
  });

  test('goes nowhere else although who asks has its key: each job is held against what the agent allows', async () => {
    await using rig = await AgentsRig.open([{ flags: usual, ...withKey(key) }]);
    await using other = await openServer(() => 200);
    await using attacker = await Attacker.at(rig.redis.url);
    expect(await runOf(rig, reads, withKey(key).env)).toMatchObject({ code: 0 });
    const cluster = clusterKeyFrom(key, rig.redis.url);
    const [enlistment] = attacker.enlistments;
    const { run } = enlistment!;
    const helloIn = (messages: readonly Buffer[]) =>
      openedMessage(
        new Seal(cluster, { run, shard: 0 }),
        messages.findLast((one) => kindOf(one) === 'hello')!,
      ) as {
        readonly challenge: string;
      };
    const before = new Seal(cluster, { run, shard: 0 }).bound(helloIn(attacker.fromAgent).challenge);
    const jobOf = (name: string): unknown =>
      before.openJson(name, attacker.jobs.find((job) => job.name === name)!.sealed);
    const [plan, slot] = [jobOf('plan') as PlanJob, jobOf('slot') as SlotJob];
    const { length } = rig.target.requests;
    const heard = attacker.fromAgent.length;
    await attacker.enlist(enlistment!);
    await matching(() => attacker.fromAgent.slice(heard).map(kindOf).join(), /hello/u);
    const now = new Seal(cluster, { run, shard: 0 }).bound(helloIn(attacker.fromAgent.slice(heard)).challenge);
    const alive = setInterval(
      () => void attacker.say(run, sealedMessage(now, { kind: 'alive', users: 0 } as Told)),
      500,
    );
    try {
      await attacker.give(run, { name: 'plan', sealed: now.sealJson('plan', plan) });
      await matching(() => attacker.fromAgent.slice(heard).map(kindOf).join(), /planned/u);
      // The name that is allowed, and another machine's address; then another name.
      const port = new URL(other.origin).port;
      const elsewhere = [
        { ...slot.job.endpoint, addresses: ['127.0.0.2'] },
        { ...slot.job.endpoint, origin: `http://localhost:${port}` },
        { ...slot.job.endpoint, dial: { host: 'localhost', port: Number(port) } },
      ];
      for (const [place, endpoint] of elsewhere.entries()) {
        const asked: SlotJob = { ...slot, slot: place + 2, job: { ...slot.job, endpoint } };
        await attacker.give(run, { name: 'slot', sealed: now.sealJson('slot', asked) });
        await matching(
          () => String(attacker.fromAgent.slice(heard).filter((one) => kindOf(one) === 'measured').length),
          new RegExp(`${place + 1}`, 'u'),
        );
      }
      expect(attacker.fromAgent.slice(heard).map(kindOf)).not.toContain('ready');
    } finally {
      clearInterval(alive);
    }
    expect([rig.target.requests.length, other.requests.length, other.connections()]).toEqual([length, 0, 0]);
  });

  test('leaves nothing in Redis that stays', async () => {
    await using rig = await AgentsRig.of(2);
    await using attacker = await Attacker.at(rig.redis.url);
    expect(await runOf(rig, reads)).toMatchObject({ code: 0 });
    expect(await attacker.undying()).toEqual([]);
  });
});
