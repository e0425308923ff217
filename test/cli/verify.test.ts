import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { VerifiedHistory } from '../../src/core/result/finding.ts';
import { HistoryBuilder } from '../../src/core/history/builder.ts';
import { encodeHistory } from '../../src/core/history/file.ts';
import { operations } from '../../src/core/history/history.ts';
import { assertNoLeftovers, contendHere } from './contend.ts';
import { expectRead } from './many-lines.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-verify-'));
});

afterAll(() => rm(folder, { recursive: true }));

afterEach(assertNoLeftovers);

type Operation = { readonly [field: string]: unknown };

const fileOf = async (name: string, content: string | Uint8Array): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
};

const linesOf = (operations: readonly Operation[]): string =>
  operations.map((one) => `${JSON.stringify(one)}\n`).join('');

const one = { key: '/stock/3', session: 'w1', status: 'ok' };
const stale: readonly Operation[] = [
  { ...one, f: 'write', call: 100_200_000, ret: 103_000_000, value: 17 },
  { ...one, session: 'w2', f: 'write', call: 102_100_000, ret: 106_700_000, value: 18 },
  { ...one, f: 'read', call: 107_000_000, ret: 108_000_000, value: 18 },
  { ...one, f: 'read', call: 109_800_000, ret: 111_000_000, value: 17 },
];
const right = stale.slice(0, 3);

const verify = async (history: readonly Operation[], ...flags: string[]) => {
  await fileOf('history.ndjson', linesOf(history));
  // By its name alone: a long path would be cut in the report.
  return contendHere(['verify', 'history.ndjson', ...flags], { cwd: folder });
};

