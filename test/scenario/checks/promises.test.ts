import { expect, test } from 'vitest';
import { linesOf, modeOf, planOf } from '../reading.ts';

const scenario = (section: string): string => `target: http://x
data: { id: 1..3 }
steps: [{ name: act, post: "/\${id}" }]
consistency:
  ${section}
`;

test.each([
  ['at-most: { limit: 5.5, grant: { step: act } }', '5:21 "5.5" is no whole number'],
  ['at-most: { limit: many, grant: { step: act } }', '5:21 "many" is no number'],
  ['at-most: { limit: "${idd}", grant: { step: act } }', 'unknown name "idd"'],
  ['at-most: { grant: { step: act } }', '"limit" is missing'],
  ['at-most: { limit: 5, burst: 3, grant: { step: act } }', '"burst" says nothing without "per"'],
  ['at-most: { limit: 5, window: sliding, grant: { step: act } }', '"window" says nothing without "per"'],
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
