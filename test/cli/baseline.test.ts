import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readResult } from '../../src/core/result/read.ts';
import type { Result } from '../../src/core/result/result.ts';
import { markdown } from '../../src/report/markdown/markdown.ts';
import { assertNoLeftovers, contendHere } from './contend.ts';
import { documentOf } from './document.ts';
import { openServer } from './server.ts';

let folder: string;
let baseline: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-baseline-'));
  baseline = join(folder, 'before', 'result.json');
  await using server = await openServer(() => 200);
  const ended = await contendHere(['run', await scenario(server.origin), '-q', '-o', join(folder, 'before')]);
  if (ended.code !== 0) throw new Error(ended.stderr);
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

afterEach(assertNoLeftovers);

const scenario = async (origin: string, more = ''): Promise<string> => {
  const file = join(folder, 'scenario.yaml');
  await writeFile(
    file,
    [
      'name: tiny',
      `target: ${origin}`,
      'rounds: 2',
      'load: { users: 2, iterations: 80 }',
      'steps: [{ get: /products/1 }]',
      'modes: { locked: mutex, free: none }',
      more,
    ].join('\n'),
  );
  return file;
};

describe('contend run --baseline', () => {
  test('adds what changed since then to every report, and nothing to the verdict', async () => {
    await using server = await openServer(() => 200);
    const out = join(folder, 'after');
    const ended = await contendHere(['run', await scenario(server.origin), '-q', '--baseline', baseline, '-o', out]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^against the baseline, through locked$/mu);
    const text = await readFile(join(out, 'result.json'), 'utf8');
    const result = readResult(text, 'result.json');
    expect(result.baseline).toMatchObject({ control: 'locked', differences: [], before: { rounds: 2 } });
    expect(result.baseline?.changes.map(({ mode }) => mode)).toContain('free');
    expect(markdown(result)[0].text).toContain('## Against the baseline');
    const again = await contendHere(['report', join(out, 'result.json')]);
    // A run says where its files are, beside.
    expect(ended.stdout.slice(0, again.stdout.length)).toBe(again.stdout);
    expect(ended.stdout.slice(again.stdout.length)).toMatch(/^\nresult\.json and the other files are in\s\S+\.\n$/u);
  });

  test('reads the baseline before the folder that it lies in is emptied', async () => {
    await using server = await openServer(() => 200);
    const file = join(folder, 'after', 'result.json');
    const argv = [
      'run',
      await scenario(server.origin),
      '-q',
      '--json',
      '--baseline',
      file,
      '-o',
      join(folder, 'after'),
    ];
    expect(documentOf((await contendHere(argv)).stdout).baseline?.after.rounds).toBe(2);
  });

  test.each([
    ['name: other', (text: string) => text.replace('name: tiny', 'name: other'), 'scenario: tiny before, other after'],
    ['fewer users', (text: string) => text.replace('users: 2', 'users: 1'), 'users of locked: 2 before, 1 after'],
    [
      'a connection for each request',
      (text: string) => `${text}\nkeepAlive: false\n`,
      'connections of locked: kept before, one for each request after',
    ],
    ['another control', (text: string) => `${text}\ncontrol: free\n`, 'control: locked before, free after'],
    [
      'an open load',
      (text: string) => text.replace('iterations: 80', 'rate: 50/s, duration: 1s'),
      'load of free: closed before, open after',
    ],
  ])('refuses one of another scenario before anything is sent: %s', async (_, change, reason) => {
    await using server = await openServer(() => 200);
    const file = await scenario(server.origin);
    await writeFile(file, change(await readFile(file, 'utf8')));
    const { code, stderr } = await contendHere(['run', file, '--baseline', baseline]);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
    expect(server.requests).toEqual([]);
  });

  test('refuses a file that cannot be read or is no result document before anything is sent', async () => {
    await using server = await openServer(() => 200);
    const file = await scenario(server.origin);
    for (const wrong of [join(folder, 'nowhere.json'), file]) {
      const { code, stderr } = await contendHere(['run', file, '--baseline', wrong]);
      expect(code).toBe(2);
      expect(stderr).toContain(wrong);
    }
    expect(server.requests).toEqual([]);
  });

  test('of another machine, it is compared all the same, with a note of what is not alike', async () => {
    await using server = await openServer(() => 200);
    const then = JSON.parse(await readFile(baseline, 'utf8')) as Result;
    const moved = join(folder, 'moved.json');
    await writeFile(moved, JSON.stringify({ ...then, machine: { ...then.machine, cores: 999 } }));
    const { code, stdout } = await contendHere(['run', await scenario(server.origin), '-q', '--baseline', moved]);
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/gu, ' ')).toMatch(
      /The runs also differ in other ways, which may explain the change: cores: 999 before/u,
    );
  });
});