describe('contend verify', () => {
  test('ends with 0 where the history is as the model allows', async () => {
    const ended = await verify(right, '--model', 'register');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^consistent {2}register/u);
    expect(ended.stdout.replaceAll(/\s+/gu, ' ')).toContain(
      '3 operations on 1 key: 2 changes acknowledged, 0 of unknown outcome, 1 read answered. 1 pair on one key overlapped',
    );
  });

  test('ends with 98 and shows the operations that cannot all be right, in ASCII and at most 15 lines', async () => {
    const ended = await verify(stale, '--model', 'register');
    expect(ended).toMatchObject({ code: 98, stderr: '' });
    const certificate = ended.stdout.slice(ended.stdout.indexOf('VIOLATED'));
    expect(certificate).toMatch(/^VIOLATED {2}stale read {2}key=\/stock\/3 {2}\[same-host\]$/mu);
    expect(certificate).toMatch(/^ {2}[A-E] {2}session w1 {2}read 17 +\|-*\|$/mu);
    expect(certificate.split('\n').length).toBeLessThanOrEqual(16);
    // oxlint-disable-next-line no-control-regex -- ASCII is what it is
    expect(ended.stdout).toMatch(/^[\x00-\x7f]*$/u);
  });

  test('prints all that it knows as JSON', async () => {
    const ended = await verify(stale, '--model', 'register', '--json');
    expect(ended.code).toBe(98);
    const result = JSON.parse(ended.stdout) as VerifiedHistory;
    expect(result).toMatchObject({
      verdict: 'violated',
      model: 'register',
      keys: { '/stock/3': { verdict: 'violated' } },
      findings: [{ key: '/stock/3', rule: 'stale-read', evidence: 'same-host', atLeast: 1, atMost: null }],
      coverage: { operations: 4, keys: 1, acknowledged: 2, unknown: 0, reads: 2 },
    });
    expect(result.findings[0]!.operations).toContainEqual({
      letter: expect.stringMatching(/^[A-E]$/u) as unknown,
      session: 'w1',
      f: 'read',
      call: 109_800_000,
      ret: 111_000_000,
      status: 'ok',
      value: 17,
    });
  });

  test('ends with 97 where no two operations were under way at once', async () => {
    const alone = right.map((operation, n) => ({ ...operation, call: 10 * n, ret: 10 * n + 1 }));
    const ended = await verify(alone, '--model', 'register');
    expect(ended.code).toBe(97);
    expect(ended.stdout).toMatch(/^not-exercised {2}register/u);
  });

  test('ends with 97, and within its budget, where a search takes too long', async () => {
    // Twenty at a time over five values, and at the end one that nobody wrote: every order would have to be tried.
    const busy = Array.from({ length: 400 }, (_, n): Operation => {
      const call = Math.floor(n / 20) * 10;
      return {
        key: 'k',
        session: n,
        f: n % 2 === 0 ? 'write' : 'read',
        call,
        ret: call + 15,
        status: 'ok',
        value: n % 5,
      };
    });
    const wrong = [
      { key: 'k', session: 900, f: 'write', call: 1000, ret: 1001, status: 'ok', value: 1 },
      { key: 'k', session: 901, f: 'read', call: 1002, ret: 1003, status: 'ok', value: 2 },
    ];
    const startedMs = performance.now();
    const ended = await verify([...busy, ...wrong], '--model', 'register', '--budget', '1s');
    expect(ended.code).toBe(97);
    expect(ended.stdout).toMatch(/the search ran out of time after \d+ of 402\s+operations/u);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });

  test('tells what is wrong with each line, by its place, and ends with 2', async () => {
    const text = [
      '{"key":"a","session":1,"f":"reed","call":0,"ret":5,"status":"ok","value":1}',
      '{"key":"a","session":1,"f":"read","call":9,"ret":5,"status":"ok","value":1}',
      '',
      '{"key":"a","session":1,"f":"read","call":0,"ret":null,"status":"ok","valeu":1}',
      '{"key":"a"',
    ].join('\n');
    const file = await fileOf('bad.ndjson', text);
    const ended = await contendHere(['verify', file, '--model', 'register']);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(`${file}:1 model register has no operation "reed"\n  did you mean "read"?\n`);
    expect(ended.stderr).toContain(`${file}:2 "ret" is 5, before "call", which is 9\n`);
    expect(ended.stderr).toContain(`${file}:4 unknown field "valeu"\n  did you mean "value"?\n`);
    expect(ended.stderr).toMatch(/bad\.ndjson:5(:\d+)? not JSON/u);
  });

  test.each([
    [['--model', 'registr'], '--model "registr" is not a model.\ndid you mean "register"?'],
    [['--model', 'custom'], '--model custom needs a --module.'],
    [['--model', 'register', '--budget', 'soon'], '--budget "soon" is not a duration.'],
    [['--model', 'register', '--module', 'x.mjs'], '--module is for --model custom, not for register.'],
    [['--model', 'register', '--lease', '30s'], '--lease is for --model mutex, not for register.'],
    [['--model', 'counter', '--dense'], '--dense is for --model issue, not for counter.'],
    [['--model', 'custom', '--module', 'nowhere.mjs'], 'nowhere.mjs cannot be loaded'],
  ])('refuses %j', async (flags, message) => {
    const ended = await verify(right, ...flags);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(message);
  });

  test('refuses a file that is not there', async () => {
    const ended = await contendHere(['verify', join(folder, 'nowhere.ndjson'), '--model', 'register']);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no such file') as unknown });
  });

  test('takes a lost update apart from what was there at first', async () => {
    const two = [
      { key: 7, session: 1, f: 'cas', call: 0, ret: 9, status: 'ok', expect: 41, value: 42 },
      { key: 7, session: 2, f: 'cas', call: 3, ret: 12, status: 'ok', expect: 41, value: 42 },
    ];
    const ended = await verify(two, '--model', 'rmw-counter', '--initial', '41');
    expect(ended.code).toBe(98);
    expect(ended.stdout).toContain('A and B were built on the same value, and both were acknowledged');
  });

  test('judges apart what differs in the field of --partition', async () => {
    const seats = ['a', 'b'].map((seat, n) => ({
      key: 'train',
      seat,
      session: n,
      f: 'acquire',
      call: n,
      ret: 5,
      status: 'ok',
    }));
    expect((await verify(seats, '--model', 'mutex')).code).toBe(98);
    const apart = await verify(seats, '--model', 'mutex', '--partition', 'seat', '--json');
    expect(apart.code).toBe(97);
    expect(Object.keys((JSON.parse(apart.stdout) as VerifiedHistory).keys)).toEqual(['train seat=a', 'train seat=b']);
  });

  test('holds a history against a model of somebody else', async () => {
    const module = await fileOf(
      'queue.mjs',
      `export const init = [];
export const step = (queue, { f, value }) =>
  f === 'append' ? [...queue, value] : queue[0] === value ? queue.slice(1) : undefined;
`,
    );
    const queue = (first: string): Operation[] => [
      { key: 'q', session: 1, f: 'append', call: 0, ret: 1, status: 'ok', value: 'x' },
      { key: 'q', session: 1, f: 'append', call: 2, ret: 3, status: 'ok', value: 'y' },
      { key: 'q', session: 1, f: 'read', call: 4, ret: 9, status: 'ok', value: first },
      { key: 'q', session: 2, f: 'append', call: 5, ret: 6, status: 'ok', value: 'z' },
    ];
    expect((await verify(queue('x'), '--model', 'custom', '--module', module)).code).toBe(0);
    const wrong = await verify(queue('y'), '--model', 'custom', '--module', module);
    expect(wrong.code).toBe(98);
    expect(wrong.stdout).toContain('VIOLATED  not linearizable  key=q');
    const broken = await fileOf(
      'broken.mjs',
      'export const init = 0; export const step = () => { throw new Error("oh"); };',
    );
    expect(await verify(queue('x'), '--model', 'custom', '--module', broken)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("the custom model's step threw: oh") as unknown,
    });
  });

  test('reads the columns that a run keeps, and says where they are broken', async () => {
    const builder = new HistoryBuilder();
    for (const { f, call, ret, value } of stale)
      builder.append(
        builder.key('k'),
        0,
        operations.indexOf(f as 'read'),
        0,
        call as number,
        ret as number,
        value as number,
        NaN,
        NaN,
      );
    const bytes = Buffer.concat([...encodeHistory(builder.history())]);
    expect((await contendHere(['verify', await fileOf('a.history', bytes), '--model', 'register'])).code).toBe(98);
    const counted = await contendHere(['verify', join(folder, 'a.history'), '--model', 'counter']);
    expect(counted).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('operation 1 is write, which model counter') as unknown,
    });
    const cut = await contendHere(['verify', await fileOf('b.history', bytes.subarray(0, -3)), '--model', 'register']);
    expect(cut).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the block at byte 0 is cut off') as unknown,
    });
  });

  test('reads a file of 30,000 lines in parts, whatever they are broken at', async () => expectRead(folder, 30_000));
});

