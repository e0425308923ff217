import { expect } from 'vitest';
import type { ModeResult } from '../../src/core/result/result.ts';
import { contendHere, type RunOptions } from './contend.ts';
import { documentOf, expectIdentities, wasTooBusy } from './document.ts';

/** Runs a scenario of the package, asserts that it came to its end and stayed right where it must, and gives its modes. */
export const expectRight = async (
  file: string,
  flags: readonly string[],
  env: RunOptions['env'] = {},
): Promise<readonly ModeResult[]> => {
  const { code, stdout, stderr } = await contendHere(['run', `scenarios/${file}`, ...flags, '--json', '-q'], { env });
  const result = documentOf(stdout);
  // Arrivals at a rate ask for a machine that sends them on time; what was counted and lost is right on any.
  expect({ code, stderr }).toEqual({ code: wasTooBusy(result) ? 96 : 0, stderr: '' });
  const { modes } = result;
  for (const mode of modes) {
    expectIdentities(mode);
    expect(mode.iterations.completed).toBeGreaterThan(0);
    if (mode.violations === 'forbidden') expect(mode.lost?.atLeast ?? 0).toBe(0);
  }
  return modes;
};
