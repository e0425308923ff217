import type { File } from '../../core/file.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import { csvOf, slotColumns, slotRowsOf } from '../csv.ts';

/** `slots.csv`: as for a run, with the point's value of the axis in a first column. */
export const sweepCsv = ({ points }: SweepResult): readonly [File] => [
  {
    name: 'slots.csv',
    text: csvOf([
      ['at', ...slotColumns],
      ...points.flatMap(({ at, modes }) => modes.flatMap((mode) => slotRowsOf(mode).map((row) => [at, ...row]))),
    ]),
  },
];
