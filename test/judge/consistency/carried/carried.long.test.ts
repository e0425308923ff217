import { describe, expect, test } from 'vitest';
import { expectNoAccusation } from './agreement.ts';
import { targets } from './targets.ts';

describe('of a target that is right, whatever takes effect late', () => {
  test.each(Object.keys(targets))('no slot of 1,000 runs is accused: %s', (name) => {
    const wouldBe = expectNoAccusation(name, 1000);
    // Holds are hardly ever accused for what came late: a release has to come in between two others. A grant that comes late
    // takes a place, and makes no other one wrong; what is done once is answered as before; and what
    // was put into a queue late may have been in it before.
    if (!/^(?:a (?:lock|seat|queue$)|grants|idempotency)/u.test(name)) expect(wouldBe).toBeGreaterThan(0);
  });
});
