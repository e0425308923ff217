import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { functions } from '../../src/template/functions.ts';

const page = readFileSync(new URL('../../docs/data.md', import.meta.url), 'utf8');

describe('docs/data.md', () => {
  test('names every function with what it takes', () => {
    const missing = Object.entries(functions)
      .map(([name, { parameters }]) => `${name}(${parameters})`)
      .filter((call) => !page.includes(`\`${call}\``));
    expect(missing).toEqual([]);
  });
});
