import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// Nothing checks their types, and they are seldom run: those parts that need nothing but Node, as fast as they go.
test.each([
  [['engine.mjs', '--quick'], /^engine +\d\.\d\d µs$/mu],
  [['overhead.mjs', '1'], /^contend +\d+ /mu],
  [['consistency.mjs', 'counter', '20000', '1'], /counter/u],
])('the part of the bench %j runs', ([part, ...args], figure) => {
  const path = fileURLToPath(new URL(part!, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  expect(stdout).toMatch(figure);
});
