import { expect, test } from 'vitest';
import { counter } from '../../../../../src/judge/consistency/engines/amounts/counter.ts';
import { allRows, historyOf } from '../../small-history.ts';
import type { Row } from '../../small-history.ts';
import { counterTrials } from './counter-trials.ts';

counterTrials(1);

test('two that were told one result are told as that, and not as a reading that is too low as well', () => {
  const rows: readonly Row[] = [
    { call: 0, ret: 10, session: 1, f: 'add', value: 1, operand: 1 },
    { call: 0, ret: 10, session: 2, f: 'add', value: 1, operand: 1 },
  ];
  const history = historyOf(rows);
  expect(counter(history, allRows(history), { initial: 0, final: NaN }).map(({ rule }) => rule)).toEqual([
    'told-twice',
  ]);
});
