import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { largeApi } from '../draft/large-api.ts';
import { recordPurchase } from '../draft/recorder.ts';
import { openStub } from '../draft/stub.ts';
import { openTokenShop, shopPassword } from '../draft/token-shop.ts';
import { openAsking } from './asked.ts';
import { contendHere, matching, root, start } from './contend.ts';
import { documentOf } from './document.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'contend-from-'));
});
afterAll(async () => rm(cwd, { recursive: true }));

const form = { consumes: ['application/x-www-form-urlencoded'] };
const short = ['-n', '40', '-c', '2', '--rounds', '1', '-q', '--json'];

test('a recording of a login and a purchase runs against the same shop, whose tokens are now others', async () => {
  const recorded = await openTokenShop();
  const har = await recordPurchase(recorded.origin);
  await recorded[Symbol.asyncDispose]();
  expect(recorded.refused).toEqual([]);
  await writeFile(join(cwd, 'purchase.har'), har);
  const written = await contendHere(['init', 'purchase.yaml', '--from', 'purchase.har'], { cwd });
  expect(written).toMatchObject({ code: 0, stderr: '' });
  expect(written.stdout).toContain('set first: PASSWORD');
  expect(written.stdout).toContain('static files');
  const text = await readFile(join(cwd, 'purchase.yaml'), 'utf8');
  for (const secret of [...recorded.given, shopPassword, encodeURIComponent(shopPassword)])
    expect(text).not.toContain(secret);

  await using shop = await openTokenShop();
  const env = { PASSWORD: shopPassword };
  const { code, stdout, stderr } = await contendHere(['run', 'purchase.yaml', '--target', shop.origin, ...short], {
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
    const written = await contendHere(['init', 'product.yaml', '--from', '-'], { cwd, stdin: commands.join('\n') });
    expect(written).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await contendHere(['run', 'product.yaml', ...short], {
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

test('the pet store becomes a scenario that runs against a server made from the same document', async () => {
  const file = join(root, 'test/draft/petstore.yaml');
  const written = await contendHere(['init', 'pets.yaml', '--from', file], { cwd });
  expect(written).toMatchObject({ code: 0, stderr: '' });
  expect(written.stdout).toContain('set first: PETSTORE_AUTH_TOKEN, ');
  await using stub = await openStub(parse(await readFile(file, 'utf8')) as { [key: string]: unknown }, '/v3');
  const env = { PETSTORE_AUTH_TOKEN: 'token-1', API_KEY: 'key-12345', PASSWORD: 'pass-1234' };
  const target = `${stub.origin}/v3`;
  const { code, stdout, stderr } = await contendHere(['run', 'pets.yaml', '--target', target, ...short], { cwd, env });
  expect({ code, stderr, refused: stub.refused.slice(0, 3) }).toEqual({ code: 0, stderr: '', refused: [] });
  const { modes } = documentOf(stdout);
  expect(modes.map(({ iterations }) => iterations.failed)).toEqual(modes.map(() => 0));
  expect(Object.keys(stub.counts).length).toBe(19);
});

test('of a document with hundreds of operations a resource becomes steps, the others a list, and they run', async () => {
  const document = largeApi();
  await writeFile(join(cwd, 'large.json'), JSON.stringify(document));
  const written = await contendHere(['init', 'large.yaml', '--from', 'large.json'], { cwd });
  expect(written).toMatchObject({ code: 0, stderr: '' });
  expect(written.stdout).toContain('the steps are of /v1/customers: the document has 360 operations');
  const text = await readFile(join(cwd, 'large.yaml'), 'utf8');
  expect(text).toContain('# - GET /v1/deployments/search');
  await using stub = await openStub(document, '/api');
  const target = `${stub.origin}/api`;
  const env = { BEARER_TOKEN: 'token-1' };
  const { code, stdout, stderr } = await contendHere(['run', 'large.yaml', '--target', target, ...short], { cwd, env });
  expect({ code, stderr, refused: stub.refused.slice(0, 3) }).toEqual({ code: 0, stderr: '', refused: [] });
  const { modes } = documentOf(stdout);
  expect(modes.map(({ name, iterations }) => [name, iterations.failed])).toEqual([
    ['locked', 0],
    ['keyed', 0],
    ['optimistic', 0],
  ]);
  expect(Object.keys(stub.counts).sort()).toEqual([
    'DELETE /v1/customers/{id}',
    'GET /v1/customers',
    'GET /v1/customers/search',
    'GET /v1/customers/{id}',
    'GET /v1/customers/{id}/notes',
    'POST /v1/customers',
    'POST /v1/customers/{id}/notes',
    'PUT /v1/customers/{id}',
  ]);
});

test('a Swagger document of calls becomes a scenario in which each call has the id that one before it gave', async () => {
  const id = { type: 'string' };
  const item = { type: 'object', properties: { item: { type: 'object', properties: { id } } } };
  const call = (parameters: readonly object[], more: object = {}) => ({
    ...more,
    parameters,
    responses: { 200: { description: 'x', schema: item } },
  });
  const body = {
    in: 'body',
    name: 'b',
    required: true,
    schema: { type: 'object', properties: { item_id: id, n: id } },
  };
  const document = {
    swagger: '2.0',
    basePath: '/rpc',
    consumes: ['application/json'],
    paths: {
      '/item.delete': { post: call([{ in: 'formData', name: 'item_id', required: true, ...id }], form) },
      '/item.update': { post: call([body]) },
      '/item.info': { get: call([{ in: 'query', name: 'item_id', ...id }]) },
      '/item.create': { post: call([{ in: 'formData', name: 'name', required: true, ...id }], form) },
    },
  };
  const there = new Set<string>();
  const counts: { [call: string]: number } = {};
  const refused: string[] = [];
  await using server = await openAsking(({ method, path, headers, body: sent }, response) => {
    const { pathname, searchParams } = new URL(path, 'http://x');
    const isForm = headers['content-type'] === 'application/x-www-form-urlencoded';
    const fields = isForm ? new URLSearchParams(sent) : searchParams;
    const asked = sent.startsWith('{') ? (JSON.parse(sent) as { item_id: string }).item_id : fields.get('item_id');
    counts[`${method} ${pathname}`] = (counts[`${method} ${pathname}`] ?? 0) + 1;
    let made = asked ?? '';
    if (pathname === '/rpc/item.create' && fields.get('name') === 'sample') there.add((made = `i-${there.size}`));
    else if (!there.has(made)) refused.push(`${method} ${path} ${sent}`);
    response.end(JSON.stringify({ item: { id: made } }));
  });
  await writeFile(join(cwd, 'calls.json'), JSON.stringify(document));
  expect(await contendHere(['init', 'calls.yaml', '--from', 'calls.json'], { cwd })).toMatchObject({ code: 0 });
  const target = `${server.origin}/rpc`;
  const { code, stderr } = await contendHere(['run', 'calls.yaml', '--target', target, ...short], { cwd });
  expect({ code, stderr, refused }).toEqual({ code: 0, stderr: '', refused: [] });
  expect(counts).toEqual({
    'POST /rpc/item.create': 80,
    'GET /rpc/item.info': 80,
    'POST /rpc/item.update': 80,
    'POST /rpc/item.delete': 80,
  });
});
