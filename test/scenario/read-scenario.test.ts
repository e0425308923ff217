import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Mode, RequestStep } from '../../src/core/plan/plan.ts';
import { lockSyntax } from '../../src/measure/lock/syntax.ts';
import { modeOf, planOf, read, smallest } from './reading.ts';

const store = readFileSync(new URL('../../scenarios/online-store.yaml', import.meta.url), 'utf8');

const request = (more: Pick<RequestStep, 'name' | 'method' | 'path'> & Partial<RequestStep>) => ({
  kind: 'request',
  headers: {},
  capture: {},
  expect: {},
  timeoutUs: 10_000_000,
  ...more,
});

const readStep = request({
  name: 'read',
  method: 'GET',
  path: '/products/${product}',
  capture: { stock: 'body.stock', version: 'header.etag' },
});

const writeStep = request({
  name: 'write',
  method: 'PUT',
  path: '/products/${product}',
  json: { stock: '${stock - 1}' },
  expect: { status: [200, 204] },
});

const locked = {
  name: 'locked',
  target: 'builtin:store',
  load: {
    kind: 'closed',
    users: 64,
    thinkUs: [0, 0],
    stages: [],
    stop: { kind: 'duration', durationUs: 6_000_000 },
    warmupUs: 200_000,
    drainUs: 10_000_000,
  },
  data: { product: { name: 'range', options: { from: 1, to: 20 }, pick: { name: 'zipf', options: 1.1 } } },
  lock: { name: 'mutex', options: {} },
  workers: 1,
  pacing: 'auto',
  transport: { name: 'wire', options: {} },
  tls: { insecure: false },
  timeouts: { connectUs: 2_000_000, lockUs: 30_000_000 },
  process: { kind: 'pause', us: 2000 },
  before: [request({ name: 'POST /reset', method: 'POST', path: '/reset', json: { products: 20, stock: 1_000_000 } })],
  steps: [{ kind: 'critical', steps: [readStep, writeStep] }],
  observe: [
    {
      model: 'rmw-counter',
      step: 'write',
      operation: 'cas',
      key: '${product}',
      operand: { sent: '${stock}', isAmount: true },
      value: { sent: '${stock - 1}', isAmount: true },
      spansSection: true,
    },
  ],
  reads: [
    {
      model: 'rmw-counter',
      key: '${product}',
      request: request({ name: 'read', method: 'GET', path: '/products/${key}' }),
      value: 'body.stock',
      kind: 'number',
    },
  ],
  violations: 'forbidden',
  differentWorkload: false,
};

test('the online store is the plan that the design draws', () => {
  const plan = planOf(store, { file: 'scenarios/online-store.yaml' });
  expect(plan).toStrictEqual({
    name: 'online-store',
    file: 'scenarios/online-store.yaml',
    gates: [],
    seed: 42,
    rounds: 6,
    control: 'locked',
    modes: [
      locked,
      { ...locked, name: 'two-locks', lock: { name: 'request-response', options: { nested: false } } },
      {
        ...locked,
        name: 'optimistic',
        lock: { name: 'none', options: {} },
        steps: [
          {
            kind: 'critical',
            steps: [
              { ...readStep, conflict: [412] },
              { ...writeStep, headers: { 'if-match': '${version}' }, conflict: [412] },
            ],
            conflict: { retries: 50, backoffUs: [1000, 20_000] },
          },
        ],
      },
      { ...locked, name: 'lock-free', lock: { name: 'none', options: {} }, violations: 'allowed' },
    ],
    consistency: ['rmw-counter'],
  });
});

describe('a plan', () => {
  test('survives JSON unchanged', () => {
    const plan = planOf(store);
    expect(JSON.parse(JSON.stringify(plan))).toStrictEqual(plan);
  });

  test('is frozen to the bottom', () => {
    const isFrozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen));
    expect(isFrozen(planOf(store))).toBe(true);
  });

  test('has the name of its file where it has no other', () => {
    const nameOf = (file: string) => planOf(smallest, { file }).name;
    expect(nameOf('a/b/my.shop.yaml')).toBe('my.shop');
    expect(nameOf('C:\\x\\shop.yml')).toBe('shop');
    expect(nameOf('shop')).toBe('shop');
    expect(nameOf('.shop')).toBe('.shop');
  });

  test('is the same for the same text', () => expect(planOf(store)).toStrictEqual(planOf(store)));
});

describe('a target', () => {
  test.each([
    ['http://x/', 'http://x'],
    ['https://api.test:8443/v1//', 'https://api.test:8443/v1'],
    ['builtin:store', 'builtin:store'],
    ['http://unix:/run/app.sock', 'http://unix:/run/app.sock'],
    ['https://unix:/run/my app.sock:/v1/', 'https://unix:/run/my app.sock:/v1'],
    ['http://unix:8080', 'http://unix:8080'],
    ['builtin:store?delay=1ms', 'builtin:store?delay=1ms'],
  ])('%s is %s', (text, target) => {
    expect(planOf(`target: ${text}\nsteps: [{ get: / }]`).modes[0].target).toBe(target);
  });

  test('may come from each mode alone', () => {
    const plan = planOf('steps: [{ get: / }]\nmodes: { old: { target: http://old }, new: { target: http://new } }');
    expect(plan.modes.map((mode) => mode.target)).toEqual(['http://old', 'http://new']);
  });
});

test('every request has its method, and a template may begin a path', () => {
  const text =
    'target: http://x\nsteps: [{ get: / }, { post: / }, { put: / }, { patch: / }, { name: see, get: /, capture: { at: header.location } }, { delete: "${at}" }]';
  const [section] = planOf(text).modes[0].steps;
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'GET', 'DELETE'];
  expect(section).toMatchObject({ steps: methods.map((method) => ({ method })) });
});

test('a change may be a template over what is known before the step', () => {
  const text = `target: http://x
data: { id: 1..3, amount: 1..9 }
steps: [{ get: "/\${id}", capture: { price: body.price } }, { name: pay, post: "/\${id}" }]
consistency: { counter: { key: "p\${id}", add: { step: pay, by: "\${-amount * price}" }, read: { get: "/\${key}", value: "body.sum ?? 0" } } }
`;
  const { observe, reads }: Mode = modeOf(text, 'lock-free');
  expect(observe).toEqual([
    {
      model: 'counter',
      step: 'pay',
      operation: 'add',
      key: 'p${id}',
      operand: { sent: '${-amount * price}', isAmount: true },
      spansSection: false,
    },
  ]);
  expect(reads[0]?.value).toBe('body.sum ?? 0');
});

test('reading the store takes little time', () => {
  const begun = performance.now();
  for (let turn = 0; turn < 10; turn++) read(store);
  expect((performance.now() - begun) / 10).toBeLessThan(1000);
});

test('every scenario of the package is valid', () => {
  const folder = new URL('../../scenarios/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  expect(files).toEqual(expect.arrayContaining(['open-load.yaml', 'two-builds/scenario.yaml']));
  for (const file of files)
    expect(planOf(readFileSync(new URL(file, folder), 'utf8'), { file }).modes.length).toBeGreaterThan(1);
});

test('the scenarios of the package show every lock that there is', () => {
  const folder = new URL('../../scenarios/', import.meta.url);
  const shown = ['lock-strategies.yaml', 'redis-lease.yaml'].flatMap((file) =>
    planOf(readFileSync(new URL(file, folder), 'utf8'), { file }).modes.map(({ lock }) => lock.name),
  );
  expect([...new Set(shown)].sort()).toEqual(Object.keys(lockSyntax).sort());
});
