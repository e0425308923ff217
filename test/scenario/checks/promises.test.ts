import { expect, test } from 'vitest';
import { linesOf, modeOf } from '../reading.ts';

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
