import { describe, expect, test } from 'vitest';
import { contendHere } from './contend.ts';
import { documentOf, expectIdentities } from './document.ts';
import { run } from './two-workers.ts';

describe('contend run -w 2', () => {
  test('shares every mode out over two threads, under one lock', async () => {
    const { code, stdout, stderr } = await contendHere([...run, '-d', '300ms', '--rounds', '2']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { modes } = documentOf(stdout);
    expect(modes.map(({ name, workers }) => ({ name, workers }))).toEqual([
      { name: 'locked', workers: 2 },
      { name: 'lock-free', workers: 2 },
    ]);
    for (const mode of modes) expectIdentities(mode);
    expect(modes.map(({ lost }) => lost!.atLeast > 0)).toEqual([false, true]);
  });
});
