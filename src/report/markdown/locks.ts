import type { Result } from '../../core/result/result.ts';
import { holdColumns, locksIn, waitColumns } from '../sections/locks.ts';
import { columnOf, safe, table } from './table.ts';

/** Every lock of every mode: how often it was contended, the waits, the holds, and how evenly it was given out. */
export const locks = (result: Result): readonly string[] =>
  table(locksIn(result), [
    ['mode', 'left', ({ mode }) => safe(mode.name, 60)],
    ['lock', 'left', ({ lock }) => safe(lock.name, 60)],
    ...[...waitColumns, ...holdColumns].map((column) => columnOf(column)),
  ]);
