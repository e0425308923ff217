import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/core/result/result.ts';
import { contendHere } from '../cli/contend.ts';
import { documentOf, expectIdentities, sentIn } from '../cli/document.ts';
import { openHalfHearted, type Errors, type HalfHeartedServer } from './half-hearted-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-outcomes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = async (text: string): Promise<Result> => {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(file, text);
  const { stdout, stderr } = await contendHere(['run', file, '--json', '-q']);
  if (stdout === '') throw new Error(stderr);
  const document = documentOf(stdout);
  for (const mode of document.modes) expectIdentities(mode);
  return document;
};
const verdictOf = ({ modes }: Result, mode = 0): string | undefined => modes[mode]?.consistency?.verdict;

/** Steps, and what they are to a model. `SAID` is what the changing operation, `EXPECT` what its step says of the answer. */
const models: { readonly [model: string]: { readonly steps: string; readonly section: string } } = {
  'counter': {
    steps: `- { name: act, post: "/counter/\${k}"EXPECT }`,
    section: `key: "\${k}", add: { step: act, by: 1SAID }, read: { get: "/counter/\${key}", value: body.data.n }`,
  },
  'rmw-counter': {
    steps: `- critical:
      - { name: look, get: "/value/\${k}", capture: { seen: body.data.v } }
      - { name: act, put: "/value/\${k}", json: { v: "\${seen + 1}" }EXPECT }`,
    section: `key: "\${k}", update: { step: act, from: "\${seen}", to: "\${seen + 1}"SAID }, read: { get: "/value/\${key}", value: body.data.v }`,
  },
  'register': {
    steps: `- if: "\${what == 1}"
    then: [{ name: act, put: "/value/\${k}", json: { v: "\${tag}" }EXPECT }]
    else: [{ name: look, get: "/value/\${k}" }]`,
    section: `key: "\${k}", write: { step: act, value: "\${tag}"SAID }, see: { step: look, value: body.data.v }`,
  },
  'cas-register': {
    steps: `- { name: look, get: "/value/\${k}", capture: { seen: body.data.v } }
  - { name: act, put: "/value/\${k}", json: { v: "\${tag}", seen: "\${seen}" }EXPECT }`,
    section: `key: "\${k}", cas: { step: act, expect: "\${seen}", value: "\${tag}"SAID }, see: { step: look, value: body.data.v }`,
  },
  'stock': {
    steps: `- { name: act, post: "/stock/\${k}"EXPECT }`,
    section: `key: "\${k}", take: { step: actSAID }, read: { get: "/stock/\${key}", value: body.data.n }`,
  },
  'allocation': {
    steps: `- { name: act, post: "/hold/\${seat}"EXPECT }`,
    section: `key: "\${seat}", acquire: { step: actSAID }`,
  },
  'issue': {
    steps: `- { name: act, post: /id/EXPECT }`,
    section: `issue: { step: act, value: body.data.idSAID }`,
  },
  'append-log': {
    steps: `- { name: act, post: "/log/\${k}", json: { e: "\${tag}" }EXPECT }`,
    section: `key: "\${k}", append: { step: act, value: "\${tag}"SAID }, read: { get: "/log/\${key}", value: body.data.list }`,
  },
  'transfer': {
    steps: `- { name: act, post: /move/, json: { from: "\${k}", to: "\${other}" }EXPECT }`,
    section: `key: "\${account}", move: { step: act, from: "\${k}", to: "\${other}", by: 1SAID }, read: { get: "/balance/\${key}", value: body.data.n }`,
  },
  'mutex': {
    steps: `- { name: act, post: "/hold/\${k}", capture: { token: body.data.token ?? 0 }EXPECT }
  - if: "\${token > 0}"
    then: [{ think: 1ms..3ms }, { name: back, delete: "/hold/\${k}" }]`,
    section: `key: "\${k}", acquire: { step: act, token: body.data.token ?? 0SAID }, release: { step: back, token: "\${token}" }`,
  },
};

/** Of models whose changes may also come too late, what an answer without errors says of that. */
const isDone: { readonly [model: string]: string } = {
  'cas-register': '!body.errors && !body.data.moved',
  'stock': '!body.errors && !body.data.soldOut',
  'allocation': '!body.errors && !body.data.taken',
  'mutex': '!body.errors && !body.data.taken',
};
const isRefused: { readonly [model: string]: string } = {
  'cas-register': 'body.errors || body.data.moved',
  'stock': '!body.errors && body.data.soldOut',
  'allocation': 'body.errors || body.data.taken',
  'mutex': 'body.errors || body.data.taken',
};

