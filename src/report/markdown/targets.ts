import type { Result } from '../../core/result/result.ts';
import { startedIn, targetColumns, targetsIn } from '../sections/targets.ts';
import { columnOf, safe, table } from './table.ts';

/** What the targets that contend started used, and the commands that started them. */
export const targets = (result: Result): readonly string[] => {
  const lines = targetsIn(result);
  const started = startedIn(result).map((sentence) => `- ${safe(sentence)}`);
  const used = table(lines, [
    ['mode', 'left', ({ mode }) => safe(mode.name, 60)],
    ...targetColumns(lines).map((column) => columnOf(column)),
  ]);
  return [...used, ...(used.length > 0 && started.length > 0 ? [''] : []), ...started];
};
