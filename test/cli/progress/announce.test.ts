import { expect, test } from 'vitest';
import { announcement } from '../../../src/cli/progress/announce.ts';
import type { ReadBeside } from '../../../src/core/host.ts';
import { linesOf, planOf } from '../../scenario/reading.ts';

const scenario = (key: string): string => `target: http://shop.test
rounds: 6
load: { users: 8, duration: 6s }
data: { pay: { file: pays.csv }, k: 1..30000 }
steps: [{ name: add, post: '/x' }]
modes: { free: none, locked: mutex }
consistency:
  counter: { key: '${key}', add: { step: add, by: 1 }, read: { get: '/\${key}', value: body.n } }
`;
const rows = Array.from({ length: 40_000 }, (_, row) => `a${row % 3},${row}`);
const readBeside: ReadBeside = () => ({ text: ['from,id', ...rows].join('\n') });

test('says how many values are read where that takes long; rows of a file that give the same key are one', () => {
  const saidOf = (key: string): string => announcement(planOf(scenario(key), { readBeside }), 6, false);
  expect(saidOf('${pay.from}')).toMatch(/^shop: 2 modes × 6 rounds, about \d+ s\n$/);
  expect(saidOf('${k}')).toContain(
    '\nIn addition, 30,000 values are read before and after each slot, 720,000 in all.\n',
  );
  expect(saidOf('${pay.id}')).toContain(' 40,000 values');
  expect(saidOf('${pay.from}-${k}')).toContain(' 90,000 values');
});

test('more keys than can be read are no scenario', () => {
  expect(linesOf(scenario('${pay.id}-${k}'), { readBeside })).toEqual([
    'shop.yaml:8:19 these are more than the 1,000,000 that can be read before and after each slot',
  ]);
});

test('a single slot is neither a mode nor a round to whoever reads it', () => {
  const single = 'target: http://shop.test\nload: { users: 2, duration: 3s, warmup: 0s }\nsteps: [{ get: /x }]\n';
  expect(announcement(planOf(single), 1, false)).toBe('shop: about 3 s\n');
  expect(announcement(planOf(`${single}rounds: 6\n`), 6, false)).toMatch(/^shop: 1 mode × 6 rounds, about \d s\n$/u);
});
