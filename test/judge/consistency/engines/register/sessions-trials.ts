import { describe, expect, test } from 'vitest';
import { sessionsByValues } from '../../../../../src/judge/consistency/engines/register/sessions.ts';
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

/** The sessions engine, held against trying all orders, on so many times 2,750 histories. */
export const sessionTrials = (times: number): void => {
  describe('the sessions engine', () => {
    test('agrees with the oracle on random histories, and its certificates hold', () => {
      const { found, legal } = compare(
        sessionsByValues,
        casRegister,
        1250 * times,
        randomRegister,
        hasUniqueValues,
        certificates,
        sessionOrder,
      );
      expect(legal).toBeGreaterThan(150 * times);
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

    test('finds nothing in legal histories', () => {
      const { legal, cases } = compare(
        sessionsByValues,
        casRegister,
        500 * times,
        legalCase,
        () => true,
        certificates,
        sessionOrder,
      );
      expect(legal).toBe(cases);
    });

    test('agrees with the oracle on legal histories of which an acknowledgement was dropped, two reads swapped or a write done twice', () => {
      const make = (roll: Roll) => mutated(roll, legalCase(roll));
      const { legal, cases } = compare(
        sessionsByValues,
        casRegister,
        1000 * times,
        make,
        hasUniqueValues,
        certificates,
        sessionOrder,
      );
      expect(cases - legal).toBeGreaterThan(100 * times);
    });
  });
};
