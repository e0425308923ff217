import type { Result } from '../../core/result/result.ts';
import { groupColumns, groupsIn } from '../sections/groups.ts';
import { columnOf, safe, table } from './table.ts';

/** Every named group of steps of every mode, and how long it took. */
export const groups = (result: Result): readonly string[] =>
  table(groupsIn(result), [
    ['mode', 'left', ({ mode }) => safe(mode.name, 60)],
    ['group', 'left', ({ group }) => safe(group.name, 60)],
    ...groupColumns.map((column) => columnOf(column)),
  ]);
