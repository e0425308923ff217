import type { Result } from '../../core/result/result.ts';
import { tagColumns, tagsIn } from '../sections/tags.ts';
import { columnOf, safe, table } from './table.ts';

/** Every tag of every mode, and the times of all requests with it. */
export const tags = (result: Result): readonly string[] =>
  table(tagsIn(result), [
    ['mode', 'left', ({ mode }) => safe(mode.name, 60)],
    ['tag', 'left', ({ tag }) => safe(tag.name, 60)],
    ...tagColumns.map((column) => columnOf(column)),
  ]);
