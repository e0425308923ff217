import { expect, test } from 'vitest';
import { scenarioJsonSchema } from '../../../src/scenario/schema/json-schema.ts';
import { modeOf, planOf, smallest } from '../reading.ts';

test('target and steps are enough: everything else has the default of the design', () => {
  expect(planOf(smallest)).toStrictEqual({
    name: 'shop',
    file: 'scenarios/shop.yaml',
    seed: 7,
    rounds: 1,
    control: 'lock-free',
    consistency: [],
    gates: [],
    modes: [
      {
        name: 'lock-free',
        target: 'http://shop.test',
        load: {
          kind: 'closed',
          users: 50,
          thinkUs: [0, 0],
          stages: [],
          stop: { kind: 'duration', durationUs: 10_000_000 },
          warmupUs: 200_000,
          drainUs: 10_000_000,
        },
        data: {},
        lock: { name: 'none', options: {} },
        workers: 1,
        pacing: 'auto',
        transport: { name: 'wire', options: {} },
        tls: { insecure: false },
        timeouts: { connectUs: 2_000_000, lockUs: 30_000_000 },
        process: { kind: 'pause', us: 0 },
        before: [],
        steps: [
          {
            kind: 'critical',
            steps: [
              {
                kind: 'request',
                name: 'GET /products',
                method: 'GET',
                path: '/products',
                headers: {},
                capture: {},
                expect: {},
                timeoutUs: 10_000_000,
              },
            ],
          },
        ],
        observe: [],
        reads: [],
        violations: 'forbidden',
        differentWorkload: false,
      },
    ],
  });
});

test('with several modes there are six rounds, and the first mode is the control', () => {
  const plan = planOf(`${smallest}modes: { locked: mutex, free: none }\n`);
  expect([plan.rounds, plan.control]).toEqual([6, 'locked']);
});

test('where a gate compares modes there are twelve rounds, with stages too', () => {
  const modes = 'modes: { locked: mutex, free: none }\n';
  const staged = 'load: { stages: [{ duration: 1s, users: 9 }] }\n';
  const rounds = (text: string): number => planOf(smallest + modes + text).rounds;
  const relative = 'gates: [throughput(free) >= 2 * throughput(locked)]\n';
  expect([relative, staged + relative, staged, 'gates: [throughput(free) >= 2]\n'].map(rounds)).toEqual([12, 12, 1, 6]);
  expect(rounds(`${relative}rounds: 9\n`)).toBe(9);
});

test('a conflict is tried again ten times after 1 to 20 ms', () => {
  const [section] = planOf(`${smallest}conflict: { status: 409 }\n`).modes[0].steps;
  expect(section).toMatchObject({ steps: [{ conflict: [409] }], conflict: { retries: 10, backoffUs: [1000, 20_000] } });
});

test('with iterations there is no warm-up unless one is wanted', () => {
  const load = (text: string) => modeOf(smallest + text, 'lock-free').load;
  expect(load('load: { iterations: 500 }')).toMatchObject({
    stop: { kind: 'iterations', iterations: 500 },
    warmupUs: 0,
  });
  expect(load('load: { iterations: 500, warmup: 1s }')).toMatchObject({ warmupUs: 1_000_000 });
});

test('drain, steps and final reads take timeouts.request, and a step may have its own', () => {
  const mode = modeOf(
    `target: http://shop.test
timeouts: { request: 3s }
data: { id: 1..2 }
steps: [{ get: /a }, { name: buy, post: /b, timeout: 1s }]
consistency: { counter: { key: "\${id}", add: { step: buy, by: 1 }, read: { get: "/\${key}", value: body } } }
`,
    'lock-free',
  );
  const [section] = mode.steps;
  expect(mode.load.drainUs).toBe(3_000_000);
  expect(mode.reads[0]?.request.timeoutUs).toBe(3_000_000);
  expect(section).toMatchObject({ steps: [{ timeoutUs: 3_000_000 }, { timeoutUs: 1_000_000 }] });
});

test('a variable is picked uniformly, and a range alone is the short form', () => {
  const { data } = modeOf(
    `${smallest}data: { a: 1..20, b: { range: -3..3 }, c: { range: 1..9, pick: { zipf: 0.5 } } }\n`,
    'lock-free',
  );
  expect(data).toEqual({
    a: { name: 'range', options: { from: 1, to: 20 }, pick: { name: 'uniform', options: {} } },
    b: { name: 'range', options: { from: -3, to: 3 }, pick: { name: 'uniform', options: {} } },
    c: { name: 'range', options: { from: 1, to: 9 }, pick: { name: 'zipf', options: 0.5 } },
  });
});

test('the JSON Schema names the same defaults', () => {
  const properties = (schema: unknown): { [key: string]: { default?: unknown } } =>
    (schema as { properties: { [key: string]: { default?: unknown } } }).properties;
  const root = properties(scenarioJsonSchema());
  const defaultsOf = (schema: unknown) =>
    Object.fromEntries(Object.entries(properties(schema)).map(([key, value]) => [key, value.default]));
  expect(root['rounds']?.default).toBe(6);
  expect(root['lock']?.default).toBe('none');
  expect(root['process']?.default).toBe(0);
  expect(root['violations']?.default).toBe('forbidden');
  expect(root['before']?.default).toEqual([]);
  expect(defaultsOf(root['load'])).toEqual({
    users: 50,
    duration: '10s',
    iterations: undefined,
    warmup: '200ms',
    drain: undefined,
    rate: undefined,
    arrival: 'even',
    queue: 'unlimited',
    think: 0,
    stages: undefined,
  });
  expect([root['workers'], root['pacing'], root['transport']].map((schema) => schema?.default)).toEqual([
    1,
    'auto',
    'wire',
  ]);
  expect(defaultsOf(root['tls'])).toMatchObject({ insecure: false, ca: undefined });
  expect(defaultsOf(root['timeouts'])).toEqual({ connect: '2s', request: '10s', lock: '30s' });
  expect(defaultsOf(root['conflict'])).toEqual({ status: undefined, retries: 10, backoff: '1ms..20ms' });
});
