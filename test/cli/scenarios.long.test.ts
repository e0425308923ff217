import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, test } from 'vitest';
import { assertNoLeftovers, root } from './contend.ts';
import { expectRight } from './package-scenario.ts';

afterEach(assertNoLeftovers);

/** Those that take no server but the built-in store. */
const alone = readdirSync(`${root}scenarios`).filter(
  (file) => file.endsWith('.yaml') && !/redis:|db=postgres/u.test(readFileSync(`${root}scenarios/${file}`, 'utf8')),
);

describe('a scenario of the package runs as it stands, and stays right where it must', () => {
  test.each(alone)('%s', async (file) => {
    await expectRight(file, ['--undecided', 'warn']);
  });
});
