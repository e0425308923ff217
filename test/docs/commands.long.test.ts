import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { assertNoLeftovers, built, contendHere, root, startProgram } from '../cli/contend.ts';
import { recordPurchase } from '../draft/recorder.ts';
import { openTokenShop } from '../draft/token-shop.ts';
import { allCommands, pageText, whyNotRun } from './commands.ts';

let folder = '';
/** Takes everything, as the collector of metrics, too. */
const server = createServer((request, response) => {
  request.resume().on('end', () => response.end('{"token":"t-1","id":1,"balance":0}'));
});
let origin = '';

const scenario = `name: page
target: builtin:store?service=0
seed: 1
control: mutex
load: { users: 4, duration: 300ms, warmup: 20ms }
data: { product: 1..4 }
before: [{ post: /reset, json: { products: 4, stock: 100000 } }]
steps:
  - critical:
      - { name: read, get: '/products/\${product}', capture: { stock: body.stock } }
      - { name: write, put: '/products/\${product}', json: { stock: '\${stock - 1}' } }
modes: { mutex: mutex, lock-free: { lock: none, violations: allowed } }
`;

/** What is on the command line of a reader, and quick. */
const shims = {
  // npx would fetch what is built here.
  npx: `shift; exec contend "$@"`,
  contend: `case "$1" in
  run | demo) exec "${process.execPath}" "${built}" "$@" $SHORTLY ;;
  *) exec "${process.execPath}" "${built}" "$@" ;;
esac`,
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contend-commands-'));
  mkdirSync(join(folder, 'bin'));
  for (const [name, text] of Object.entries(shims)) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const at = (path: string): string => join(folder, path);
  for (const path of ['node_modules', 'scenarios']) symlinkSync(join(root, path), at(path));
  writeFileSync(at('scenario.yaml'), scenario);
  const [deposit] = /(?<=```yaml\n).*?(?=```)/su.exec(pageText('README.md'))!;
  writeFileSync(at('deposit.yaml'), deposit.replace('http://localhost:3000', origin));
  // The operation that the page shows, a second one that was built on the same value, and what was read behind both.
  const [shown] = /(?<=```json\n)\{\n {2}"key".*?(?=```)/su.exec(pageText('docs/consistency.md'))!;
  const first = JSON.parse(shown) as { readonly call: number; readonly ret: number };
  const second = { ...first, session: 2, call: first.call + 1_000_000, ret: first.ret + 5_000_000 };
  const read = { ...second, session: 3, f: 'read', call: second.ret + 1, ret: second.ret + 2, expect: undefined };
  writeFileSync(at('history.ndjson'), [first, second, read].map((one) => `${JSON.stringify(one)}\n`).join(''));
  await using shop = await openTokenShop();
  for (const path of ['api.har', 'purchase.har']) writeFileSync(at(path), await recordPurchase(shop.origin));
  writeFileSync(at('requests.sh'), `curl ${origin}/orders\ncurl -X POST ${origin}/orders --json '{"id": 7}'\n`);
  writeFileSync(
    at('shop.json'),
    JSON.stringify({
      info: { name: 'shop', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      item: [{ name: 'orders', request: { method: 'GET', url: `${origin}/orders` } }],
    }),
  );
  symlinkSync(join(root, 'test/draft/petstore.yaml'), at('openapi.yaml'));
  const { code } = await contendHere(['run', 'scenario.yaml', '-q', '--rounds', '1', '--out', 'contend-out'], {
    cwd: folder,
  });
  if (code !== 0) throw new Error('the scenario that reports are made of did not run');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
  rmSync(folder, { recursive: true });
});
afterEach(assertNoLeftovers);

/** With nothing in it but what a draft is made from. */
const emptyFolder = (): string => {
  const empty = mkdtempSync(join(folder, 'init-'));
  for (const path of sources) symlinkSync(join(folder, path), join(empty, path));
  return empty;
};
const sources = ['api.har', 'requests.sh', 'purchase.har', 'shop.json', 'openapi.yaml'];

const commands = allCommands.filter((one) => whyNotRun(one) === undefined);

/** A gate that 300 ms cannot decide, and data that a bug has spoilt, are what the run says; that there is no such flag, or file, is not. */
const ended = [0, 97, 98, 99];

/** Too few rounds would be refused where a gate compares modes, and a sweep takes seven. */
const shortly = '-d 300ms --warmup 20ms --rounds 1';
/** Those of the package have many users, who wait for one another for longer than that. */
const counted = '-n 16 -c 8 --rounds 1';
const shortSweep = (text: string): string =>
  text.includes(' sweep ')
    ? `${text
        .replace(/users=\S+/u, 'users=1,2,4')
        .replace(/rate=\S+/u, 'rate=100..200')
        // A search takes as long as its gate: p50 needs 40 iterations.
        .replace(/--rate \S+/u, '--rate 200..400')
        .replace(/\bp99\b/u, 'p50')
        .replace(/=1,4,20,100/u, '=1,2,4')} -d 100ms --warmup 10ms --rounds 7`
    : text;

test.each(commands)('$page: $text', async ({ page, text }) => {
  const here = shortSweep(text)
    .replaceAll(/http:\/\/localhost:(?:3000|4318)/gu, origin)
    .replace(/ (?:<url>|URL)(?= )/u, ` ${origin}`)
    .replace('DIR/result.json', 'contend-out/result.json')
    .replace('report report.html', 'report contend-out/report.html');
  const argv = ['-c', here];
  const { code, stdout, stderr } = await startProgram('bash', argv, {
    cwd: text.includes(' init') ? emptyFolder() : folder,
    env: {
      PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`,
      SHORTLY: text.includes(' scenarios/') ? counted : shortly,
      TOKEN: 'correct-horse',
      TERM: 'dumb',
    },
    withinMs: 100_000,
  }).ended;
  const wasRight = ended.includes(code!) && !(page === 'docs/consistency.md' && !stdout.includes('lost update'));
  expect({ code: wasRight ? 'right' : code, told: wasRight ? '' : stdout + stderr }).toEqual({
    code: 'right',
    told: '',
  });
});
