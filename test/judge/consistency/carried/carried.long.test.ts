import { describe, expect, test } from 'vitest';
import { expectNoAccusation } from './agreement.ts';
import { targets } from './targets.ts';

describe('of a target that is right, whatever takes effect late', () => {
  test.each(Object.keys(targets))('no slot of 3,000 runs is accused: %s', (name) => {
    const wouldBe = expectNoAccusation(name, 3000);
    // Locks whose holder is known are never accused for what came late.
    if (!name.startsWith('a lock')) expect(wouldBe).toBeGreaterThan(0);
  });
});
