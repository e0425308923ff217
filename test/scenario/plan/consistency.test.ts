import { expect, test } from 'vitest';
import type { Observation } from '../../../src/core/plan/plan.ts';
import type { modelSections } from '../../../src/judge/consistency/syntax.ts';
import { modeOf, planOf } from '../reading.ts';

const scenario = (section: string): string => `target: http://x
data: { id: 1..3, to: 1..3 }
steps:
  - critical:
      - { name: look, get: "/\${id}", capture: { seen: body.value } }
      - { name: act, post: "/\${id}", json: {} }
consistency: ${section}
`;

const observed = (section: string): readonly Observation[] => modeOf(scenario(section), 'lock-free').observe;

const read = 'read: { get: "/${key}", value: body.value }';

/** Of each model a section with everything in it, and what it is to the engine. */
const whole: { readonly [model in keyof typeof modelSections]: readonly [section: string, ...operations: string[]] } = {
  'counter': [
    `key: "\${id}", add: { step: act, by: -1, value: body.value }, see: { step: look, value: body.value }, ${read}`,
    'add act',
    'read look',
  ],
  'rmw-counter': [
    `key: "\${id}", update: { step: act, from: "\${seen}", to: "\${seen + 1}" }, see: { step: look, value: body.value }, ${read}`,
    'cas act',
    'read look',
  ],
  'register': [
    `key: "\${id}", write: { step: act, value: "\${seen}", version: header.etag }, see: { step: look, value: body.value, version: header.etag }, ${read}`,
    'write act',
    'read look',
  ],
  'cas-register': [
    `key: "\${id}", cas: { step: act, expect: "\${seen}", value: "\${seen + 1}" }, write: { step: act, value: 1 }, see: { step: look, value: body.value }, ${read}`,
    'cas act',
    'write act',
    'read look',
  ],
  'stock': [
    `key: "\${id}", take: { step: act, by: 2, value: body.left, refused: [409, 410] }, restock: { step: act }, see: { step: look, value: body.value }, ${read}`,
    'take act',
    'restock act',
    'read look',
  ],
  'allocation': [
    'acquire: { step: act, name: body.seat }, release: { step: look, name: "${id}" }',
    'acquire act',
    'release look',
  ],
  'issue': ['key: "${id}", ordered: true, dense: true, issue: { step: act, value: body.id }', 'issue act'],
  'append-log': [
    `append: { step: act, value: "\${seen}", length: body.length }, see: [{ step: look, length: body.length, last: body.last }, { step: look, list: body.items }], read: { get: /log, value: body.items }`,
    'append act',
    'read look',
    'read look',
  ],
  'transfer': [
    `key: "\${id}", least: 0, move: { step: act, from: "\${id}", to: "\${to}", by: 5 }, see: { step: look, total: body.total }, ${read}`,
    'transfer act',
    'read look',
  ],
  'at-most': ['key: "${id}", limit: 5, per: 1s, window: sliding, burst: 2, grant: { step: act }', 'grant act'],
  'once': [
    'key: "${id}", do: { step: act, answer: body.id }, effect: { get: "/${key}", value: body.count, by: 100 }',
    'do act',
  ],
  'queue': [
    'key: "${id}", put: { step: act, value: "${seen}" }, take: { step: look, value: body.id, empty: 404 }, read: { get: "/${key}", value: body.items }',
    'put act',
    'take look',
  ],
  'set': [
    'key: "${id}", add: { step: act, value: "${seen}" }, remove: { step: act, value: 1 }, see: { step: look, values: body.items }, read: { get: "/${key}", value: body.items }',
    'add act',
    'remove act',
    'read look',
  ],
  'mutex': [
    'lease: 100ms, acquire: { step: look, token: body.token }, release: { step: act, token: "${seen}" }',
    'acquire look',
    'release act',
  ],
};

