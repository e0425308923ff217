import { describe, expect, test } from 'vitest';
import type { RequestStep } from '../../../src/core/plan/plan.ts';
import { requestsOf } from '../../../src/core/plan/plan.ts';
import { linesOf, modeOf, planOf, smallest } from '../reading.ts';

const shop = `
target: http://shop.test/api/
headers: { accept: application/json, X-Everywhere: top }
load: { users: 4, duration: 3s }
timeouts: { request: 3s }
data: { product: { range: 1..20, pick: { zipf: 1.1 } }, shelf: 1..5 }
lock: { request-response: { nested: true } }
process: { busy: 5ms }
conflict: { status: 412, retries: 3 }
before: [{ post: /reset }]
steps:
  - name: read
    get: /products/\${product}
    headers: { accept: text/plain }
    capture: { stock: body.stock }
  - name: write
    put: /products/\${product}
    json: { stock: "\${stock - 1}", note: { by: shop, at: here } }
    expect: { status: 204 }
modes:
`;

const step = (modeText: string, name: string): RequestStep => {
  const found = requestsOf(modeOf(`${shop}  m: ${modeText}\n`, 'm').steps).find((step) => step.name === name);
  if (found === undefined) throw new Error(`no step ${name}`);
  return found;
};
const mode = (modeText: string) => modeOf(`${shop}  m: ${modeText}\n`, 'm');

describe('a mode is the scenario with its keys laid over it', () => {
  test('an empty one is the scenario', () => {
    const whole = mode('{}');
    expect(whole.target).toBe('http://shop.test/api');
    expect(whole.lock).toEqual({ name: 'request-response', options: { nested: true } });
    expect(whole.process).toEqual({ kind: 'busy', us: 5000 });
    expect(whole.differentWorkload).toBe(false);
  });

  test('a word is its lock', () => expect(mode('mutex').lock).toEqual({ name: 'mutex', options: {} }));

  test('choices replace and never merge', () => {
    expect(mode('{ lock: { mutex: {} } }').lock).toEqual({ name: 'mutex', options: {} });
    expect(mode('{ lock: request-response }').lock).toEqual({ name: 'request-response', options: { nested: false } });
    expect(mode('{ process: { pause: 1ms } }').process).toEqual({ kind: 'pause', us: 1000 });
    expect(mode('{ process: 2ms }').process).toEqual({ kind: 'pause', us: 2000 });
    expect(mode('{ data: { product: { pick: uniform } } }').data['product']).toEqual({
      name: 'range',
      options: { from: 1, to: 20 },
      pick: { name: 'uniform', options: {} },
    });
  });

  test('null removes: the default is back', () => {
    const bare = mode('{ lock: null, process: null, conflict: null, before: null, timeouts: null }');
    expect(bare.lock.name).toBe('none');
    expect(bare.process.us).toBe(0);
    expect(bare.before).toEqual([]);
    expect(bare.timeouts).toEqual({ connectUs: 2_000_000, lockUs: 30_000_000 });
    expect(bare.steps[0]).not.toHaveProperty('conflict');
  });

  test('maps merge', () => {
    expect(mode('{ conflict: { retries: 9 } }').steps[0]).toMatchObject({
      steps: [{ conflict: [412] }, { conflict: [412] }],
      conflict: { retries: 9 },
    });
    expect(mode('{ timeouts: { lock: 1s } }').timeouts).toEqual({ connectUs: 2_000_000, lockUs: 1_000_000 });
    expect(step('{ timeouts: { request: 1s } }', 'read').timeoutUs).toBe(1_000_000);
    expect(step('{ steps: { write: { json: { note: { at: null, on: "2" } } } } }', 'write').json).toEqual({
      stock: '${stock - 1}',
      note: { by: 'shop', on: '2' },
    });
  });

  test('iterations take the place of a duration, and the other way round', () => {
    expect(mode('{ load: { iterations: 60 } }').load).toMatchObject({
      users: 4,
      stop: { kind: 'iterations', iterations: 60 },
      warmupUs: 0,
    });
    expect(linesOf(`${shop}  m: { load: { iterations: 60, duration: 1s } }`)).toEqual([
      'shop.yaml:21:28 a load ends after a duration or after a number of iterations, not both (leave one of them out)',
    ]);
  });

  test('load or data of its own make it a different workload', () => {
    expect(mode('{ load: { users: 9 } }').differentWorkload).toBe(true);
    expect(mode('{ data: { shelf: 1..6 } }').differentWorkload).toBe(true);
  });

  test('a short range takes a pick', () =>
    expect(mode('{ data: { shelf: { pick: { zipf: 2 } } } }').data['shelf']).toEqual({
      name: 'range',
      options: { from: 1, to: 5 },
      pick: { name: 'zipf', options: 2 },
    }));

  test('target, violations and before replace', () => {
    const other = mode(
      '{ target: "https://new.test/", violations: allowed, before: [{ delete: /all }, { delete: /all }] }',
    );
    expect([other.target, other.violations]).toEqual(['https://new.test', 'allowed']);
    expect(other.before.map((request) => request.name)).toEqual(['DELETE /all', 'DELETE /all (2)']);
  });
});

