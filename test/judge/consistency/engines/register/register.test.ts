import { describe, expect, test } from 'vitest';
import { register } from '../../../../../src/judge/consistency/engines/register/register.ts';
import { allRows, historyOf } from '../../histories.ts';
import { registerTrials } from './register-trials.ts';

registerTrials(1);

describe('the register engine', () => {
  test('says why a read is stale, with the operations that make it so', () => {
    const history = historyOf([
      { f: 'write', call: 100e6, ret: 103e6, value: 17 },
      { f: 'write', call: 104.1e6, ret: 106.7e6, value: 18 },
      { f: 'read', call: 109.8e6, ret: 111e6, value: 17 },
    ]);
    expect(register(history, allRows(history), { initial: 0, final: NaN })).toEqual([
      {
        rule: 'stale-read',
        evidence: 'same-host',
        operations: [0, 1, 2],
        because: [
          'A wrote 17',
          'B wrote 18',
          'C read 17',
          '17 was there at one stretch of time, and so was 18',
          'A had ended 1.1 ms before B began, so that stretch came first',
          'B had ended 3.1 ms before C began, so the other one came first',
        ],
        atLeast: 1,
        atMost: null,
      },
    ]);
  });

  test('finds a lost update where two compare-and-swaps were built on one value, without any clock', () => {
    const history = historyOf([
      { f: 'write', call: 0, ret: 9, value: 41 },
      { f: 'cas', call: 0, ret: 9, operand: 41, value: 42 },
      { f: 'cas', call: 0, ret: 9, operand: 41, value: 43 },
    ]);
    expect(register(history, allRows(history), { initial: 0, final: NaN })).toMatchObject([
      { rule: 'lost-update', evidence: 'clock-free', operations: [0, 1, 2], atLeast: 1, atMost: 1 },
    ]);
  });
});