test.each(Object.entries(whole))('%s becomes operations of its own history', (model, [section, ...operations]) => {
  const plan = planOf(scenario(`{ ${model}: { ${section} } }`));
  expect(plan.consistency).toEqual([model]);
  const { observe } = plan.modes[0];
  expect(observe.map(({ operation, step }) => `${operation} ${step}`)).toEqual(operations);
  expect(new Set(observe.map((one) => one.model))).toEqual(new Set([model]));
});

test('a transfer is between keys, and of none; the balances are read by key', () => {
  const [section] = whole['transfer'];
  const { observe, reads } = planOf(scenario(`{ transfer: { ${section} } }`)).modes[0];
  expect(observe.map(({ key }) => key)).toEqual(['all', 'all']);
  expect(reads.map(({ key }) => key)).toEqual(['${id}']);
});

test('what is sent is a template, what is answered an expression, each in its column', () => {
  expect(
    observed(
      `{ cas-register: { key: "\${id}", cas: { step: act, expect: "\${seen}", value: "x\${id}", version: header.etag } } }`,
    ),
  ).toEqual([
    {
      model: 'cas-register',
      step: 'act',
      operation: 'cas',
      key: '${id}',
      operand: { sent: '${seen}', isAmount: false },
      value: { sent: 'x${id}', isAmount: false },
      version: { answered: 'header.etag' },
      spansSection: false,
    },
  ]);
});

test('several steps may do the same', () => {
  const see = 'see: [{ step: look, value: body.a }, { step: act, value: body.b }]';
  expect(
    observed(`{ register: { key: "\${id}", write: { step: act, value: 1 }, ${see} } }`).map(({ step }) => step),
  ).toEqual(['act', 'look', 'act']);
});

test('a stock is refused by 409 unless it says otherwise; nothing else has a refusal of its own', () => {
  const [take, restock] = observed(
    `{ stock: { key: "\${id}", take: { step: act }, restock: { step: act }, ${read} } }`,
  );
  expect([take!.usuallyRefused, restock!.usuallyRefused, take!.refused]).toEqual([[409], undefined, undefined]);
  expect(observed(`{ stock: { key: "\${id}", take: { step: act, refused: 410 }, ${read} } }`)[0]!.refused).toEqual([
    410,
  ]);
});

test('without a key a model judges one thing', () => {
  expect(observed('{ issue: { issue: { step: act, value: body.id } } }')[0]!.key).toBe('all');
});

test('models that read values before and after say what they must be', () => {
  const both = `{ counter: { key: "\${id}", add: { step: act, by: 1 }, ${read} }, append-log: { append: { step: act, value: "\${seen}" }, read: { get: /log, value: body.items } } }`;
  const { reads } = modeOf(scenario(both), 'lock-free');
  expect(reads.map(({ model, key, kind }) => [model, key, kind])).toEqual([
    ['counter', '${id}', 'number'],
    ['append-log', 'all', 'list'],
  ]);
});

test('what a model promises beside what its name says is in the plan', () => {
  const promises = (...models: readonly (keyof typeof whole)[]): unknown =>
    planOf(scenario(`{ ${models.map((model) => `${model}: { ${whole[model][0]} }`).join(', ')} }`)).promises;
  expect(promises('mutex', 'issue', 'transfer')).toEqual({
    mutex: { leaseNs: 1e8 },
    issue: { isOrdered: true, isDense: true },
    transfer: { least: 0 },
  });
  expect(promises('counter', 'allocation')).toBeUndefined();
  const said = scenario('{ issue: { ordered: false, dense: true, issue: { step: act, value: body.id } } }');
  expect(planOf(said).promises).toEqual({ issue: { isDense: true } });
});

test('a list is read whole, or by its length and its last element, which an empty one does not have', () => {
  const [section] = whole['append-log'];
  const [, length, list] = observed(`{ append-log: { ${section} } }`);
  expect(length).toMatchObject({
    version: { answered: 'body.length' },
    value: { answered: 'body.last', isNoneAtZero: true },
  });
  expect(list).toMatchObject({ list: { answered: 'body.items' } });
});
