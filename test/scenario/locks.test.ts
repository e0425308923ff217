import { describe, expect, test } from 'vitest';
import { requestsOf } from '../../src/core/plan/plan.ts';
import { linesOf, modeOf, planOf } from './reading.ts';

const text = (lock: string, steps = '[{ get: "/${product}" }]'): string =>
  `target: http://x\ndata: { product: 1..20, shop: 1..3 }\nsteps: ${steps}\nlock: ${lock}\n`;
const lockOf = (lock: string, steps?: string) => planOf(text(lock, steps)).modes[0].lock;

const redis = {
  url: 'redis://127.0.0.1:6379',
  key: 'contend:lock',
  ttlUs: 10_000_000,
  renew: true,
  retryUs: [2000, 50_000],
};

describe('a lock', () => {
  test.each([
    ['none', 'none', {}],
    ['mutex', 'mutex', {}],
    ['request-response', 'request-response', { nested: false }],
    ['{ keyed: "${product}" }', 'keyed', { key: '${product}' }],
    ['{ keyed: "${shop}-${product % 4}" }', 'keyed', { key: '${shop}-${product % 4}' }],
    ['read-write', 'read-write', {}],
    ['{ read-write: { key: "${product}" } }', 'read-write', { key: '${product}' }],
    ['{ semaphore: 4 }', 'semaphore', { permits: 4 }],
    ['{ semaphore: 5000 }', 'semaphore', { permits: 5000 }],
    ['redis', 'redis', redis],
    [
      '{ redis: { key: "stock-${product}", ttl: 5s } }',
      'redis',
      { ...redis, key: 'stock-${product}', ttlUs: 5_000_000 },
    ],
    [
      '{ redis: { url: "rediss://u:p@h:1/2", renew: false } }',
      'redis',
      { ...redis, url: 'rediss://u:p@h:1/2', renew: false },
    ],
    ['{ redis: { retry: 1ms..1ms } }', 'redis', { ...redis, retryUs: [1000, 1000] }],
  ])('%s', (lock, name, options) => expect(lockOf(lock)).toStrictEqual({ name, options }));

  test('is a word of a mode, too, and replaces the scenario’s whole', () => {
    const modes = 'modes: { a: read-write, b: { lock: { semaphore: 2 } }, c: { lock: none }, d: {} }\n';
    const locks = planOf(text('{ redis: { ttl: 1s } }') + modes).modes.map(({ lock }) => lock.name);
    expect(locks).toEqual(['read-write', 'semaphore', 'none', 'redis']);
  });

  test.each([
    ['keyed', '4:7 "keyed" needs a value (write { keyed: … }: one mutex for each key: keyed: "${product}")'],
    ['{ keyed: 5 }', '4:16 expected the key of the lock, a template (such as "${product}")'],
    ['{ keyed: "" }', '4:16 expected the key of the lock, a template (such as "${product}")'],
    [
      '{ keyed: stock }',
      '4:16 "stock" is the same key for every iteration: one lock for all (write lock: mutex, or a template such as "${product}")',
    ],
    ['{ keyed: "${prodct}" }', '4:19 unknown name "prodct" (did you mean "product"?)'],
    ['{ keyed: "${product" }', '4:17 cannot be read: "${" has no closing "}"'],
    ['{ keyed: "${lock.token}" }', '4:19 unknown name "lock" (a lock has its token only once it is held)'],
    [
      '{ read-write: { key: stock } }',
      '4:28 "stock" is the same key for every iteration: one lock for all (leave "key" out, or write a template such as "${product}")',
    ],
    ['{ read-write: { key: "${a}" } }', '4:31 unknown name "a" (known here: product, shop)'],
    ['{ read-write: { kay: "${a}" } }', '4:23 unknown key "kay" (did you mean "key"?)'],
    ['semaphore', '4:7 "semaphore" needs a value (write { semaphore: … }: at most this many inside: semaphore: 4)'],
    ['{ semaphore: 0 }', '4:20 expected at least 1, got the number 0'],
    ['{ semaphore: 1.5 }', '4:20 expected a whole number, got the number 1.5'],
    ['{ semaphore: many }', '4:20 expected a number, got text "many"'],
    ['semafore', '4:7 unknown lock "semafore" (did you mean "semaphore"?)'],
    ['{ redis: { ttl: 5 } }', '4:23 expected a duration of at least 10ms, and a day at most (such as 5s)'],
    ['{ redis: { ttl: 9ms } }', '4:23 expected a duration of at least 10ms, and a day at most (such as 5s)'],
    [
      '{ redis: { retry: 5ms } }',
      '4:25 expected two durations, from the shorter to the longer, of at least 1ms (such as 2ms..50ms)',
    ],
    [
      '{ redis: { url: localhost } }',
      '4:23 expected the address of a Redis server (such as redis://127.0.0.1:6379, or rediss://user:password@host:6380/0 over TLS)',
    ],
    ['{ redis: { key: "${prodct}" } }', '4:26 unknown name "prodct" (did you mean "product"?)'],
    ['{ redis: { lease: 5s } }', '4:18 unknown key "lease" (known here: url, key, ttl, renew, retry)'],
  ])('%s is refused', (lock, line) => expect(linesOf(text(lock))).toEqual([`shop.yaml:${line}`]));

  test('with options stands under "lock" in a mode', () => {
    expect(linesOf(`${text('none')}modes: { a: { keyed: "\${product}" } }`)).toEqual([
      'shop.yaml:5:15 unknown key "keyed" (write lock: { keyed: … })',
    ]);
  });
});

