import process from 'node:process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newKey } from '../../../src/measure/runner/cluster/link/seal.ts';
import { DelayingLink, type Delays } from '../../measure/runner/cluster/delaying.ts';
import {
  NetworkNamespace,
  noNamespaces,
  withNamespaces,
  withOtherClock,
} from '../../measure/runner/cluster/namespaces.ts';
import { hasRedis, RedisServer, withRedis } from '../../redis.ts';
import { assertNoLeftovers, built, contend, matching, start, startProgram, type Running } from '../contend.ts';
import { documentOf, modeOf } from '../document.ts';
import { childrenOf } from '../processes.ts';
import { openServer } from '../server.ts';

afterEach(assertNoLeftovers);

const env = { CONTEND_CLUSTER_KEY: newKey() };

/** A machine of its own to the network, with a host name, that lends itself; its link to Redis takes its time. */
class Machine implements AsyncDisposable {
  readonly agent: Running;
  readonly #network: NetworkNamespace;
  readonly #link: DelayingLink;

  private constructor(network: NetworkNamespace, link: DelayingLink, agent: Running) {
    this.#network = network;
    this.#link = link;
    this.agent = agent;
  }

  /** @param upFor of its monotonic clock, in seconds more than this machine's */
  static async lend(name: string, redisPort: number, target: string, delays: Delays, upFor?: number): Promise<Machine> {
    const network = new NetworkNamespace();
    const link = await DelayingLink.open(redisPort, delays, network.hostAddress);
    const redis = `redis://${network.hostAddress}:${link.port}`;
    const flags = ['--redis', redis, '--allow-host', new URL(target).hostname, '--allow-writes', '-w', '1'];
    const named = ['unshare', '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"', name, process.execPath, built];
    const inside = network.inside(...named, 'agent', ...flags);
    const [program, ...argv] = upFor === undefined ? inside : withOtherClock(upFor, inside);
    const agent = startProgram(program, argv, { env, withinMs: 110_000 });
    const machine = new Machine(network, link, agent);
    await matching(agent.stderr, / lends 1 thread/u);
    return machine;
  }

  /** Pulls its cable out. */
  cut(): void {
    this.#network.cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Where another process stands in between, it ends with its child.
    const { pid } = this.agent.child;
    for (const one of pid === undefined ? [] : [...childrenOf(pid), pid]) process.kill(one, 'SIGTERM');
    await this.agent.ended;
    await this.#link[Symbol.asyncDispose]();
    this.#network[Symbol.dispose]();
  }
}

const scenario = (target: string): string => `
target: ${target}
destructive: true
seed: 3
rounds: 1
load: { users: 8, duration: 4s, warmup: 100ms }
data: { product: 1..20 }
before: [{ post: /reset, json: { products: 20, stock: 1000000 } }]
steps:
  - critical:
      - { name: read, get: "/products/\${product}", capture: { stock: body.stock, version: header.etag } }
      - { name: write, put: "/products/\${product}", json: { stock: "\${stock - 1}" }, headers: { if-match: "\${version}" } }
conflict: { status: 412, retries: 50, backoff: 1ms..5ms }
modes: { both: none }
consistency:
  cas-register:
    key: "\${product}"
    see: { step: read, value: body.stock }
    cas: { step: write, expect: "\${stock}", value: "\${stock - 1}" }
    read: { get: "/products/\${key}", value: body.stock }
`;

