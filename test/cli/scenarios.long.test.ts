import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, test } from 'vitest';
import { assertNoLeftovers, root } from './contend.ts';
import { expectRight } from './package-scenario.ts';

afterEach(assertNoLeftovers);

/** Those that take no server but the built-in store. */
const alone = readdirSync(`${root}scenarios`).filter(
  (file) => file.endsWith('.yaml') && !/redis:|db=postgres/u.test(readFileSync(`${root}scenarios/${file}`, 'utf8')),
);

/** The half of what it says it takes, in as many rounds of as many users. */
const half = (file: string): readonly string[] => {
  const text = readFileSync(`${root}scenarios/${file}`, 'utf8');
  const [, duration] = /^ {2}duration: ([\d.]+)s\b/mu.exec(text) ?? [];
  if (duration !== undefined) return ['-d', `${Number(duration) * 500}ms`];
  const [, iterations] = /^ {2}iterations: (\d+)\b/mu.exec(text)!;
  return ['-n', `${Number(iterations) / 2}`];
};

describe('a scenario of the package runs with its own rounds and users, and stays right where it must', () => {
  test.each(alone)('%s', async (file) => {
    await expectRight(file, [...half(file), '--undecided', 'warn']);
  });
});
