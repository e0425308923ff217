import { describe, expect, test } from 'vitest';
import { sessions } from '../../../../../src/judge/consistency/engines/register/sessions.ts';
import {
  confirmed,
  compare,
  hasUniqueValues,
  legalRegister,
  mutated,
  randomRegister,
  withoutVersions,
} from '../../histories.ts';
import type { Roll } from '../../histories.ts';
import { casRegister, sessionOrder } from '../../oracle.ts';

const certificates = confirmed({ is: 'values' }, casRegister, sessionOrder);

const legalCase = (roll: Roll) => withoutVersions(legalRegister(roll, 'value'));

describe('the sessions engine', () => {
  test('agrees with the oracle on 25,000 random histories, and its certificates hold', () => {
    const { found, legal } = compare(
      sessions,
      casRegister,
      25_000,
      randomRegister,
      hasUniqueValues,
      certificates,
      sessionOrder,
    );
    expect(legal).toBeGreaterThan(3000);
    expect([...found.keys()].toSorted()).toEqual([
      'aborted-read',
      'coherence',
      'lost-update',
      'lost-write',
      'monotonic-reads',
      'monotonic-writes',
      'phantom-read',
      'read-your-writes',
      'value-cycle',
      'writes-follow-reads',
    ]);
  });

  test('finds nothing in 10,000 legal histories', () => {
    const { legal, cases } = compare(sessions, casRegister, 10_000, legalCase, () => true, certificates, sessionOrder);
    expect(legal).toBe(cases);
  });

  test('agrees with the oracle on 20,000 legal histories of which an acknowledgement was dropped, two reads swapped or a write done twice', () => {
    const make = (roll: Roll) => mutated(roll, legalCase(roll));
    const { legal, cases } = compare(sessions, casRegister, 20_000, make, hasUniqueValues, certificates, sessionOrder);
    expect(cases - legal).toBeGreaterThan(2000);
  });
});