describe('what a history cannot say is refused, and what it can is understood', () => {
  const add = (more: object): Operation => ({ key: 'k', f: 'add', status: 'ok', call: 0, ret: 10, ...more });

  test.each(['1x', 'many', '"1"', '[1]', '0.5'])('a counter does not begin with %s', async (initial) => {
    const ended = await verify([add({ session: 1 })], '--model', 'counter', '--initial', initial);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('--initial');
  });

  test('amounts that are no whole numbers, and times that have lost digits', async () => {
    const late = 1.7e18;
    const lines = [add({ session: 1, delta: 0.1 }), add({ session: 2, call: late, ret: late })];
    const ended = await verify(lines, '--model', 'counter');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(
      /:1 "delta" is 0\.1, which is not a whole number\n.*\n.*:2 "call" is 17\d+, whose last digits/u,
    );
  });

  test('a log from a list, whose reads tell all, the last element or the length alone', async () => {
    const log = (session: number, f: string, call: number, more: object): Operation =>
      add({ session, f, call, ret: call + 9, ...more });
    const lines = [
      log(1, 'append', 0, { value: 'a', version: 2 }),
      log(2, 'append', 5, { value: 'b', version: 3 }),
      log(1, 'read', 20, { value: ['z', 'a', 'b'] }),
      log(1, 'read', 30, { value: 'b', version: 3 }),
      log(1, 'read', 40, { version: 3 }),
    ];
    const flags = ['--model', 'append-log', '--initial', '["z"]'];
    expect(await verify(lines, ...flags)).toMatchObject({ code: 0 });
    expect(await verify([...lines, log(1, 'read', 50, { value: ['z', 'a', 'c'] })], ...flags)).toMatchObject({
      code: 98,
    });
  });

  test('one value, whatever the order of its keys', async () => {
    const lines = [
      add({ session: 1, f: 'write', value: { a: 1, b: { c: 2, d: 3 } } }),
      add({ session: 2, f: 'read', call: 5, value: { b: { d: 3, c: 2 }, a: 1 } }),
    ];
    expect(await verify(lines, '--model', 'register', '--initial', 'null')).toMatchObject({ code: 0 });
  });
});

describe('contend verify of what is promised', () => {
  const grants = [0, 1, 2].map((at) => ({ ...one, session: `w${at}`, f: 'grant', call: at, ret: at + 10 }));

  test('takes the limit, its time, its windows and what may come at once from flags', async () => {
    const flags = '--model at-most --limit 2 --per 1s --window sliding'.split(' ');
    const ended = await verify(grants, ...flags);
    expect([ended.code, ended.stdout]).toEqual([98, expect.stringContaining('over limit, 3 granted of 2')]);
    expect((await verify(grants, ...flags, '--burst', '1')).code).toBe(0);
  });

  test.each([
    ['--limit 1.5', '--limit "1.5" is not a whole number'],
    ['--window slidng', 'did you mean "sliding"'],
    ['--model counter --limit 3', '--limit is for --model at-most'],
  ])('refuses %s', async (flags, message) => {
    const ended = await verify(grants, '--model', 'at-most', ...flags.split(' '));
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
