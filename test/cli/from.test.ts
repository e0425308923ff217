import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordPurchase } from '../draft/recorder.ts';
import { openTokenShop, shopPassword } from '../draft/token-shop.ts';
import { contend, matching, start } from './contend.ts';
import { documentOf } from './document.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'contend-from-'));
});
afterAll(async () => rm(cwd, { recursive: true }));

const short = ['-n', '40', '-c', '2', '--rounds', '1', '-q', '--json'];

test('a recording of a login and a purchase runs against the same shop, whose tokens are now others', async () => {
  const recorded = await openTokenShop();
  const har = await recordPurchase(recorded.origin);
  await recorded[Symbol.asyncDispose]();
  expect(recorded.refused).toEqual([]);
  await writeFile(join(cwd, 'purchase.har'), har);
  const written = await contend(['init', 'purchase.yaml', '--from', 'purchase.har'], { cwd });
  expect(written).toMatchObject({ code: 0, stderr: '' });
  expect(written.stdout).toContain('set first: PASSWORD');
  expect(written.stdout).toContain('static files');
  const text = await readFile(join(cwd, 'purchase.yaml'), 'utf8');
  for (const secret of [...recorded.given, shopPassword, encodeURIComponent(shopPassword)])
    expect(text).not.toContain(secret);

  await using shop = await openTokenShop();
  const env = { PASSWORD: shopPassword };
  const { code, stdout, stderr } = await contend(['run', 'purchase.yaml', '--target', shop.origin, ...short], {
    cwd,
    env,
  });
  expect({ code, stderr, refused: shop.refused }).toEqual({ code: 0, stderr: '', refused: [] });
  const { modes } = documentOf(stdout);
  expect(modes.map(({ name }) => name)).toEqual(['locked', 'keyed', 'optimistic', 'lock-free']);
  expect(modes.map(({ iterations }) => [iterations.completed, iterations.failed])).toEqual(modes.map(() => [40, 0]));
  expect(shop.counts).toMatchObject({ page: 8, login: 8, list: 160, order: 160, pay: 160, receipt: 160 });
});

test('a curl command to the built-in store becomes a scenario that runs', async () => {
  const store = start(['store', '--port', '0']);
  const origin = await matching(store.stdout, /http:\/\/127\.0\.0\.1:\d+/);
  try {
    await fetch(`${origin}/reset`, { method: 'POST', body: '{"products":20,"stock":1000}' });
    const commands = [
      `curl '${origin}/products/1'`,
      `curl -X PUT ${origin}/products/1 -H 'X-Api-Key: k-12345678' --json '{"stock": 5}'`,
    ];
    const written = await contend(['init', 'product.yaml', '--from', '-'], { cwd, stdin: commands.join('\n') });
    expect(written).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await contend(['run', 'product.yaml', ...short], {
      cwd,
      env: { X_API_KEY: 'k-12345678' },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(documentOf(stdout).modes.map(({ name, iterations }) => [name, iterations.failed])).toEqual([
      ['locked', 0],
      ['keyed', 0],
      ['lock-free', 0],
    ]);
  } finally {
    store.child.kill('SIGTERM');
    await store.ended;
  }
});
