import { describe, expect, test } from 'vitest';
import { register } from '../../../../../src/judge/consistency/engines/register/register.ts';
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
import { casRegister } from '../../oracle.ts';

const certificates = confirmed({ is: 'values' }, casRegister);

const legalCase = (roll: Roll) => withoutVersions(legalRegister(roll, 'value'));

/** The register engine, held against trying all orders, on so many times 2,750 histories. */
export const registerTrials = (times: number): void => {
  describe('the register engine', () => {
    test('agrees with the oracle on random histories, and its certificates hold', () => {
      const { found, legal } = compare(
        register,
        casRegister,
        1250 * times,
        randomRegister,
        hasUniqueValues,
        certificates,
      );
      expect(legal).toBeGreaterThan(150 * times);
      expect([...found.keys()].toSorted()).toEqual([
        'aborted-read',
        'lost-update',
        'lost-write',
        'phantom-read',
        'read-from-the-future',
        'real-time-order',
        'stale-read',
        'value-cycle',
      ]);
    });

    test('finds nothing in legal histories', () => {
      const { legal, cases } = compare(register, casRegister, 500 * times, legalCase, () => true, certificates);
      expect(legal).toBe(cases);
    });

    test('agrees with the oracle on legal histories of which an acknowledgement was dropped, two reads swapped or a write done twice', () => {
      const make = (roll: Roll) => mutated(roll, legalCase(roll));
      const { legal, cases } = compare(register, casRegister, 1000 * times, make, hasUniqueValues, certificates);
      expect(cases - legal).toBeGreaterThan(100 * times);
    });
  });
};
