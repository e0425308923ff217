import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { burner } from './burner.ts';

test.skipIf(!existsSync('/proc/self/stat')).each([0.1, 0.3, 0.8])(
  'CPU time agrees within 3 % with what a process says itself, over a second at %s of a core (of /proc, which Linux has)',
  async (share) => {
    await using one = await burner();
    for (let second = 0; second < 3; second++) {
      const { told, own } = await one.burn(share, 1000);
      expect(Math.abs(told - own)).toBeLessThan(0.03 * own);
    }
  },
);
