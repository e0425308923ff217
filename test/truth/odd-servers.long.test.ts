import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/core/result/result.ts';
import { contendHere } from '../cli/contend.ts';
import { documentOf, expectIdentities } from '../cli/document.ts';
import { openOdd, type OddServer } from './odd-servers.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-odd-'));
let server: OddServer;
beforeAll(async () => {
  server = await openOdd();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** What a scenario says beside its target, and its steps and its model in one line each. */
interface Said {
  readonly data?: string;
  readonly steps: string;
  readonly model: string;
}

const load = '{ users: 8, iterations: 600, warmup: 0s }';

const run = async ({ data = 'k: 1..3, what: 1..3, by: 1..3', steps, model }: Said): Promise<Result> => {
  const file = join(folder, 'odd.yaml');
  writeFileSync(
    file,
    `target: ${server.origin}
seed: 7
rounds: 1
load: ${load}
before: [{ post: /reset }]
data: { ${data}, tag: uuid }
steps: [${steps}]
consistency: { ${model} }
`,
  );
  const { stdout, stderr } = await contendHere(['run', file, '--json', '-q']);
  const document = documentOf(stdout === '' ? stderr : stdout);
  for (const mode of document.modes) expectIdentities(mode);
  return document;
};

/** Twice a change, once a look. */
const oftenChanged = (change: string, look: string): string =>
  `{ if: '\${what < 3}', then: [${change}], else: [${look}] }`;

const counter = (kind: string, { expect: expected = '', value = 'body.n', by = '1', add = '' } = {}): Said => ({
  steps: oftenChanged(
    `{ name: add, post: '/${kind}/\${k}', json: { by: 1 }${expected} }`,
    `{ name: look, get: '/${kind}/\${k}' }`,
  ),
  model: `counter: { key: '\${k}', add: { step: add, by: ${by}${add} }, see: { step: look, value: ${value} }, read: { get: '/${kind}/\${key}', value: ${value} } }`,
});

const stock = (kind: string, refusal: number): Said => ({
  steps: `{ name: take, post: '/${kind}/\${k}', expect: { status: [201, ${refusal}] } }`,
  model: `stock: { key: '\${k}', take: { step: take${refusal === 409 ? '' : `, refused: ${refusal}`} }, read: { get: '/${kind}/\${key}', value: body.left } }`,
});

const transfer = (kind: string, promise = ''): Said => ({
  data: 'from: 1..3, to: 4..6, account: 1..6, what: 1..3, by: 1..4',
  steps: oftenChanged(
    `{ name: move, post: /${kind}/move, json: { from: '\${from}', to: '\${to}', by: '\${by}' } }`,
    `{ name: look, get: /${kind}/total }`,
  ),
  model: `transfer: { ${promise}key: '\${account}', move: { step: move, from: '\${from}', to: '\${to}', by: '\${by}' }, see: { step: look, total: body.sum }, read: { get: '/${kind}/\${key}', value: body.n } }`,
});

const lease = (kind: string): Said => ({
  steps: `{ critical: [{ name: lock, post: '/${kind}/\${k}', capture: { t: body.t }, conflict: { status: 423, retries: 400 } }, { name: work, post: /${kind}/work }, { name: unlock, delete: '/${kind}/\${k}?t=\${t}' }] }`,
  model: `mutex: { lease: 100ms, key: '\${k}', acquire: { step: lock, token: body.t }, release: { step: unlock, token: '\${t}' } }`,
});

const issue = (kind: string, promise: string): Said => ({
  steps: `{ name: next, post: /${kind}, expect: { status: [200, 429] } }`,
  model: `issue: { ${promise}issue: { step: next, value: body.id } }`,
});

const log = (kind: string, see: string, read = true): Said => ({
  steps: oftenChanged(
    `{ name: append, post: '/${kind}/\${k}', json: { e: '\${tag}' } }`,
    `{ name: look, get: '/${kind}/\${k}' }`,
  ),
  model: `append-log: { key: '\${k}', append: { step: append, value: '\${tag}' }, see: { step: look, ${see} }${read ? `, read: { get: '/${kind}/\${key}', value: body.list }` : ''} }`,
});

const register = (kind: string, value = 'body.v'): Said => ({
  data: 'k: 1..3, what: 1..3, n: { range: 1..1000000, pick: unique }',
  steps: `{ if: '\${what == 1}', then: [{ name: put, put: '/${kind}/\${k}', json: { v: '\${n}' } }], else: [{ name: look, get: '/${kind}/\${k}' }] }`,
  model: `register: { key: '\${k}', write: { step: put, value: '\${n}' }, see: { step: look, value: ${value} } }`,
});

const whole = 'list: body.list';
const lastOfAll = 'length: body.length, last: body.last ?? null';
const noErrors = ', expect: { that: \'(body.errors ?? "none") == "none"\' }';

interface Row {
  readonly name: string;
  readonly said: Said;
  readonly is: string;
  /** The rule of what is told first; or what is in the reason. */
  readonly told?: string | RegExp;
  /** Nothing else is told: a stock that was oversold refuses rightly from then on. */
  readonly isAlone?: true;
}

const rows: { readonly [about: string]: readonly Row[] } = {
  'a coupon, an order and a rate limit': [
    { name: 'a coupon that is redeemed at once', said: stock('coupon-right', 409), is: 'consistent' },
    {
      name: 'one whose redemptions are counted first',
      said: stock('coupon-wrong', 409),
      is: 'violated',
      told: 'oversold',
      isAlone: true,
    },
    { name: 'a stock that is taken at once', said: stock('order-right', 400), is: 'consistent' },
    {
      name: 'one that is looked at first',
      said: stock('order-wrong', 400),
      is: 'violated',
      told: 'oversold',
      isAlone: true,
    },
    { name: 'a limit that is counted at once', said: stock('limited-right', 429), is: 'consistent' },
    {
      name: 'one by GET and then SET',
      said: stock('limited-wrong', 429),
      is: 'violated',
      told: 'oversold',
      isAlone: true,
    },
  ],
  'a lease': [
    { name: 'that lapses as promised', said: lease('lease'), is: 'consistent' },
    { name: 'that lapses earlier', said: lease('short-lease'), is: 'violated', told: 'held-twice' },
  ],
  'accounts, some of whose answers are lost': [
    { name: 'that may be overdrawn', said: transfer('overdraft'), is: 'no-violation-found' },
    {
      name: 'that may not, and are',
      said: transfer('overdraft', 'least: 0, '),
      is: 'violated',
      told: 'overdrawn',
    },
    { name: 'that may not, and are not', said: transfer('bank', 'least: 0, '), is: 'no-violation-found' },
  ],
  'numbers': [
    { name: 'that rise', said: issue('ids', 'ordered: true, dense: true, '), is: 'no-violation-found' },
    {
      name: 'that rise, with nothing promised of gaps',
      said: issue('ids-with-gaps', 'ordered: true, '),
      is: 'consistent',
    },
    { name: 'with gaps', said: issue('ids-with-gaps', 'dense: true, '), is: 'violated' },
    { name: 'of two nodes', said: issue('ids-by-hundreds', ''), is: 'consistent' },
    { name: 'of two nodes that shall rise', said: issue('ids-by-hundreds', 'ordered: true, '), is: 'violated' },
    { name: 'some of them twice', said: issue('ids-again', ''), is: 'violated' },
  ],
  'a counter': [
    { name: 'that counts', said: counter('honest'), is: 'consistent' },
    { name: 'that does not', said: counter('noop'), is: 'violated', told: 'lost-update' },
    { name: 'that counts twice', said: counter('twice'), is: 'violated' },
    { name: 'that sometimes counts twice', said: counter('sometimes-twice'), is: 'violated' },
    { name: 'that counts and answers 500', said: counter('flaky-500'), is: 'consistent' },
    { name: 'that counts and breaks the connection', said: counter('reset-connection'), is: 'consistent' },
    {
      name: 'that counts and answers 400',
      said: counter('applied-400'),
      is: 'violated',
      told: 'more-than-acknowledged',
    },
    { name: 'that says 200 and errors', said: counter('ok-error', { expect: noErrors }), is: 'consistent' },
    { name: 'by done:', said: counter('ok-error', { add: ", done: '!body.errors'" }), is: 'consistent' },
    { name: 'whose errors nobody was told of', said: counter('ok-error'), is: 'violated', told: 'lost-update' },
    { name: 'that is shown as a text', said: counter('text'), is: 'invalid', told: /text|"0"/ },
    { name: 'that is shown in euros', said: counter('decimal'), is: 'unknown', told: /not a whole number/ },
    { name: 'that is read in cents', said: counter('decimal', { value: 'round(body.n * 100)' }), is: 'consistent' },
    { name: 'that is shown as 5.0', said: counter('float'), is: 'consistent' },
    { name: 'that is always shown as one more', said: counter('ahead'), is: 'consistent' },
  ],
  'a register of numbers': [
    { name: 'that are shown as they are', said: register('register'), is: 'consistent' },
    { name: 'that are shown as texts', said: register('register-as-text'), is: 'violated', told: /"\d+"/ },
    {
      name: 'that are made numbers',
      said: register('register-as-text', "'body.v == null ? null : number(body.v)'"),
      is: 'consistent',
    },
    { name: 'that are forgotten', said: register('register-forgets'), is: 'violated', told: 'stale-read' },
  ],
  'a list, read whole': [
    { name: 'that grows', said: log('log', whole), is: 'consistent' },
    { name: 'that grows, and nobody reads at the end', said: log('log', whole, false), is: 'no-violation-found' },
    { name: 'that drops elements', said: log('log-drops', whole), is: 'violated' },
    { name: 'that has some twice', said: log('log-twice', whole), is: 'violated' },
    { name: 'that has some twice, and nobody reads at the end', said: log('log-twice', whole, false), is: 'violated' },
    { name: 'that changes its order', said: log('log-swaps', whole), is: 'violated' },
    {
      name: 'that changes its order, and nobody reads at the end',
      said: log('log-swaps', whole, false),
      is: 'violated',
    },
  ],
  'a list of which the length and the last element are read': [
    { name: 'that grows', said: log('log', lastOfAll), is: 'consistent' },
    { name: 'that drops elements', said: log('log-drops', lastOfAll), is: 'violated' },
    { name: 'that has some twice', said: log('log-twice', lastOfAll), is: 'violated' },
    { name: 'that changes its order', said: log('log-swaps', lastOfAll), is: 'violated' },
  ],
};

describe.each(Object.entries(rows))('%s', (_, all) => {
  test.each(all)('$name: $is', async ({ said, is, told, isAlone }) => {
    const document = await run(said);
    const consistency = document.modes[0]?.consistency;
    const found = document.invalid === undefined ? consistency?.verdict : 'invalid';
    expect([found, document.invalid?.message]).toEqual([is, is === 'invalid' ? expect.any(String) : undefined]);
    if (told === undefined) return;
    const [first, ...others] = consistency?.findings ?? [];
    if (isAlone) expect(new Set(others.map(({ rule }) => rule))).toEqual(new Set([first?.rule]));
    const texts = [document.invalid?.message, document.invalid?.hint, consistency?.checks[0]?.because];
    if (typeof told === 'string') expect(first?.rule).toBe(told);
    else expect([...texts, ...(first?.because ?? [])].join('\n')).toMatch(told);
  });
});
