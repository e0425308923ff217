import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { About } from '../../src/core/history/about.ts';
import type { VerifiedHistory } from '../../src/core/result/finding.ts';
import { assertNoLeftovers, contendHere } from './contend.ts';
import { documentOf } from './document.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-kept-'));
const state = {
  numbers: new Map<string, number>(),
  texts: new Map<string, string>(),
  lists: new Map<string, string[]>(),
  held: new Map<string, boolean>(),
  asked: 0,
};

/** What each address does, right or, at /wrong, now and then not. A status, and a body. */
type Answer = readonly [number, object];
type Does = (key: string, said: { readonly [name: string]: string | number }, isOdd: boolean) => Answer;
const { numbers, texts, lists, held } = state;
const add = (key: string, by: number): number => {
  const sum = (numbers.get(key) ?? 100) + by;
  numbers.set(key, sum);
  return sum;
};
const does: { readonly [what: string]: Does } = {
  'GET number': (key) => [200, { n: numbers.get(key) ?? 100 }],
  'POST number': (key, { by }, isOdd) => [200, { n: isOdd ? 0 : add(key, Number(by)) }],
  'PUT number': (key, { to }, isOdd) => {
    if (!isOdd) numbers.set(key, Number(to));
    return [200, {}];
  },
  'POST take': (key, _, isOdd) => ((numbers.get(key) ?? 100) > 60 || isOdd ? [200, { n: add(key, -1) }] : [409, {}]),
  'GET left': (key) => [200, { n: (numbers.get(key) ?? 100) - 60 }],
  'GET text': (key, _, isOdd) => [200, { text: isOdd ? 'old' : (texts.get(key) ?? 'none') }],
  'PUT text': (key, { expect: old, text }, isOdd) => {
    if (old !== undefined && old !== (texts.get(key) ?? 'none') && !isOdd) return [409, {}];
    if (old !== undefined || !isOdd) texts.set(key, String(text));
    return [200, {}];
  },
  'GET list': (key) => [200, { list: lists.get(key) ?? [] }],
  'POST list': (key, { e }, isOdd) => {
    if (!isOdd) lists.set(key, [...(lists.get(key) ?? []), String(e)]);
    return [200, {}];
  },
  'POST lock': (key, _, isOdd) => {
    if (held.get(key) === true && !isOdd) return [409, {}];
    held.set(key, true);
    return [200, { token: add('tokens', 1) }];
  },
  'POST unlock': (key) => {
    held.set(key, false);
    return [200, {}];
  },
  'POST issued': (_, __, isOdd) => [200, { number: add('issued', isOdd ? 0 : 1) }],
  'POST move': (_, { from, to }, isOdd) => {
    add(String(from), -5);
    if (!isOdd) add(String(to), 5);
    return [200, {}];
  },
  'POST reset': () => {
    for (const each of [numbers, texts, lists, held]) each.clear();
    return [200, {}];
  },
};

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk: Buffer) => (text += chunk.toString()));
  request.on('end', () => {
    const [, build = '', what = '', key = ''] = request.url!.split('/');
    const isOdd = build === 'wrong' && ++state.asked % 5 === 0;
    // A while on either side, so that two are under way at once.
    setTimeout(() => {
      const said = (text === '' ? {} : JSON.parse(text)) as { readonly [name: string]: string | number };
      const [status, body] = does[`${request.method} ${what}`]?.(key, said, isOdd) ?? [404, {}];
      setTimeout(() => response.writeHead(status).end(JSON.stringify(body)), 1);
    }, 1);
  });
});

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});
afterEach(assertNoLeftovers);

/** Of each model: the steps of an iteration, and its section. */
const scenarios: { readonly [model: string]: string } = {
  'counter': `
steps: [{ name: add, post: '/number/\${k}', json: { by: 2 } }]
consistency: { counter: { key: '\${k}', add: { step: add, by: 2 }, read: { get: '/number/\${key}', value: body.n } } }`,
  'rmw-counter': `
lock: mutex
steps:
  - critical:
      - { get: '/number/\${k}', capture: { n: body.n } }
      - { name: write, put: '/number/\${k}', json: { to: '\${n - 1}' } }
consistency:
  rmw-counter:
    key: '\${k}'
    update: { step: write, from: '\${n}', to: '\${n - 1}' }
    read: { get: '/number/\${key}', value: body.n }`,
  'register': `
steps:
  - { name: write, put: '/text/\${k}', json: { text: '\${id}' } }
  - { name: look, get: '/text/\${k}' }
consistency:
  register:
    key: '\${k}'
    write: { step: write, value: '\${id}' }
    see: { step: look, value: body.text }
    read: { get: '/text/\${key}', value: body.text }`,
  'cas-register': `
steps:
  - { get: '/text/\${k}', capture: { old: body.text } }
  - { name: swap, put: '/text/\${k}', json: { expect: '\${old}', text: '\${id}' }, expect: { status: [200, 409] } }
consistency:
  cas-register:
    key: '\${k}'
    cas: { step: swap, expect: '\${old}', value: '\${id}' }
    read: { get: '/text/\${key}', value: body.text }`,
  'stock': `
steps: [{ name: take, post: '/take/\${k}', expect: { status: [200, 409] } }]
consistency: { stock: { key: '\${k}', take: { step: take }, read: { get: '/left/\${key}', value: body.n } } }`,
  'allocation': `
steps:
  - { name: take, post: '/lock/\${k}', expect: { status: [200, 409] }, capture: { code: status } }
  - if: '\${code == 200}'
    then: [{ think: 6ms }, { name: give, post: '/unlock/\${k}' }]
consistency: { allocation: { key: '\${k}', acquire: { step: take }, release: { step: give } } }`,
  'mutex': `
steps:
  - { name: lock, post: '/lock/\${k}', expect: { status: [200, 409] }, capture: { code: status } }
  - if: '\${code == 200}'
    then: [{ think: 6ms }, { name: unlock, post: '/unlock/\${k}' }]
consistency:
  mutex: { lease: 10s, key: '\${k}', acquire: { step: lock, token: body.token }, release: { step: unlock } }`,
  'issue': `
steps: [{ name: order, post: /issued }]
consistency: { issue: { ordered: true, dense: true, issue: { step: order, value: body.number } } }`,
  'append-log': `
steps: [{ name: append, post: '/list/\${k}', json: { e: '\${id}' } }]
consistency:
  append-log: { key: '\${k}', append: { step: append, value: '\${id}' }, read: { get: '/list/\${key}', value: body.list } }`,
  'transfer': `
steps: [{ name: pay, post: /move, json: { from: '\${k}', to: '\${to}' } }]
consistency:
  transfer:
    least: -1000000
    key: '\${k}'
    move: { step: pay, from: '\${k}', to: '\${to}', by: 5 }
    read: { get: '/number/\${key}', value: body.n }`,
};

