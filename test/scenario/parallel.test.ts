import { expect, test } from 'vitest';
import { linesOf, planOf } from './reading.ts';

const group = (steps: string): string =>
  `target: http://shop.test\nsteps:\n  - group: { name: page, parallel: true, steps: [${steps}] }\n`;

test.each([
  ['{ name: a, get: /a }, { think: 10ms }', 'a parallel group can only contain requests'],
  [
    '{ name: a, get: /a, capture: { x: body.x } }, { name: b, get: "/b/${x}" }',
    '"x" is captured by a request that is sent at the same moment',
  ],
  ['{ name: a, get: /a }, { name: b, get: /b, copies: 2 }', '"copies" is not allowed in a parallel group'],
])('%s: %s', (steps, message) => {
  expect(linesOf(group(steps)).join('\n')).toContain(message);
});

test('a gate on service times without a step is about all requests', () => {
  const { gates } = planOf(`${group('{ name: a, get: /a }, { name: b, get: /b }')}gates: ['service.p95 < 50ms']\n`);
  expect(gates).toMatchObject([{ metric: 'service.p95', mode: 'lock-free', limit: 50_000 }]);
  expect(gates[0]).not.toHaveProperty('step');
});
