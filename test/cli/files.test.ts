import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Result } from '../../src/core/result/result.ts';
import { filesOf } from '../../src/report/index.ts';
import { parsed } from '../report/html/parsed.ts';
import { assertNoLeftovers, contend, contendHere, start } from './contend.ts';
import { documentOf, expectAllFields, expectIdentities } from './document.ts';
import { openServer } from './server.ts';

const scenario = 'scenarios/online-store.yaml';
const names = [
  'junit.xml',
  'lock-free.hgrm',
  'locked.hgrm',
  'report.html',
  'result.json',
  'slots.csv',
  'summary.md',
  'violations.ndjson',
];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-files-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

afterEach(assertNoLeftovers);

const documentIn = async (out: string): Promise<Result> =>
  JSON.parse(await readFile(join(out, 'result.json'), 'utf8')) as Result;

const reading = async (name: string, origin: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(
    file,
    `target: ${origin}\nrounds: 1\nload: { users: 2, iterations: 4 }\nsteps: [{ get: /products/1 }]\n`,
  );
  return file;
};

describe('contend run --out', () => {
  test('writes a document that is the one on stdout, and every other file from it, into a folder that it makes', async () => {
    const out = join(folder, 'made', 'for', 'it');
    const short = ['--modes', 'locked,lock-free', '-d', '200ms', '--warmup', '20ms', '--rounds', '2', '-c', '8', '-q'];
    const ended = await contendHere(['run', scenario, ...short, '--json', '-o', out]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect((await readdir(out)).toSorted()).toEqual(names);
    expect(await readFile(join(out, 'result.json'), 'utf8')).toBe(ended.stdout);
    const document = documentOf(ended.stdout);
    expectAllFields(document);
    for (const { name, text } of filesOf(document)) expect(await readFile(join(out, name), 'utf8')).toBe(text);
  });

  test('has every file before the first request, in place of those of an earlier run', async () => {
    await using server = await openServer(() => undefined);
    const out = join(folder, 'early');
    await mkdir(out);
    await writeFile(join(out, 'result.json'), 'of an earlier run');
    const run = start(['run', await reading('early.yaml', server.origin), '-q', '-o', out]);
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(0), { timeout: 10_000 });
    expect((await readdir(out)).toSorted()).toEqual([
      'junit.xml',
      'lock-free.hgrm',
      'report.html',
      'result.json',
      'slots.csv',
      'summary.md',
      'violations.ndjson',
    ]);
    expect(await readFile(join(out, 'result.json'), 'utf8')).toBe('');
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect(await documentIn(out)).toMatchObject({ exitCode: 130, headline: 'INTERRUPTED' });
  });

  test.each([
    ['a file', 'file', 'a file is in the way'],
    ['a folder inside a file', join('file', 'inside'), 'a file is in the way'],
    ['a folder with a folder for a file', 'taken', 'it is a folder'],
  ])('refuses %s before anything is sent', async (_, name, why) => {
    await using server = await openServer(() => 200);
    await writeFile(join(folder, 'file'), 'mine');
    await mkdir(join(folder, 'taken', 'summary.md', 'full'), { recursive: true });
    const out = join(folder, name);
    const ended = await contendHere(['run', await reading('refused.yaml', server.origin), '-o', out]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toBe(
      `contend: --out ${out} cannot be written: ${why}.\nName a folder that can be created or written to.\n`,
    );
    expect(server.connections()).toBe(0);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('mine');
    expect((await readdir(folder)).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  test('refuses a place where nobody can make a folder, not even root', async () => {
    const ended = await contend(['demo', '-o', '/proc/contend']);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('--out /proc/contend cannot be written: ');
    expect(ended.children).toEqual([]);
  });

  test('that is killed in the middle leaves the document of the rounds before, and a page that says which those are', async () => {
    const out = join(folder, 'killed');
    const long = ['--modes', 'locked,lock-free', '-d', '6s', '--warmup', '20ms', '--rounds', '60', '-c', '8', '-q'];
    // What is killed cannot delete its own temporary folder.
    const run = start(['run', scenario, ...long, '-o', out], { env: { TMPDIR: folder } });
    const page = async (): Promise<string> => readFile(join(out, 'report.html'), 'utf8');
    const third = { timeout: 20_000, interval: 20 };
    await vi.waitFor(async () => expect(await page()).toMatch(/\b(?:[3-9]|\d\d) of 60 rounds measured/u), third);
    run.child.kill('SIGKILL');
    expect(await run.ended).toMatchObject({ signal: 'SIGKILL', stdout: '' });
    const document = await documentIn(out);
    expectAllFields(document);
    for (const mode of document.modes) expectIdentities(mode);
    expect(document).toMatchObject({ exitCode: 97, verdict: { is: 'undecided', because: 'the run is not over' } });
    for (const name of names) expect(await readFile(join(out, name), 'utf8')).not.toBe('');
    const shown = parsed(await page());
    expect(shown.errors).toEqual([]);
    expect(shown.all('p').find(({ attributes }) => attributes.get('class') === 'word')!.text).toBe('○ UNDECIDED');
    expect(shown.all('section').at(-1)!.attributes.get('id')).toBe('reproduce');
    expect(await page()).toMatch(/<\/html>\s*$/u);
    expect(await page()).not.toContain('PASS');
    const again = await contendHere(['report', join(out, 'result.json')]);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('the run is not over');
  });
});

describe('GITHUB_STEP_SUMMARY', () => {
  test('gets the summary of a run behind what other steps wrote', async () => {
    await using server = await openServer(() => 200);
    const file = join(folder, 'step-summary');
    await writeFile(file, 'of another step\n');
    const env = { GITHUB_STEP_SUMMARY: file, GITHUB_ACTIONS: 'true' };
    const ended = await contendHere(['run', await reading('summary.yaml', server.origin), '-q'], { env });
    expect(ended.code).toBe(0);
    expect(await readFile(file, 'utf8')).toMatch(/^of another step\n# summary\n\n\*\*DONE\*\* /u);
  });
});
