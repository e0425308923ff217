import { describe, expect, test } from 'vitest';
import { seenOf } from './promises.ts';

/** One request of so many is wrong on purpose. */
const wrongEvery = 1000;

interface Promised {
  readonly name: string;
  readonly steps: string;
  readonly iterations: number;
  /** What breaks it, and what is said where nothing does. */
  readonly rule: string;
  readonly comfort: 'consistent' | 'no-violation-found' | 'either, as the search has time';
}

const limited = (kind: string, section: string): Promised => ({
  name: `a rate limit of ${kind}`,
  iterations: 8000,
  steps: `
steps: [{ name: call, get: /limited/${kind}/a, expect: { status: [200, 429] } }]
consistency: { at-most: { limit: 3, per: 100ms, ${section}grant: { step: call } } }`,
  rule: 'over-limit',
  comfort: 'no-violation-found',
});

/** Eight users ask by each key at about the same time. */
const charging = (path: string, effect: string): string => `
data: { n: { range: 0..7999, pick: sequential } }
steps:
  - name: charge
    post: /${path}
    headers: { idempotency-key: '\${floor(n / 8)}' }
    expect: { status: [200, 201] }
consistency:
  once: { key: '\${floor(n / 8)}', do: { step: charge, answer: body.id }${effect} }`;
const readEffect = ", effect: { get: '/charges?key=${key}', value: body.count }";

const working = (read: string): string => `
data: { id: uuid }
steps:
  - { name: put, post: /jobs, json: { id: '\${id}' } }
  - { name: take, post: /jobs/take, expect: { status: [200, 404] } }
consistency:
  queue: { put: { step: put, value: '\${id}' }, take: { step: take, value: body.id, empty: 404 }${read} }`;

const promised: readonly Promised[] = [
  {
    name: 'a coupon',
    iterations: 4000,
    steps: `
data: { coupon: 1..4 }
steps: [{ name: redeem, post: '/coupons/\${coupon}', expect: { status: [201, 409] } }]
consistency: { at-most: { key: '\${coupon}', limit: 50, grant: { step: redeem } } }`,
    rule: 'over-limit',
    comfort: 'consistent',
  },
  {
    name: 'an idempotency key',
    iterations: 8000,
    steps: charging('charges', readEffect),
    rule: 'done-twice',
    comfort: 'consistent',
  },
  {
    name: 'an idempotency key, of which the answers alone are known',
    iterations: 8000,
    steps: charging('charges', ''),
    rule: 'answers-differ',
    comfort: 'no-violation-found',
  },
  {
    name: 'an idempotency key of a shop that answers alike',
    iterations: 8000,
    steps: charging('quiet-charges', readEffect),
    rule: 'done-twice',
    comfort: 'consistent',
  },
  {
    name: 'a job queue',
    iterations: 4000,
    steps: working(''),
    rule: 'taken-twice',
    comfort: 'no-violation-found',
  },
  {
    name: 'a job queue that is read',
    iterations: 4000,
    steps: working(', read: { get: /jobs, value: body.jobs }'),
    rule: 'lost',
    comfort: 'consistent',
  },
  {
    name: 'a page that is replaced on condition',
    iterations: 8000,
    steps: `
data: { page: 1..40, id: uuid }
steps:
  - { get: '/pages/\${page}', capture: { old: body.value } }
  - name: swap
    put: /pages/\${page}
    json: { expect: '\${old}', value: '\${id}' }
    expect: { status: [200, 412] }
consistency:
  cas-register:
    key: '\${page}'
    cas: { step: swap, expect: '\${old}', value: '\${id}', refusals: justified }
    read: { get: '/pages/\${key}', value: body.value }`,
    rule: 'refused-without-reason',
    comfort: 'either, as the search has time',
  },
  {
    name: 'a profile whose copies come later',
    iterations: 4000,
    steps: `
data: { profile: 1..4, id: uuid }
steps:
  - { name: write, put: '/profiles/\${profile}/\${user.number}', json: { value: '\${id}' } }
  - { name: look, get: '/profiles/\${profile}/\${user.number}' }
consistency:
  register:
    key: '\${profile}'
    promise: session
    write: { step: write, value: '\${id}' }
    see: { step: look, value: body.value }`,
    rule: 'read-your-writes',
    comfort: 'no-violation-found',
  },
  {
    name: 'members who join and leave',
    iterations: 1500,
    steps: `
data: { who: uuid }
steps:
  - { name: join, put: '/members/\${who}' }
  - { name: look, get: /members }
  - { name: leave, delete: '/members/\${who}' }
consistency:
  set:
    add: { step: join, value: '\${who}' }
    remove: { step: leave, value: '\${who}' }
    see: { step: look, values: body.names }
    read: { get: /members, value: body.names }`,
    rule: 'still-there',
    comfort: 'no-violation-found',
  },
  {
    name: 'a total that two pages of one moment tell',
    iterations: 4000,
    steps: `
data: { left: 0..9, right: 10..19, account: 0..19 }
steps:
  - { name: move, post: /moves, json: { from: '\${left}', to: '\${right}' } }
  - { name: first, get: /first-page, capture: { sum: body.sum, at: body.at } }
  - { name: second, get: '/second-page/\${at}', capture: { sum: body.sum } }
consistency:
  transfer:
    key: '\${account}'
    move: { step: move, from: '\${left}', to: '\${right}', by: 1 }
    see: { steps: [first, second], total: first.sum + second.sum, snapshot: true }
    read: { get: '/accounts/\${key}', value: body.balance }`,
    rule: 'wrong-total',
    comfort: 'no-violation-found',
  },
  limited('fixed', ''),
  limited('on-demand', ''),
  limited('sliding', 'window: sliding, '),
  limited('bucket', 'window: sliding, burst: 3, '),
];

describe.each(promised)('$name', ({ steps, iterations, rule, comfort }) => {
  test('is broken by one request of a thousand, which is found in ten seconds', async () => {
    const { mode, wrong } = await seenOf(steps, iterations, wrongEvery);
    expect(wrong).toBeGreaterThan(0);
    expect(mode.consistency!.verdict).toBe('violated');
    expect(mode.consistency!.findings.map((one) => one.rule)).toContain(rule);
  });

  test('is kept by the mended shop, in more than a hundred pairs', async () => {
    const { mode } = await seenOf(steps, iterations, 0);
    const { verdict, findings, exposure, checks } = mode.consistency!;
    expect(findings).toEqual([]);
    const words = comfort.startsWith('either') ? ['consistent', 'no-violation-found'] : [comfort];
    expect(words).toContain(verdict);
    expect(checks[0]!.because === null).toBe(verdict === 'consistent');
    expect(exposure.overlapping).toBeGreaterThan(100);
  });
});

test('who charges twice and answers alike is not found by the answers', async () => {
  const { mode, wrong } = await seenOf(charging('quiet-charges', ''), 8000, wrongEvery);
  expect(wrong).toBeGreaterThan(0);
  expect([mode.consistency!.verdict, mode.consistency!.checks[0]?.because]).toEqual([
    'no-violation-found',
    'the answers agree; whether it was done once was not read',
  ]);
});
