import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Finding, Result } from '../../src/core/result/result.ts';
import { assertNoLeftovers, contendHere, matching, start, type Running } from './contend.ts';
import { documentOf } from './document.ts';

const store = 'scenarios/online-store.yaml';
const folder = mkdtempSync(join(tmpdir(), 'contend-test-'));

afterEach(assertNoLeftovers);
afterAll(() => rmSync(folder, { recursive: true }));

const verdicts = ({ modes }: Result): readonly unknown[] =>
  modes.map(({ name, consistency }) => [name, consistency?.verdict]);

/** Two purchases that were built on the same stock, both acknowledged: by nothing but what is written in the certificate. */
const isTrue = ({ operations: [a, b] }: Finding): boolean =>
  a?.f === 'cas' &&
  b?.f === 'cas' &&
  a.status === 'ok' &&
  b.status === 'ok' &&
  a.session !== b.session &&
  a.operand === b.operand &&
  a.value === Number(a.operand) - 1;

let server: Running;
let target: readonly string[];
beforeAll(async () => {
  server = start(['store', '--port', '0'], { withinMs: 120_000 });
  target = ['--target', await matching(server.stdout, /^http:\/\/127\.0\.0\.1:\d+(?=\n$)/u)];
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
});

describe.each([5, 64])('the online store with %d users', (users) => {
  let document: Result;
  let stdout: string;
  const histories = join(folder, String(users));

  beforeAll(async () => {
    const flags = ['-c', String(users), '-d', '300ms', '--warmup', '20ms', '--rounds', '2', '--history', histories];
    const ended = await contendHere(['run', store, ...target, ...flags, '--json', '-q']);
    document = documentOf(ended.stdout);
  }, 70_000);

  test('is consistent under a lock and with compare-and-swap, and violated without', () => {
    expect(document.exitCode).toBe(0);
    expect(verdicts(document)).toEqual([
      ['locked', 'consistent'],
      ['two-locks', 'consistent'],
      ['optimistic', 'consistent'],
      ['lock-free', 'violated'],
    ]);
  });

  test('has a certificate that anybody can check', () => {
    const { findings, findingCount } = document.modes.at(-1)!.consistency!;
    expect(findingCount).toBeGreaterThanOrEqual(findings.length);
    const pairs = findings.filter(({ operations }) => operations.length <= 3);
    expect(pairs.length).toBeGreaterThan(0);
    for (const pair of pairs) expect(pair).toSatisfy(isTrue);
  });

  test('says how often two met, under a lock as well', () => {
    for (const { consistency, iterations } of document.modes) {
      const { overlapping, atMostShare } = consistency!.exposure;
      expect(overlapping).toBeGreaterThan(iterations.completed / 20);
      expect(atMostShare).toBe(consistency!.verdict === 'violated' ? null : Math.min(1, 3 / overlapping));
    }
  });

  test('keeps its histories, which say the same again', async () => {
    expect(readdirSync(histories).toSorted()).toEqual(
      ['lock-free', 'locked', 'optimistic', 'two-locks'].flatMap((mode) =>
        [1, 2].map((round) => `${mode}.${round}.1.rmw-counter.history`),
      ),
    );
    for (const [mode, code] of [
      ['locked', 0],
      ['lock-free', 98],
    ] as const) {
      const file = join(histories, `${mode}.1.1.rmw-counter.history`);
      const again = await contendHere(['verify', file, '--model', 'rmw-counter', '--initial', '1000000']);
      expect([mode, again.code]).toEqual([mode, code]);
      stdout = again.stdout;
    }
    expect(stdout).toContain('VIOLATED  lost update');
  });
});

test('with contention turned off nothing was put to the test, which is no pass', async () => {
  const { code, stdout } = await contendHere([
    'run',
    store,
    ...target,
    '-c',
    '1',
    '-d',
    '300ms',
    '--warmup',
    '20ms',
    '--rounds',
    '1',
    '--modes',
    'locked,optimistic',
    '--json',
    '-q',
  ]);
  const document = documentOf(stdout);
  expect(verdicts(document)).toEqual([
    ['locked', 'not-exercised'],
    ['optimistic', 'not-exercised'],
  ]);
  expect([code, document.verdict]).toMatchObject([
    97,
    {
      is: 'undecided',
      because: expect.stringContaining('the data was not put to the test in locked, optimistic') as string,
    },
  ]);
});

