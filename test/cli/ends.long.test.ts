import { expect, test } from 'vitest';
import { contend } from './contend.ts';

/** Something that never closes, in the process of the command. */
const open = '--import=data:text/javascript,setInterval(()=>{},60000)';

test('a command ends ten seconds after it has said everything, whatever is still open, and tells what it is', async () => {
  const { code, signal, stdout, stderr, durationMs } = await contend(['--version'], { env: { NODE_OPTIONS: open } });
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/u);
  expect(stderr).toMatch(/^contend: done, but something stays open \([^)]*Timeout\)\. Please report it/u);
  expect(durationMs).toBeGreaterThan(10_000);
});
