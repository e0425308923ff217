import { expect, test } from 'vitest';
import { linesOf, modeOf, planOf } from '../reading.ts';

const scenario = (section: string): string => `target: http://x
data: { id: 1..3 }
steps: [{ name: act, post: "/\${id}" }]
consistency:
  ${section}
`;

test.each([
  ['at-most: { limit: 5.5, grant: { step: act } }', '5:21 "5.5" is not a whole number'],
  ['at-most: { limit: many, grant: { step: act } }', '5:21 "many" is not a number'],
  ['at-most: { limit: "${idd}", grant: { step: act } }', 'unknown name "idd"'],
  ['at-most: { grant: { step: act } }', '"limit" is missing'],
  ['at-most: { limit: 5, burst: 3, grant: { step: act } }', '"burst" has no effect without "per"'],
  ['at-most: { limit: 5, window: sliding, grant: { step: act } }', '"window" has no effect without "per"'],
  ['at-most: { limit: 5, per: 1s, window: rolling, grant: { step: act } }', 'fixed'],
  [
    'once: { key: "${id}", do: { step: act }, effect: { get: "/${key}", value: body.n, by: 0 } }',
    'expected a whole number that is not 0',
  ],
  ['once: { key: "${id}", do: { step: act }, read: { get: "/${key}", value: body.n } }', 'unknown key "read"'],
  ['once: { key: "${id}", do: { step: act }, effect: { get: "/${keyy}", value: body.n } }', 'unknown name "keyy"'],
])('%s is refused', (section, message) => {
  expect(linesOf(scenario(section)).join('\n')).toContain(message);
});

test('a limit may be another one for each key', () => {
  const [grant] = modeOf(
    scenario('at-most: { key: "${id}", limit: "${id * 10}", grant: { step: act } }'),
    'lock-free',
  ).observe;
  expect(grant).toMatchObject({ operation: 'grant', operand: { sent: '${id * 10}', isAmount: true } });
});

test('the effect of what is done once is read by key, of the first thousand keys', () => {
  const section = 'once: { key: "${id}", do: { step: act }, effect: { get: "/${key}", value: body.n, by: 100 } }';
  const { modes, promises } = planOf(scenario(section));
  expect(modes[0].reads).toMatchObject([{ model: 'once', key: '${id}', kind: 'number', most: 1000 }]);
  expect(promises).toEqual({ once: { effectBy: 100 } });
});

const pages = (see: string, copies = ''): string => `target: http://x
data: { from: 1..3, to: 4..6, account: 1..6 }
steps:
  - { name: move, post: /moves }
  - { name: one, get: /1, capture: { sum: body.sum, at: body.at } }
  - { name: two, get: "/2/\${at}", capture: { sum: body.sum }${copies} }
consistency:
  transfer:
    key: '\${account}'
    move: { step: move, from: '\${from}', to: '\${to}', by: 1 }
    read: { get: '/\${key}', value: body.n }
    see: ${see}
`;

test.each([
  ['{ total: body.sum }', '"step" or "steps" is missing'],
  ['{ step: one, steps: [one, two], total: sum, snapshot: true }', '"step" and "steps" exclude each other'],
  ['{ step: one, total: body.sum, snapshot: true }', 'leave "snapshot" out'],
  ['{ steps: [one], total: one.sum, snapshot: true }', '12:19 expected at least 2 items'],
  ['{ steps: [one, two], total: one.sum + two.sum }', 'say "snapshot: true"'],
  ['{ steps: [one, two], total: one.sum + two.sum, snapshot: false }', 'say "snapshot: true"'],
  ['{ steps: [two, one], total: one.sum + two.sum, snapshot: true }', '"one" is sent before "two"'],
  ['{ steps: [one, one], total: one.sum, snapshot: true }', '"one" is named twice'],
  ['{ steps: [one, too], total: one.sum, snapshot: true }', '12:25 no step is called "too"'],
  ['{ steps: [one, two], total: one.sum + tow.sum, snapshot: true }', 'unknown name "tow"'],
  ['{ steps: [one, two], total: one.sum + two.summ, snapshot: true }', '"two" has no "summ"'],
])('see: %s is refused', (see, message) => {
  expect(linesOf(pages(see)).join('\n')).toContain(message);
});

test('a step that is sent twice at once has no one answer to add', () => {
  const see = '{ steps: [one, two], total: one.sum + two.sum, snapshot: true }';
  expect(linesOf(pages(see, ', copies: 2')).join('\n')).toContain('"two" has copies');
});

test('a total of several answers is read with the last of them', () => {
  const see = '{ steps: [one, two], total: one.sum + sum + body.rest, snapshot: true }';
  expect(modeOf(pages(see), 'lock-free').observe[1]).toMatchObject({
    operation: 'read',
    step: 'two',
    steps: ['one', 'two'],
    value: { answered: 'one.sum + sum + body.rest' },
  });
});
