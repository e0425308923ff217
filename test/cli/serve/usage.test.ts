import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { burner } from './burner.ts';

const hasProc = existsSync('/proc/self/stat');

describe.skipIf(!hasProc)('what a process uses (of /proc, which Linux has)', () => {
  test('agrees within 3 % with what it says itself, and its memory is that of a Node', async () => {
    await using one = await burner();
    const { told, own, bytes } = await one.burn(0.3, 500);
    expect(Math.abs(told - own)).toBeLessThan(0.03 * own);
    expect(bytes).toBeGreaterThan(20e6);
    expect(bytes).toBeLessThan(500e6);
  });

  test('has what threads used that came and went between two looks', async () => {
    await using one = await burner();
    const { told, own } = await one.burn(0.5, 400, 'threads');
    // Of ended threads ticks are known, of which one each of user and system time may be cut off.
    expect(told).toBeGreaterThan(0.97 * own - 20);
    expect(told).toBeLessThan(1.03 * own + 20);
  });

  test('has what children used that have ended', async () => {
    await using one = await burner();
    const { told, own } = await one.burn(1, 500, 'children');
    // The burner itself only waits; each child uses a hundred milliseconds, and its start.
    expect(told - own).toBeGreaterThan(5 * 100 - 5 * 20);
  });
});