const run = async (model: string, build: string, ...flags: readonly string[]) => {
  const [file, histories] = [join(folder, `${model}.yaml`), mkdtempSync(join(folder, 'histories-'))];
  writeFileSync(
    file,
    `
target: http://127.0.0.1:${(server.address() as AddressInfo).port}/${build}
destructive: true
rounds: 1
load: { users: 6, iterations: 90, warmup: 0 }
data: { k: 1..2, to: 1..2, id: uuid }
before: [{ post: /reset }]
modes: { free: {} }
${scenarios[model]}
`,
  );
  const { code, stdout } = await contendHere(['run', file, '-q', '--json', '--history', histories, ...flags]);
  const [name, ...others] = readdirSync(histories);
  const kept = join(histories, name!);
  return { code, mode: documentOf(stdout).modes[0]!, kept, others };
};

const verify = async (kept: string, ...flags: readonly string[]) => {
  const { code, stdout } = await contendHere(['verify', kept, '--json', ...flags]);
  return { code, ...(JSON.parse(stdout) as VerifiedHistory) };
};

describe.each(Object.keys(scenarios))('what a run has kept of a %s', (model) => {
  test.each(['right', 'wrong'])('is judged again as the run has judged it, on a target that is %s', async (build) => {
    const { code, mode, kept, others } = await run(model, build);
    expect(others).toEqual([]);
    const again = await verify(kept);
    expect(again.code).toBe(code);
    expect(again.verdict).toBe(mode.consistency!.verdict);
    expect(again.verdict === 'violated').toBe(build === 'wrong');
    expect(again.findings.map(({ rule, key }) => [rule, key])).toEqual(
      mode.consistency!.findings.map(({ rule, key }) => [rule, key]),
    );
    expect(await verify(kept, '--model', model)).toEqual(again);
  });
});

test('the shares of several workers are kept as one history', async () => {
  const { code, kept, others } = await run('counter', 'right', '-w', '2');
  expect([code, others]).toEqual([0, []]);
  const again = await verify(kept);
  expect([again.code, again.verdict, again.coverage.acknowledged]).toEqual([0, 'consistent', 90]);
});

test('a kept history says in its first line what it is, and the values before and after', async () => {
  const { kept, mode } = await run('issue', 'right');
  const [line = ''] = readFileSync(kept, 'latin1').split('\n');
  const { about } = JSON.parse(line) as { readonly about: About };
  expect(about).toEqual({
    mode: mode.name,
    round: 1,
    model: 'issue',
    promises: { isOrdered: true, isDense: true },
    initial: {},
    final: {},
  });
  const counted = (await run('counter', 'right')).kept;
  const said = JSON.parse(readFileSync(counted, 'latin1').split('\n')[0]!) as { readonly about: About };
  const sum = ({ final }: About): number => Object.values(final).reduce<number>((all, one) => all + Number(one), 0);
  expect([said.about.initial, sum(said.about)]).toEqual([{ 1: 100, 2: 100 }, 200 + 2 * 90]);
});

test('a kept history yields to what the flags say', async () => {
  const { kept } = await run('counter', 'right');
  const { code, findings } = await verify(kept, '--initial', '98');
  expect([code, findings.map(({ rule }) => rule)]).toEqual([98, ['more-than-acknowledged', 'more-than-acknowledged']]);
});

test('lines of JSON do not say which model they are to be held against', async () => {
  const lines = join(folder, 'lines.ndjson');
  writeFileSync(lines, '{"key":"a","session":1,"f":"add","call":0,"ret":1,"status":"ok"}\n');
  const { code, stderr } = await contendHere(['verify', lines]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--model is one of register, cas-register')]);
});
