import { describe, expect, test } from 'vitest';
import { contend } from './contend.ts';
import { documentOf, expectIdentities } from './document.ts';
import { run } from './two-workers.ts';

describe('contend run -w 2', () => {
  test('is invalid when a worker is lost, and shows what was measured', async () => {
    const NODE_OPTIONS = `--import=${new URL('./mortal-thread.mjs', import.meta.url).href}`;
    const { code, stdout, stderr } = await contend([...run, '-d', '1s', '--rounds', '1'], { env: { NODE_OPTIONS } });
    expect({ code, stderr }).toEqual({ code: 96, stderr: '' });
    const { modes, invalid, verdict } = documentOf(stdout);
    expect(invalid).toMatchObject({
      code: 'ERR_WORKER_LOST',
      message:
        'worker 2 of 2 ended with code 13: its share of the users and iterations, every 2nd from number 1, is missing',
    });
    expect(verdict.is).not.toBe('pass');
    expect(modes).toHaveLength(2);
    for (const mode of modes) expectIdentities(mode);
    expect(Math.min(...modes.map(({ iterations }) => iterations.completed))).toBeGreaterThan(0);
  });
});
