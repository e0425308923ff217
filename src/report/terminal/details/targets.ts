import type { Result } from '../../../core/result/result.ts';
import { startedIn, targetColumns, targetsIn } from '../../sections/targets.ts';
import { plain } from '../../plain.ts';
import { columnOf, tables, type Column } from '../layout/table.ts';
import { hanging, span, type Line } from '../layout/line.ts';
import { nameOf } from '../names.ts';

/** What the targets that contend started used, and the commands that started them. */
export const targets = (result: Result, width: number): Line[][] => {
  const lines = targetsIn(result);
  const started = startedIn(result).flatMap((sentence) => hanging([], plain(sentence, longest), width, 'quiet'));
  if (lines.length === 0) return started.length === 0 ? [] : [started];
  const first: Column = {
    heading: 'target',
    align: 'left',
    cells: lines.map(({ mode }) => span(nameOf(mode.name, width))),
  };
  const parts = tables(
    first,
    targetColumns(lines).map((column) => columnOf(column, lines)),
    width,
  );
  return [...parts.slice(0, -1), [...parts.at(-1)!, ...started]];
};

const longest = 600;
