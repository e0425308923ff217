import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort, hasRedis, RedisServer, withRedis } from '../redis.ts';
import { assertNoLeftovers, contend, contendHere } from './contend.ts';
import { documentOf, expectIdentities } from './document.ts';
import { openServer, type TestServer } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-cli-redis-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(assertNoLeftovers);

interface Leased {
  readonly url: string;
  /** Of the lock, beside its address. */
  readonly options?: string;
  /** A while of 16 users unless given. */
  readonly load?: string;
  /** Of the scenario. */
  readonly more?: string;
  /** The built-in store unless given. */
  readonly target?: string;
}

const ofStore = `
before:
  - post: /reset
    json: { products: 4, stock: 1000000 }
consistency:
  counter: { key: "\${product}", add: { step: write, by: -1 }, read: { get: "/products/\${key}", value: body.stock } }`;

const aWhile = 'duration: 400ms, warmup: 50ms';

const scenarioOf = ({ url, options = 'key: "stock-${product}"', load = aWhile, more = '', target }: Leased): string => {
  const file = join(folder, 'leased.yaml');
  writeFileSync(
    file,
    `
name: leased
target: ${target ?? 'builtin:store'}
seed: 7
rounds: 1
load: { users: 16, ${load}, drain: 2s }
data: { product: 1..4 }
steps:
  - critical:
      - name: read
        get: /products/\${product}${target === undefined ? '' : '?token=${lock.token}'}
        capture: { stock: body.stock }
      - name: write
        put: /products/\${product}
        headers: { x-fencing-token: "\${lock.token}" }
        json: { stock: "\${stock - 1}" }
modes:
  leased: { lock: { redis: { url: "${url}", ${options} } } }
${target === undefined ? ofStore : ''}
${more}
`,
  );
  return file;
};

/**
 * A target that kills Redis when it gets its nth request, before it answers. With a load of so many iterations, which has no
 * warm-up, what comes before that and what comes after does not depend on how fast the machine is.
 */
const openKilling = async (redis: RedisServer, nth: number): Promise<TestServer> => {
  let asked = 0;
  return openServer(() => {
    asked++;
    if (asked === nth) redis.signal('SIGKILL');
    return 200;
  });
};

/**
 * What was completed where Redis was killed at the nth request: an iteration sends two, and
 * whoever has one of the four leases by then goes on.
 */
const expectCompletedOf = (nth: number, completed: number): void => {
  expect(2 * completed).toBeGreaterThanOrEqual(nth - 1);
  expect(2 * completed).toBeLessThanOrEqual(nth - 1 + 2 * 4);
};

/** Whatever is written under a token that is too low was fenced off: the tokens of each product only grow. */
const expectGrowing = ({ requests }: TestServer): void => {
  const last = new Map<string, number>();
  for (const request of requests) {
    const [, product, token] = /^GET \/products\/(\d+)\?token=(\d+)$/u.exec(request) ?? [];
    if (product === undefined) continue;
    expect(Number(token)).toBeGreaterThan(last.get(product) ?? 0);
    last.set(product, Number(token));
  }
  expect(last.size).toBe(4);
};

const run = async (leased: Leased, ...flags: readonly string[]) =>
  contend(['run', scenarioOf(leased), '--json', '-q', ...flags]);

