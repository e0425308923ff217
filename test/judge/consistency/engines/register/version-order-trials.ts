import { describe, expect, test } from 'vitest';
import { info, ok } from '../../../../../src/core/history/history.ts';
import type { History } from '../../../../../src/core/history/history.ts';
import { versionOrder } from '../../../../../src/judge/consistency/engines/register/version-order.ts';
import { confirmed, compare, legalRegister, mutated } from '../../histories.ts';
import type { Roll } from '../../histories.ts';
import { versioned } from '../../oracle.ts';

const certificates = confirmed({ is: 'versions' }, versioned);

/** No outcome is unknown, every answer tells its version, and every compare-and-swap one that was seen. */
const tellsAll = ({ status, version, operand }: History): boolean =>
  status.every((one, row) => one !== info && (one !== ok || !Number.isNaN(version[row]!))) &&
  operand.every(
    (one, row) =>
      status[row] !== ok || Number.isNaN(one) || version.some((seen, other) => seen === one && status[other] === ok),
  );

/** The version order engine, held against trying all orders, on so many times 2,500 histories. */
export const versionTrials = (times: number): void => {
  describe('the version order engine', () => {
    test('finds nothing in legal histories', () => {
      const make = (roll: Roll) => legalRegister(roll, 'version');
      const { legal, cases } = compare(versionOrder, versioned, 750 * times, make, () => true);
      expect(legal).toBe(cases);
    });

    test('agrees with the oracle on legal histories of which an acknowledgement was dropped, two reads swapped or a write done twice', () => {
      const make = (roll: Roll) => {
        const once = mutated(roll, legalRegister(roll, 'version'));
        return roll(3) === 0 ? mutated(roll, once) : once;
      };
      const { legal, cases, found } = compare(versionOrder, versioned, 1750 * times, make, tellsAll, certificates);
      expect(cases - legal).toBeGreaterThan(250 * times);
      expect([...found.keys()].toSorted()).toEqual([
        'aborted-read',
        'forked-version',
        'lost-update',
        'lost-write',
        'phantom-read',
        'read-from-the-future',
        'real-time-order',
        'stale-read',
        'two-contents-of-one-version',
        'two-versions-of-one-write',
        'version-not-raised',
      ]);
    });
  });
};