describe('what a mode changes in a step', () => {
  test('another method takes the place of the first', () => {
    expect(step('{ steps: { write: { patch: /stock } } }', 'write')).toMatchObject({ method: 'PATCH', path: '/stock' });
  });

  test('expect and capture merge, timeout replaces', () => {
    const read = step(
      '{ steps: { read: { capture: { etag: header.etag }, expect: { status: [200] }, timeout: 9s } } }',
      'read',
    );
    expect(read).toMatchObject({
      capture: { stock: 'body.stock', etag: 'header.etag' },
      expect: { status: [200] },
      timeoutUs: 9_000_000,
    });
  });

  test('null removes the step', () => {
    expect(requestsOf(mode('{ steps: { write: null } }').steps).map((request) => request.name)).toEqual(['read']);
  });

  test('a step without a name has that of its request, numbered where it is taken', () => {
    const plan = planOf(
      'target: http://x\nsteps: [{ get: /a }, { name: GET /a (2), get: /b }, { get: /a }, { get: /a }]',
    );
    expect(requestsOf(plan.modes[0].steps).map((request) => request.name)).toEqual([
      'GET /a',
      'GET /a (2)',
      'GET /a (3)',
      'GET /a (4)',
    ]);
  });
});

describe('headers', () => {
  test('a step wins over the scenario, the mode over the step, and what it says of the step over all; case does not count', () => {
    expect(step('{}', 'read').headers).toEqual({ 'accept': 'text/plain', 'x-everywhere': 'top' });
    expect(step('{ headers: { Accept: a } }', 'read').headers['accept']).toBe('a');
    expect(
      step('{ headers: { Accept: a }, steps: { read: { headers: { ACCEPT: b } } } }', 'read').headers['accept'],
    ).toBe('b');
  });

  test('null removes one', () => {
    expect(step('{ headers: { accept: null } }', 'read').headers).toEqual({ 'x-everywhere': 'top' });
    expect(step('{ steps: { read: { headers: { x-everywhere: null } } } }', 'read').headers).toEqual({
      accept: 'text/plain',
    });
    expect(
      step('{ headers: { accept: null }, steps: { read: { headers: { accept: b } } } }', 'read').headers['accept'],
    ).toBe('b');
  });

  test('of all steps are sent before the load and with final reads, too; numbers become text', () => {
    const text = `${smallest.replace('/products', '"/${id}"')}headers: { x-n: 5 }
data: { id: 1..2 }
before: [{ post: /reset }]
consistency: { counter: { key: "\${id}", add: { step: "GET /\${id}", by: 1 }, read: { get: "/\${key}", value: body } } }
`;
    const { before, reads } = modeOf(text, 'lock-free');
    expect(before[0]?.headers).toEqual({ 'x-n': '5' });
    expect(reads[0]?.request.headers).toEqual({ 'x-n': '5' });
  });
});

describe('critical sections', () => {
  const kinds = (text: string) => planOf(text).modes[0].steps.map((step) => step.kind);

  test('without one the whole iteration is one', () =>
    expect(kinds(`target: http://x\nsteps: [{ get: /a }, { get: /b }]`)).toEqual(['critical']));

  test('several stand beside other steps, and each has the conflict', () => {
    const text = `target: http://x
conflict: { status: 409 }
steps: [{ get: /a }, { critical: [{ get: /b }] }, { get: /c }, { critical: [{ get: /d }, { get: /e }] }]`;
    expect(kinds(text)).toEqual(['request', 'critical', 'request', 'critical']);
    const sections = planOf(text).modes[0].steps.filter((step) => step.kind === 'critical');
    expect(sections.map(({ conflict }) => conflict?.retries)).toEqual([10, 10]);
    expect(sections.map(({ steps }) => requestsOf(steps).map(({ conflict }) => conflict))).toEqual([
      [[409]],
      [[409], [409]],
    ]);
  });
});
