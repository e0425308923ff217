import type { GroupResult, ModeResult, Result } from '../../core/result/result.ts';
import { largest } from './cells.ts';
import { right, type TextColumn } from './columns.ts';
import { boundedTime } from './percentile.ts';
import { count } from '../format.ts';

/** A group of a mode; `isFirst`: the first of them. */
export interface GroupLine {
  readonly mode: ModeResult;
  readonly group: GroupResult;
  readonly isFirst: boolean;
}

/** Every group of every mode. */
export const groupsIn = ({ modes }: Result): readonly GroupLine[] =>
  modes.flatMap((mode) => (mode.groups ?? []).map((group, at) => ({ mode, group, isFirst: at === 0 })));

/** How often a group was passed through, and how long that took. */
export const groupColumns: readonly TextColumn<GroupLine>[] = [
  right('passes', ({ group }) => count(group.timeUs.count)),
  right('unfinished', ({ group }) => count(group.unfinished)),
  right('p50', ({ group }) => timeOf(group, 'p50'), 'time'),
  right('p99', ({ group }) => timeOf(group, 'p99'), 'time'),
  right('longest', ({ group }) => largest(group.timeUs), 'time'),
];

/** A percentile, as a bound if unfinished passes may all lie beyond it. */
const timeOf = ({ timeUs, unfinished }: GroupResult, name: 'p50' | 'p99'): string =>
  boundedTime(timeUs, unfinished, name);
