import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contendHere } from '../cli/contend.ts';
import { documentOf, wasTooBusy } from '../cli/document.ts';

const docs = new URL('../../docs/', import.meta.url);
const page = readFileSync(new URL('coming-from.md', docs), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gsu'))].map(([, block]) => block!);
const commands = blocks('sh')
  .flatMap((block) => block.trim().split('\n'))
  .filter((line) => line.startsWith('npx contend run '));

let cwd: string;
const server = createServer((request, response) => void request.resume().on('end', () => response.end('{}')));
let origin: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'contend-coming-from-'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const text of blocks('yaml')) {
    const name = /^# (\S+)/u.exec(text)?.[1];
    if (name !== undefined) await writeFile(join(cwd, name), text.replaceAll('http://localhost:3000', origin));
  }
  await writeFile(join(cwd, 'products.csv'), blocks('csv')[0]!);
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(cwd, { recursive: true });
});

test('its links lead somewhere', () => {
  const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/gu)].map(([, path]) => path!);
  expect(links.filter((path) => !existsSync(fileURLToPath(new URL(path, docs))))).toEqual([]);
});

test('there is a command for k6, one for Artillery and two for autocannon', () => {
  expect(commands).toHaveLength(4);
});

test.each(commands)('%s', async (command) => {
  const argv = command.replace('http://localhost:3000', origin).split(' ').slice(2);
  const { code, stdout, stderr } = await contendHere([...argv, '-d', '250ms', '--warmup', '20ms', '-q', '--json'], {
    cwd,
  });
  const document = documentOf(stdout);
  // 250 ms may be too little for a gate on a p95.
  const isRight = [0, 97].includes(code!) || (code === 96 && wasTooBusy(document));
  expect({ stderr, code: isRight ? 'as it should be' : code }).toEqual({ stderr: '', code: 'as it should be' });
  const [mode] = document.modes;
  expect(mode!.iterations.failed).toBe(0);
  expect(mode!.iterations.completed).toBeGreaterThan(0);
  expect(mode!.offered === null).toBe(!/-R|artillery/u.test(command));
});