describe.runIf(hasRedis && noNamespaces === undefined)(
  `agents on machines of their own${withRedis}${withNamespaces}`,
  () => {
    let redis: RedisServer;
    let store: Running;
    let outside: NetworkNamespace;
    let door: DelayingLink;
    let folder: string;
    let file: string;

    beforeAll(async () => {
      redis = await RedisServer.start();
      store = start(['store', '--port', '0'], { withinMs: 110_000 });
      const origin = await matching(store.stdout, /^http:\/\/127\.0\.0\.1:\d+(?=\n$)/u);
      // A side of the machine that others reach.
      outside = new NetworkNamespace();
      door = await DelayingLink.open(Number(new URL(origin).port), { thereMs: 0, backMs: 0 }, outside.hostAddress);
      folder = mkdtempSync(join(tmpdir(), 'contend-machines-'));
      file = join(folder, 'machines.yaml');
      writeFileSync(file, scenario(`http://${outside.hostAddress}:${door.port}`));
    });
    afterAll(async () => {
      store.child.kill('SIGTERM');
      await store.ended;
      await door[Symbol.asyncDispose]();
      outside[Symbol.dispose]();
      await redis[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });

    const lend = async (name: string, delays: Delays, upFor?: number): Promise<Machine> =>
      Machine.lend(name, redis.port, `http://${outside.hostAddress}:${door.port}`, delays, upFor);
    const asking = (agents: number): readonly string[] => ['--redis', redis.url, '--agents', String(agents)];

    test('measure together although their clocks share nothing: the data is not accused, and verify says the same', async () => {
      await using here = await lend('host-a', { thereMs: 0, backMs: 0 });
      await using there = await lend('host-b', { thereMs: 3, backMs: 1 }, 100_000);
      const history = join(folder, 'kept');
      const ended = await start(['run', file, '--json', '-q', '--history', history, ...asking(2)], { env }).ended;
      if (ended.stdout === '') throw new Error(ended.stderr);
      const result = documentOf(ended.stdout);
      const { consistency, iterations } = modeOf(result, 'both');
      expect(consistency!.findings).toEqual([]);
      expect(consistency!.verdict).not.toBe('violated');
      expect(iterations.completed).toBeGreaterThan(100);
      const { errorNs } = consistency!.exposure.clocks!;
      // Half of the way there and back.
      expect(errorNs).toBeGreaterThan(2_000_000);
      expect(errorNs).toBeLessThan(20_000_000);
      const [name] = readdirSync(history);
      const kept = await contend(['verify', join(history, name!), '--json']);
      const again = JSON.parse(kept.stdout) as { readonly verdict: string; readonly exposure: unknown };
      expect(again.verdict).toBe(consistency!.verdict);
      expect(again.exposure).toMatchObject({ clocks: consistency!.exposure.clocks });
      for (const { agent } of [here, there]) expect(agent.stderr()).toContain('Free again: the run is over');
    });

    test('reach nothing that listens on the loopback of another one, although they allow it: that is told before anything is sent', async () => {
      await using own = await openServer(() => 200);
      await using there = await Machine.lend('host-b', redis.port, own.origin, { thereMs: 0, backMs: 0 });
      const local = join(folder, 'loopback.yaml');
      writeFileSync(local, `target: ${own.origin}\nload: { users: 2, iterations: 4 }\nsteps: [{ get: / }]\n`);
      const { code, stdout } = await start(['run', local, '--json', '-q', ...asking(1)], { env }).ended;
      expect(code).toBe(96);
      expect(documentOf(stdout).invalid).toMatchObject({
        code: 'ERR_AGENTS',
        message: `lock-free asks ${own.origin}, which the machine of this run alone reaches, and it is to be measured on another one: agent 1 of 1 (host-b, 1 thread).`,
      });
      expect(own.requests).toEqual([]);
      await matching(there.agent.stderr, /Free again/u, 10_000);
    });

    test('of which one is cut off while it is measured on: the run ends, names it, and it stops by itself', async () => {
      await using here = await lend('host-a', { thereMs: 0, backMs: 0 });
      await using there = await lend('host-b', { thereMs: 1, backMs: 1 });
      const run = start(['run', file, '--json', '-q', '-d', '60s', ...asking(2)], { env });
      await matching(there.agent.stderr, /Enlisted/u);
      await new Promise((resolve) => setTimeout(resolve, 2500));
      there.cut();
      const cutMs = performance.now();
      const { code, stdout, stderr } = await run.ended;
      expect(performance.now() - cutMs).toBeLessThan(10_000);
      expect(code).toBe(96);
      expect(stdout + stderr).toMatch(
        /agent \d of 2 \(host-b, 1 thread\) has not been heard from for 5 s: its share of the users and iterations, .* is missing/u,
      );
      expect(modeOf(documentOf(stdout), 'both').iterations.completed).toBeGreaterThan(0);
      await matching(there.agent.stderr, /Free again: nothing has been heard from the controller for 5 s/u, 10_000);
      await matching(here.agent.stderr, /Free again/u, 10_000);
      expect(performance.now() - cutMs).toBeLessThan(20_000);
    });

    test('of which one is cut off before it was ready: the run ends all the same', async () => {
      await using here = await lend('host-a', { thereMs: 0, backMs: 0 });
      await using there = await lend('host-b', { thereMs: 400, backMs: 400 });
      const run = start(['run', file, '--json', '-q', ...asking(2)], { env });
      await matching(there.agent.stderr, /Enlisted/u);
      there.cut();
      const cutMs = performance.now();
      const { code, stdout, stderr } = await run.ended;
      expect(performance.now() - cutMs).toBeLessThan(35_000);
      expect(code).toBe(96);
      expect(stdout + stderr).toMatch(/host-b|1 of 2 agents came/u);
      await matching(here.agent.stderr, /Free again/u, 10_000);
      await matching(there.agent.stderr, /Free again/u, 10_000);
    });
  },
);