describe('the key of a lock', () => {
  const login = '{ name: login, post: /login, capture: { user: body.id } }';
  const read = '{ name: read, get: /a, capture: { stock: body.stock } }';

  test('may be what was captured before the first critical section', () => {
    const steps = `[${login}, { critical: [${read}] }, { critical: [{ get: /b }] }]`;
    expect(lockOf('{ keyed: "${user}/${product}" }', steps).options).toEqual({ key: '${user}/${product}' });
  });

  test.each([
    ['inside the section', `[{ critical: [${read}] }]`],
    ['after it', `[{ critical: [{ get: /b }] }, ${read}]`],
    ['in an earlier section', `[{ critical: [${read}] }, { critical: [{ get: /b }] }]`],
    ['in an iteration that is one section', `[${read}, { get: /b }]`],
  ])('is not known yet where it is captured %s', (_, steps) => {
    expect(linesOf(text('{ keyed: "${stock}" }', steps))).toEqual([
      'shop.yaml:4:19 unknown name "stock" ("stock" is captured from the answer to "read": it is not known when the lock is asked for)',
    ]);
  });

  test('is checked in each mode with what that mode knows', () => {
    const modes = 'modes: { a: { lock: { keyed: "${x}" }, data: { x: 1..2 } }, b: { lock: { keyed: "${x}" } } }\n';
    expect(linesOf(text('none') + modes)).toEqual(['shop.yaml:5:84 unknown name "x" (known here: product, shop)']);
  });
});

describe('${lock.token}', () => {
  const put = (value: string) => `{ put: /b, headers: { x-fence: "${value}" } }`;
  const critical = (value: string) => `[{ get: /a }, { critical: [${put(value)}] }]`;

  test.each(['${lock.token}', '${lock["token"]}', 't${lock.token + 1}'])('is known under a lease as %s', (value) => {
    const step = modeOf(text('redis', critical(value.replaceAll('"', '\\"'))), 'redis').steps[1];
    expect(step).toMatchObject({ steps: [{ headers: { 'x-fence': value } }] });
  });

  test('is known in an iteration that is one critical section', () => {
    expect(linesOf(text('redis', `[${put('${lock.token}')}]`))).toEqual([]);
  });

  test.each([
    ['mutex', critical('${lock.token}'), '3:69 unknown name "lock" (only "lock: redis" has a token)'],
    [
      'redis',
      `[${put('${lock.token}')}, { critical: [{ get: / }] }]`,
      '3:43 unknown name "lock" (a lease has its token only in a critical section)',
    ],
    ['redis', critical('${lock.tokn}'), '3:69 "lock" has no "tokn" (did you mean "token"?)'],
    ['redis', critical('${lock}'), '3:69 "lock" is not a value (write ${lock.token})'],
    ['redis', critical('${lock[product]}'), '3:69 "lock" is not a value (write ${lock.token})'],
  ])('is refused elsewhere (%s, %s)', (lock, steps, line) => {
    expect(linesOf(text(lock, steps))).toEqual([`shop.yaml:${line}`]);
  });
});

describe('a conflict of one step', () => {
  const write = (conflict: string) => `{ name: write, put: /b, conflict: ${conflict} }`;
  const section = (scenario: string) => planOf(scenario).modes[0].steps.find((step) => step.kind === 'critical');

  test('is that step’s alone', () => {
    const found = section(text('none', `[{ get: /a }, ${write('{ status: [409, 412] }')}]`));
    expect(requestsOf(found?.steps ?? []).map(({ conflict }) => conflict)).toEqual([undefined, [409, 412]]);
    expect(found?.conflict).toEqual({ retries: 10, backoffUs: [1000, 20_000] });
  });

  test('takes the place of the mode’s, and has the mode’s retries and back-off where it has none', () => {
    const ofMode = 'conflict: { status: 429, retries: 3, backoff: 5ms..9ms }\n';
    const found = section(text('none', `[{ get: /a }, ${write('{ status: 412, retries: 7 }')}]`) + ofMode);
    expect(requestsOf(found?.steps ?? []).map(({ conflict }) => conflict)).toEqual([[429], [412]]);
    expect(found?.conflict).toEqual({ retries: 7, backoffUs: [5000, 9000] });
  });

  test('may come from a mode', () => {
    const modes = 'modes: { a: { steps: { write: { conflict: { status: 412 } } } }, b: {} }\n';
    const [a, b] = planOf(text('none', '[{ name: write, put: /b }]') + modes).modes;
    expect(a.steps[0]).toHaveProperty('conflict');
    expect(b?.steps[0]).not.toHaveProperty('conflict');
  });

  test.each([
    [
      `[${write('{ status: 412 }')}, { critical: [{ get: /a }] }]`,
      '3:33 only a critical section is tried again (put this step under "critical")',
    ],
    [
      `[${write('{ status: 412, retries: 1 }')}, { put: /c, conflict: { status: 409, retries: 2 } }]`,
      '3:119 two steps of one critical section say different "retries": it is tried again as a whole (say it in one of them)',
    ],
    [`[${write('{ retries: 1 }')}]`, '3:43 "status" is missing'],
    [`[${write('{ status: 99 }')}]`, '3:53 expected at least 100, got the number 99'],
  ])('%s is refused', (steps, line) => expect(linesOf(text('none', steps))).toEqual([`shop.yaml:${line}`]));

  test('has no place in "before"', () => {
    expect(linesOf(`${text('none')}before: [{ post: /reset, conflict: { status: 412 } }]`)).toEqual([
      'shop.yaml:5:26 there is no conflict in a step of "before": it is sent once, before the load (leave "conflict" out)',
    ]);
  });
});