test.each([
  ['the report', [], /^lost update in lock-free, round 1, key \S+: A and B/mu],
  ['the long report', ['--details'], /VIOLATED {2}lost update {2}key=/u],
] as const)('%s has a certificate, at 80 columns', async (_, flags, headed) => {
  const quick = ['-d', '200ms', '--warmup', '20ms', '--rounds', '1'];
  const { stdout } = await contendHere(['run', store, ...target, ...quick, '--modes', 'lock-free', '-q', ...flags]);
  expect(stdout).toMatch(headed);
  expect(stdout.replaceAll(/\s+/gu, ' ')).toContain('A and B were built on the same value, and both were acknowledged');
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('--history that cannot be written, or has nothing to keep, is told before anything is sent', async () => {
  const file = join(folder, 'bare.yaml');
  writeFileSync(file, 'target: http://127.0.0.1:1\nsteps: [{ get: / }]\n');
  const none = await contendHere(['run', file, '--history', join(folder, 'h')]);
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('the scenario observes none')]);
  const closed = await contendHere(['run', store, '--history', '/proc/nowhere']);
  expect([closed.code, closed.stderr]).toEqual([
    2,
    expect.stringContaining('--history /proc/nowhere cannot be written'),
  ]);
});

describe('transfers between accounts that have names', () => {
  /** Right at /right; at /lossy every third amount never arrives; at /foreign somebody else pays dave. */
  const names = ['alice', 'bob', 'carol', 'dave'];
  const balances = new Map<string, number>();
  let transfers = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const [, what = '', name = ''] = request.url!.split('/');
      if (what === 'reset') for (const each of names) balances.set(each, 1000);
      const add = (to: string, amount: number): void => void balances.set(to, balances.get(to)! + amount);
      if (request.method === 'POST' && what !== 'reset') {
        const { from, to } = JSON.parse(text) as { from: string; to: string };
        add(from, -5);
        if (what !== 'lossy' || ++transfers % 3 !== 0) add(to, 5);
        if (what === 'foreign') add('dave', 1);
      }
      // A while, so that two are under way at once.
      setTimeout(() => response.end(JSON.stringify({ balance: balances.get(name) ?? 0 })), 2);
    });
  });

  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const run = async (path: string, ...flags: readonly string[]) => {
    const file = join(folder, 'names.yaml');
    writeFileSync(
      file,
      `
target: http://127.0.0.1:${(server.address() as AddressInfo).port}
destructive: true
rounds: 1
load: { users: 3, iterations: 30, warmup: 0 }
data: { payer: { list: [alice, bob] }, payee: { list: [bob, carol] }, account: { list: [${names.join(', ')}] } }
before: [{ post: /reset }]
steps: [{ name: pay, post: /${path}, json: { from: "\${payer}", to: "\${payee}" } }]
modes: { free: none }
consistency:
  transfer:
    key: "\${account}"
    move: { step: pay, from: "\${payer}", to: "\${payee}", by: 5 }
    read: { get: "/accounts/\${key}", value: body.balance }
`,
    );
    return contendHere(['run', file, '-q', ...flags]);
  };

  test.each(['1', '2'])('are right where nothing is lost, with %s workers', async (workers) => {
    const { code, stdout } = await run('right', '--json', '-w', workers);
    const [mode] = documentOf(stdout).modes;
    expect([code, mode!.consistency!.verdict, mode!.consistency!.coverage.keys]).toEqual([0, 'no-violation-found', 4]);
  });

  test('are wrong where an amount gets lost, and the certificate names the account', async () => {
    const { code, stdout } = await run('lossy', '--details');
    expect(code).toBe(98);
    expect(stdout).toMatch(/VIOLATED {2}account balance/u);
    expect(stdout.replaceAll(/\s+/gu, ' ')).toMatch(
      /Account "(bob|carol)" had 1,000; by its transfers [\d,]+ is expected, [\d,]+ is/u,
    );
  });

  test('are told from what somebody else wrote, whose account is named', async () => {
    const { code, stdout } = await run('foreign', '--details');
    expect(code).toBe(98);
    expect(stdout.replaceAll(/\s+/gu, ' ')).toMatch(
      /unexplained change.*key=dave.*It was 1,000, and is 1,030 afterwards/u,
    );
  });
});