const scenario = (
  model: string,
  { origin, isRight }: HalfHeartedServer,
  how: 'expect' | 'done' | 'refused',
): string => {
  const { steps, section } = models[model]!;
  const done = isDone[model] ?? '!body.errors';
  const said =
    how === 'expect'
      ? ''
      : how === 'done'
        ? `, done: "${done}"`
        : `, done: "${done}", refused: "${isRefused[model] ?? 'body.errors'}"`;
  return `target: ${origin}
seed: 7
rounds: 1
load: { users: 12, iterations: 900, warmup: 0s }
before: [{ post: /reset }]
data: { k: 1..4, other: 5..8, account: 1..8, seat: 1..300, what: 1..2, tag: uuid }
steps:
  ${steps.replace('EXPECT', how === 'expect' ? `, expect: { that: "${done}" }` : '')}
modes: { only: ${isRight && model === 'rmw-counter' ? 'mutex' : 'none'} }
consistency:
  ${model}: { ${section.replace('SAID', said)} }
`;
};

const right = ['consistent', 'no-violation-found', 'not-exercised'];

describe.each(Object.keys(models))('%s', (model) => {
  test.each([
    ['did nothing', 'expect'],
    ['did it', 'expect'],
    ['did nothing', 'done'],
    ['did it', 'done'],
    ['did nothing', 'refused'],
  ] as const)('is right where 200 with errors %s, and the scenario says so by %s', async (errors: Errors, how) => {
    await using server = await openHalfHearted(errors, true);
    const document = await run(scenario(model, server, how));
    expect(right).toContain(verdictOf(document));
    // What is refused for sure is known, so that there is something to judge by.
    if (how === 'refused' && model !== 'stock') expect(verdictOf(document)).not.toBe('not-exercised');
    // What was granted although it said that it went wrong is never given back.
    expect(document.modes[0]!.consistency!.coverage.acknowledged).toBeGreaterThan(
      errors === 'did it' && model === 'mutex' ? 4 : 100,
    );
  });

  test.each(['expect', 'done', 'refused'] as const)('is violated where the target is wrong, by %s', async (how) => {
    await using server = await openHalfHearted('did nothing', false);
    expect(verdictOf(await run(scenario(model, server, how)))).toBe('violated');
  });
});

describe('an idempotency key is charged once', () => {
  /** As the reports have it: the key is looked for, and put down after the charge. The right one is told by a header. */
  const openCharges = async () => {
    const [charges, known] = [new Map<string, number>(), new Map<string, Promise<number>>()];
    let asked = 0;
    const charge = async (key: string): Promise<number> => {
      await pause(1);
      charges.set(key, (charges.get(key) ?? 0) + 1);
      return charges.get(key)!;
    };
    const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      asked++;
      request.resume();
      const url = new URL(request.url!, 'http://x');
      const send = (status: number, body: object): void => void response.writeHead(status).end(JSON.stringify(body));
      if (url.pathname === '/reset') {
        charges.clear();
        known.clear();
        return send(200, {});
      }
      if (request.method === 'GET') return send(200, { count: charges.get(url.searchParams.get('key')!) ?? 0 });
      const key = request.headers['idempotency-key'] as string;
      const before = known.get(key);
      if (before !== undefined) return send(200, { id: await before, replayed: true });
      const made = request.headers['x-mode'] === 'good' ? charge(key) : undefined;
      if (made !== undefined) known.set(key, made);
      const id = await (made ?? charge(key));
      known.set(key, Promise.resolve(id));
      return send(201, { id, replayed: false });
    };
    const server = createServer((request, response) => void serve(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return {
      origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      asked: () => asked,
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections();
        await once(server.close(), 'close');
      },
    };
  };

  test.each([
    'refused: 200',
    'refused: [200, 409]',
    'refused: body.replayed',
    'refused: status == 200',
    'done: "!body.replayed", refused: body.replayed',
  ])('%s: the right target is right, the other is not', async (said) => {
    await using server = await openCharges();
    const document = await run(`target: ${server.origin}
rounds: 2
load: { users: 24, iterations: 3000, warmup: 0s }
before: [{ post: /reset }]
modes: { buggy: { headers: { x-mode: bad } }, fixed: { headers: { x-mode: good } } }
data: { idem: 1..400 }
steps:
  - { name: charge, post: /charges, headers: { idempotency-key: 'k\${idem}' }, json: { amount: 100 }, expect: { status: [200, 201] } }
consistency:
  stock: # one charge for each key: 200 is a replay
    key: '\${idem}'
    take: { step: charge, ${said} }
    read: { get: '/charges?key=k\${key}', value: 1 - body.count }
`);
    expect([verdictOf(document, 0), verdictOf(document, 1)]).toEqual(['violated', 'consistent']);
    expect(server.asked()).toBe(sentIn(document));
  });
});