describe.skipIf(!hasRedis)(`contend run under a lease in Redis${withRedis}`, () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  test('loses no update over two threads, and says who waited', async () => {
    const { code, stdout, stderr } = await run(server, '-w', '2');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [mode] = documentOf(stdout).modes;
    expectIdentities(mode!);
    expect(mode).toMatchObject({
      lock: 'redis',
      lost: { atLeast: 0, atMost: 0 },
      locks: [{ name: 'redis', lapsed: 0 }],
    });
    expect(mode!.locks[0]!.contended).toBeGreaterThan(0);
  });

  test('counts leases that ran out while they were held, and ends with 98', async () => {
    const options = 'key: lease, ttl: 10ms, renew: false';
    const { code, stdout } = await run({
      url: server.url,
      options,
      more: 'process: 30ms',
      load: 'duration: 200ms, warmup: 0s',
    });
    const { modes, verdict } = documentOf(stdout);
    expect(modes[0]!.locks[0]!.lapsed).toBeGreaterThan(0);
    expect(code).toBe(98);
    expect(verdict).toMatchObject({ is: 'fail' });
    expect(verdict.because).toContain('a lease ran out while it was held in leased');
  });

  test.each([['1'], ['2']])(
    'that is killed midway ends in a report with its failures named, with %s workers',
    async (workers) => {
      await using killed = await RedisServer.start();
      await using target = await openKilling(killed, 200);
      const leased = { url: killed.url, target: target.origin, load: 'iterations: 240' };
      // One of them as a process of its own, which must end.
      const start = workers === '1' ? contendHere : contend;
      const { code, stdout } = await start(['run', scenarioOf(leased), '--json', '-q', '-w', workers]);
      const [mode] = documentOf(stdout).modes;
      expectIdentities(mode!);
      const { completed, failed } = mode!.iterations;
      expectCompletedOf(200, completed);
      expect(completed + failed).toBe(240);
      expect(mode!.failuresByClass.redis?.count).toBe(failed);
      expect(mode!.failuresByClass.redis?.example).toContain(killed.url);
      expect(code).toBe(97);
      expect(documentOf(stdout).verdict.because).toMatch(
        /^more iterations failed than completed in leased: redis lock: /u,
      );
      expectGrowing(target);
    },
  );

  test('that is lost between two slots makes the run invalid, and what was measured is reported', async () => {
    await using killed = await RedisServer.start();
    // Of the 400 that the first of three slots sends.
    await using target = await openKilling(killed, 300);
    const leased = { url: killed.url, target: target.origin, load: 'iterations: 600' };
    const { code, stdout } = await run(leased, '--rounds', '3', '-w', '2');
    expect(code).toBe(96);
    const { modes, invalid } = documentOf(stdout);
    expect(invalid).toMatchObject({ code: 'ERR_REDIS', message: expect.stringContaining(killed.url) as string });
    const [mode] = modes;
    expectIdentities(mode!);
    expect(mode!.slots).toHaveLength(1);
    const { completed, failed } = mode!.iterations;
    expectCompletedOf(300, completed);
    expect(completed + failed).toBe(200);
  });
});

describe('contend run under a lease', () => {
  test('without its server ends with 96 before anything is sent', async () => {
    const port = await freePort();
    const { code, stdout } = await run({ url: `redis://:secret@127.0.0.1:${port}` }, '-w', '2');
    expect(code).toBe(96);
    const { modes, invalid } = documentOf(stdout);
    expect(modes).toEqual([]);
    expect(invalid).toMatchObject({
      code: 'ERR_REDIS',
      message: `Redis at redis://:***@127.0.0.1:${port} cannot be used: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
    expect(stdout).not.toContain('secret');
  });

  test('with an address that is none ends with 2, and says where it stands', async () => {
    const { code, stderr } = await contendHere(['run', scenarioOf({ url: 'http://127.0.0.1' })]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/leased\.yaml:\d+:\d+/u);
    expect(stderr).toContain('the address of a Redis server');
  });

  test('without ioredis ends with 2, and says how to install it', async () => {
    const NODE_OPTIONS = `--import=${new URL('./no-ioredis.mjs', import.meta.url).href}`;
    const { code, stderr } = await contend(['run', scenarioOf({ url: 'redis://127.0.0.1' })], {
      env: { NODE_OPTIONS },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('lock: redis needs the package ioredis');
    expect(stderr).toContain('npm install ioredis');
    expect(stderr).toContain('npx -p contend -p ioredis contend');
  });
});
