import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBank, type Bank } from '../bank-server.ts';
import { openOnCall, type OnCall } from '../on-call-server.ts';
import { contendHere, startProgram } from '../cli/contend.ts';
import { openShop, type Shop } from '../shop-server.ts';

const docs = new URL('../../docs/', import.meta.url);
const page = readFileSync(new URL('recipes.md', docs), 'utf8');
const recipes = page
  .split(/^## /mu)
  .slice(1)
  .map((text) => {
    const [title = ''] = text.split('\n');
    const blocks = (language: string) =>
      [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gsu'))].map(([, block]) => block!);
    return { title, files: blocks('yaml'), lines: blocks('sh').flatMap((block) => block.trim().split('\n')) };
  });

/** Shorter than a reader's: what is shown is that it runs. */
const short = '-d 250ms --rounds 1 --warmup 20ms --no-color'.split(' ');

/** Long enough for two to be at it at once, also where other tests want the cores. */
const toFind = '-d 500ms --rounds 1 --warmup 20ms --no-color'.split(' ');

/** Where other codes than 0 are right: a name that nobody has, gates for which 250 ms may be too little, and bugs that are found. */
const codes: { readonly [title: string]: readonly number[] } = {
  'The same against another machine': [96],
  'A gate in a build': [0, 97],
  'A gate over several requests': [0, 97],
  'Lost updates behind a login': [98],
  'More sold than there is': [98],
  'A coupon': [98],
  'A rate limit': [98],
  'An idempotency key': [98],
  'A double click': [98],
  'A double click of which each click counts': [98],
  'A job queue': [98],
  'A seat that is given back': [98],
  'What the mended build costs': [0, 97],
  'A unique name': [98],
  'Nobody on call': [98],
};

/** Against the shop, which needs as many requests to go wrong: however long they take. */
const counted = '-n 600 --rounds 1 --warmup 0s --no-color'.split(' ');

/** Over as many rounds as the gate takes at least, which compares the shop with its mended build. */
const compared = '-d 350ms --warmup 20ms --no-color'.split(' ');

const isOfShop = (files: readonly string[]): boolean => files.some((text) => text.includes(':8082'));

/** Why a run is invalid that says nothing of the recipe: this machine was too busy for it. */
const busy = /began after their time was over|late at the 99th percentile|nothing was sent for|completed: none began/u;

let cwd: string;
let authorized = 0;
const server = createServer((request, response) => {
  if (request.headers.authorization === 'Bearer correct-horse') authorized++;
  request.resume().on('end', () => response.end('{"access_token":"t-1"}'));
});
let origin: string;
let [buggy, mended]: [Bank?, Bank?] = [];
let [wrongShop, rightShop]: [Shop?, Shop?] = [];
let [nobody, somebody]: [OnCall?, OnCall?] = [];

beforeAll(async () => {
  [buggy, mended] = await Promise.all([openBank({ build: 'before' }), openBank({ build: 'after' })]);
  [wrongShop, rightShop] = await Promise.all([openShop(4), openShop(0)]);
  [nobody, somebody] = await Promise.all([openOnCall(false), openOnCall(true)]);
  cwd = await mkdtemp(join(tmpdir(), 'contend-recipes-'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await buggy?.[Symbol.asyncDispose]();
  await mended?.[Symbol.asyncDispose]();
  await wrongShop?.[Symbol.asyncDispose]();
  await rightShop?.[Symbol.asyncDispose]();
  await nobody?.[Symbol.asyncDispose]();
  await somebody?.[Symbol.asyncDispose]();
  await rm(cwd, { recursive: true });
});

/** With the addresses of this test. */
const here = (text: string): string =>
  text
    .replaceAll(/http:\/\/localhost:300[01]/gu, origin)
    .replaceAll('http://localhost:8081', buggy!.origin)
    .replaceAll('http://localhost:8082', wrongShop!.origin)
    .replaceAll('http://localhost:8083', nobody!.origin)
    .replaceAll('http://localhost:8084', rightShop!.origin)
    .replaceAll('staging.example.com', 'no-such-host.invalid');

/** What a shell makes of a line: what contend is given, of the environment too, and the file that its standard output goes to. */
const read = async (
  line: string,
): Promise<{ argv: readonly string[]; env: { readonly [name: string]: string }; output: string | undefined }> => {
  const [, command = line, output] = /^(.*) > (\S+)$/u.exec(line) ?? [];
  const script = `npx() { shift; env | grep '^API_'; printf '\\n'; printf '%s\\0' "$@"; }\n${here(command)}`;
  const { code, stdout } = await startProgram('sh', ['-c', script], { cwd }).ended;
  expect(code).toBe(0);
  const [given = '', words = ''] = stdout.split(/^\n/mu);
  const env = Object.fromEntries(
    given.split('\n').flatMap((text) => (text === '' ? [] : [text.split('=') as [string, string]])),
  );
  return { argv: words.split('\0').slice(0, -1), env, output };
};

test('there are recipes, and the links of the page lead somewhere', () => {
  expect(recipes.length).toBeGreaterThan(8);
  const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/gu)].map(([, path]) => path!);
  expect(links.filter((path) => !existsSync(fileURLToPath(new URL(path, docs))))).toEqual([]);
});

test.each(recipes)('$title', async ({ title, files, lines }) => {
  for (const text of files) await writeFile(join(cwd, /^# (\S+)/u.exec(text)![1]!), here(text));
  expect(lines.length).toBeGreaterThan(0);
  const flags = files.some((text) => text.includes(':8084'))
    ? compared
    : isOfShop(files)
      ? counted
      : codes[title]?.includes(98) === true
        ? toFind
        : short;
  for (const line of lines) {
    const { argv, env, output } = await read(line);
    const [command] = argv;
    const { code, stdout, stderr } = await contendHere(command === 'run' ? [...argv, ...flags] : argv, { cwd, env });
    if (output !== undefined) await writeFile(join(cwd, output), stdout);
    const isRight = (codes[title] ?? [0]).includes(code!) || (code === 96 && busy.test(stdout));
    expect({ line, code: isRight ? 'as it should be' : `${code} ${stderr} ${stdout}` }).toEqual({
      line,
      code: 'as it should be',
    });
  }
  if (title === 'A token from the environment') expect(authorized).toBeGreaterThan(10);
});

test.each(Object.keys(codes).filter((title) => codes[title]!.includes(98)))(
  '%s: in twenty lines, and the mended target is right',
  async (title) => {
    const { files } = recipes.find((recipe) => recipe.title === title)!;
    const [text = ''] = files;
    expect(text.trim().split('\n').length).toBeLessThanOrEqual(20);
    const file = join(cwd, 'mended.yaml');
    const twin = text
      .replace('http://localhost:8081', mended!.origin)
      .replace('http://localhost:8082', rightShop!.origin)
      .replace('http://localhost:8083', somebody!.origin);
    await writeFile(file, twin);
    const { code, stdout } = await contendHere(['run', file, ...(isOfShop(files) ? counted : toFind)], { cwd });
    if (code !== 96 || !busy.test(stdout)) expect([code, code === 0 ? '' : stdout]).toEqual([0, '']);
  },
);
