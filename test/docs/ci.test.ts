import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { roundsToDecide } from '../../src/core/looks.ts';
import { readScenario } from '../../src/scenario/read-scenario.ts';
import { built, startProgram } from '../cli/contend.ts';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/ci.md', root), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gsu'))].map(([, text]) => text!);

const [seats, scenario, github, comment, gitlab] = blocks('yaml');
const [script, compare] = blocks('sh');
const parsed = (text: string): unknown => {
  const document = parseDocument(text, { strict: true, uniqueKeys: true });
  expect([...document.errors, ...document.warnings]).toEqual([]);
  return document.toJS();
};

/** Three rounds against the built-in store: what the recipe becomes where there is no build to start. */
const tiny = `
name: tiny
target: builtin:store?service=0
rounds: 3
control: before
load: { users: 4, iterations: 120 }
data: { product: 1..20 }
before: [{ post: /reset, json: { products: 20, stock: 1000 } }]
steps: [{ get: "/products/\${product}" }]
modes: { before: none, after: none }
`;

describe('docs/ci.md', () => {
  test('its links lead somewhere', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/gu)].map(([, path]) => path!);
    expect(links.filter((path) => !existsSync(fileURLToPath(new URL(`docs/${path}`, root))))).toEqual([]);
  });

  test('the scenario of the recipe is valid: both builds are modes, with processes of their own', () => {
    const read = readScenario({ text: scenario!, file: 'scenario.yaml', settings: [], seed: 1 });
    expect('problems' in read ? read.problems : []).toEqual([]);
    expect('plan' in read && read.plan.modes.map(({ serve }) => [serve?.name, serve?.git])).toEqual([
      ['serve-1', 'main'],
      ['serve-2', undefined],
    ]);
  });

  test('the workflow and the job are YAML, run the scenario, and keep the files of a run that failed', () => {
    const command = expect.stringMatching(/^npx contend run scenario\.yaml --allow-run --out contend-out/u) as string;
    expect(parsed(github!)).toMatchObject({
      on: 'pull_request',
      permissions: { contents: 'read' },
      jobs: {
        contend: {
          steps: expect.arrayContaining([
            { run: command },
            expect.objectContaining({
              if: 'always()',
              with: expect.objectContaining({ path: 'contend-out' }) as object,
            }),
          ]) as unknown[],
        },
      },
    });
    expect(parsed(comment!)).toMatchObject({ on: { workflow_run: { workflows: ['contend'] } } });
    expect(parsed(gitlab!)).toMatchObject({
      contend: {
        script: [command],
        allow_failure: { exit_codes: [97] },
        artifacts: { when: 'always', reports: { junit: 'contend-out/junit.xml' } },
      },
    });
  });

  test('the rounds that it names for so many gates are those that the gates are refused by', () => {
    const rows = [...page.matchAll(/^\| (\d+) +\| (\d+) +\| (\d+) +\|$/gmu)].map((row) => row.slice(1).map(Number));
    expect(rows).toHaveLength(5);
    for (const [gates, once, extended] of rows) {
      expect([gates, once]).toEqual([gates, roundsToDecide(gates!, 'one look')]);
      expect([gates, extended]).toEqual([gates, roundsToDecide(gates!, 'two looks')]);
    }
  });

  test('every flag that it names is one that the command has', () => {
    const help = ['run', 'compare']
      .map((name) => spawnSync(process.execPath, [built, name, '--help'], { encoding: 'utf8' }).stdout)
      .join('');
    for (const [flag] of page.matchAll(/--[a-z]{3,}(?:-[a-z]+)*/gu)) expect(help).toContain(flag);
  });
});

/** Seats that are booked a millisecond after the look at who has them; the mended one looks again. */
const seatServer = `
const taken = new Set();
require('node:http').createServer((request, response) => {
  const [, , seat, what] = request.url.split('/');
  const free = !taken.has(seat);
  request.resume().on('end', () => setTimeout(() => {
    const isBooked = what === 'book' && (process.env.MENDED === '1' ? !taken.has(seat) : free);
    if (isBooked) taken.add(seat);
    if (what === 'cancel') taken.delete(seat);
    response.writeHead(what === 'book' && !isBooked ? 409 : 200).end();
  }, 1));
}).listen(process.env.PORT, '127.0.0.1');
`;

describe('the simplest gate of docs/ci.md', () => {
  test.each([
    ['a seat that two were given', '0', 98],
    ['seats that one was given at a time', '1', 0],
  ])('%s ends the build with the right code', async (_, mended, code) => {
    const folder = await mkdtemp(join(tmpdir(), 'contend-ci-'));
    await writeFile(join(folder, 'seats.yaml'), seats!);
    await writeFile(join(folder, 'server.js'), seatServer);
    const short = ['-d', '700ms', '--warmup', '50ms', '--no-color'];
    const argv = [built, 'run', 'seats.yaml', '--allow-run', ...short];
    const ended = await startProgram(process.execPath, argv, { cwd: folder, env: { MENDED: mended } }).ended;
    await rm(folder, { recursive: true, force: true });
    expect([ended.code, ended.code === code ? '' : `${ended.stderr} ${ended.stdout}`]).toEqual([code, '']);
  });
});

describe('the shell script of docs/ci.md', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'contend-ci-'));
    await writeFile(join(folder, 'script.sh'), script!);
    // What npx would find: the command that was built here.
    await writeFile(join(folder, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${built}" "$@"\n`);
    await chmod(join(folder, 'npx'), 0o755);
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const bash = (argv: readonly string[]) =>
    startProgram('bash', argv, { cwd: folder, env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` } }).ended;

  test('is one that bash can read', async () => {
    expect(await bash(['-n', 'script.sh'])).toMatchObject({ code: 0, stderr: '' });
  });

  test.each([
    ['errors(after) < 50%', 0, 'contend: pass'],
    ['throughput(after) > 100000000', 99, 'contend: a gate failed'],
    ['no such gate', 2, 'contend: ended with 2'],
  ] as const)('ends with what the gate %s comes to: %i', async (gate, code, said) => {
    await writeFile(join(folder, 'scenario.yaml'), `${tiny}gates: ["${gate}"]\n`);
    const ended = await bash(['script.sh']);
    expect({ code: ended.code, said: ended.stdout.trimEnd().split('\n').at(-1) }).toEqual({ code, said });
    if (code === 2) return;
    const files = await readdir(join(folder, 'contend-out'));
    for (const file of ['report.html', 'result.json', 'summary.md', 'junit.xml', 'slots.csv'])
      expect(files).toContain(file);
  });

  test('two of its runs can be compared as the page says', async () => {
    await writeFile(join(folder, 'scenario.yaml'), tiny);
    await bash(['-c', 'npx contend run scenario.yaml --quiet --out contend-out && cp -r contend-out main']);
    const ended = await bash(['-c', compare!]);
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toMatch(/against an earlier run, through before/u);
    expect(ended.stdout).toMatch(/ {2}throughput +[\d,]+\/s +[\d,]+\/s/u);
  });
});
