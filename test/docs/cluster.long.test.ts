import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from 'kubernetes-types/batch/v1.d.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  assertNoLeftovers,
  built,
  contend,
  matching,
  root,
  start,
  startProgram,
  type Running,
} from '../cli/contend.ts';
import { freePort, hasRedis, RedisServer, withRedis } from '../redis.ts';

const page = readFileSync(join(root, 'docs', 'cluster.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gsu'))].map(([, text]) => text!.trim());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contend-cluster-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await assertNoLeftovers();
});

/** Ends agents, each by its own id, and waits until they have. */
const end = async (agents: readonly Running[]): Promise<void> => {
  for (const { child } of agents) child.kill('SIGTERM');
  await Promise.all(agents.map(async ({ ended }) => ended));
};

const lent = async (agents: readonly Running[]): Promise<void> => {
  for (const { stderr } of agents) await matching(stderr, / lends \d+ thread/u);
};

test.skipIf(!hasRedis)(`the commands of the page about many machines do what it says${withRedis}`, async () => {
  await using redis = await RedisServer.start();
  const port = await freePort();
  const words = (line: string): readonly string[] =>
    line.replace('redis://127.0.0.1:6379', redis.url).replace('8080', String(port)).split(' ').slice(1);
  const [store, agent, run, newKey, ...others] = blocks('sh');
  expect(others).toEqual([]);
  const target = start(words(store!), { withinMs: 110_000 });
  await matching(target.stdout, /^http:/u);
  const agents = [1, 2].map(() => start(words(agent!), { withinMs: 110_000 }));
  try {
    await lent(agents);
    const short = ['-d', '600ms', '--rounds', '1', '--warmup', '50ms', '--no-color', '--undecided', 'warn'];
    const env = { CONTEND_TARGET: `http://127.0.0.1:${port}` };
    const { code, stdout, stderr } = await contend([...words(run!), ...short], { env });
    expect([code, stdout + stderr]).toEqual([0, expect.stringMatching(/^async .*\n^threads .*\n^distributed .*/mu)]);
    for (const { stderr: told } of agents) expect(told()).toMatch(/Enlisted by .* for async-threads-distributed/u);
    const key = await contend(words(newKey!));
    expect(key.stdout).toMatch(/^[\w-]{43}\n$/u);
  } finally {
    await end([...agents, target]);
  }
});

/** A file for Docker Compose, as far as a test runs it. */
interface Compose {
  readonly services: {
    readonly [name: string]: {
      readonly image: string;
      readonly command: readonly string[];
      readonly environment?: { readonly [name: string]: string };
      readonly deploy?: { readonly replicas: number };
    };
  };
}

test.skipIf(!hasRedis)(
  `the services of deploy/compose.yaml do in a folder what they are to do${withRedis}`,
  async () => {
    const { services } = parse(readFileSync(join(root, 'deploy', 'compose.yaml'), 'utf8')) as Compose;
    const { valkey, agent, controller } = services;
    expect([agent!.image, agent!.deploy?.replicas]).toEqual([controller!.image, 3]);
    const port = await freePort();
    const { stdout: key } = await contend(['agent', '--new-key']);
    const given: { readonly [name: string]: string } = {
      CONTEND_ALLOW_HOST: '127.0.0.1',
      CONTEND_CLUSTER_KEY: key.trim(),
    };
    const filled = (text: string): string =>
      text
        .replace(/\$\{(\w+):\?[^}]*\}/gu, (_, name: string) => given[name]!)
        .replace('valkey:6379', `127.0.0.1:${port}`);
    const begin = ({ command, environment = {} }: Compose['services'][string]): Running => {
      const [program, ...argv] = command.map(filled);
      expect(program).toBe('node_modules/.bin/contend');
      const env = Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, filled(text)]));
      return startProgram(process.execPath, [built, ...argv], { cwd: folder, env, withinMs: 110_000 });
    };
    const target = start(['store', '--port', '0'], { withinMs: 110_000 });
    const origin = await matching(target.stdout, /^http:\/\/127\.0\.0\.1:\d+(?=\n$)/u);
    writeFileSync(
      join(folder, 'scenario.yaml'),
      `target: ${origin}\nload: { users: 6, iterations: 60 }\nrounds: 1\nbefore: [{ post: /reset, json: { products: 1, stock: 10 } }]\nsteps: [{ get: /products/1 }]\n`,
    );
    const [server, ...flags] = valkey!.command;
    expect(server).toBe('valkey-server');
    const redis = startProgram(
      'redis-server',
      [...flags, '--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      {
        withinMs: 110_000,
      },
    );
    await matching(redis.stdout, /Ready to accept connections/u);
    const agents = Array.from({ length: agent!.deploy!.replicas }, () => begin(agent!));
    try {
      const { code, stdout, stderr } = await begin(controller!).ended;
      expect([code, stdout + stderr]).toEqual([0, expect.anything()]);
      expect(readFileSync(join(folder, 'out', 'report.html'), 'utf8')).toContain('<html');
      for (const { stderr: told } of agents) expect(told()).toContain('Enlisted');
    } finally {
      await end([...agents, target, redis]);
    }
  },
);

describe('the Job for Kubernetes', () => {
  const [text, ...others] = blocks('yaml');
  const job = parse(text!) as Job;

  /** What TypeScript has against a value of that type; empty: nothing. */
  const against = async (value: Job): Promise<string> => {
    const types = join(root, 'node_modules', 'kubernetes-types', 'batch', 'v1');
    writeFileSync(
      join(folder, 'job.ts'),
      `import type { Job } from ${JSON.stringify(types)};\nexport const job: Job = ${JSON.stringify(value)};\n`,
    );
    return new Promise((resolve) => {
      const tsc = join(root, 'node_modules', '.bin', 'tsc');
      const flags = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', 'job.ts'];
      execFile(tsc, flags, { cwd: folder }, (_, stdout, stderr) => resolve(stdout + stderr));
    });
  };

  test('is what the types of Kubernetes say, which would tell a key that there is not', async () => {
    expect(others).toEqual([]);
    expect([job.apiVersion, job.kind]).toEqual(['batch/v1', 'Job']);
    expect(await against(job)).toBe('');
    expect(await against({ ...job, spec: { ...job.spec!, paralelism: 3 } as Job['spec'] & object })).toContain(
      'paralelism',
    );
    expect(await against({ ...job, spec: { ...job.spec!, completions: '3' as unknown as number } })).toContain(
      "'string' is not assignable to type 'number'",
    );
  });

  test('begins agents with flags that contend agent has', async () => {
    const { containers } = job.spec!.template.spec!;
    const [program, ...argv] = containers[0]!.command!;
    expect([containers.length, program]).toEqual([1, 'node_modules/.bin/contend']);
    const refused = await contend([...argv, '--redis', 'redis://127.0.0.1:1']);
    expect([refused.code, refused.stderr]).toEqual([96, expect.stringContaining('Redis at')]);
    expect(job.spec!.completions).toBe(job.spec!.parallelism);
  });
});
