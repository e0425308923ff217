import type { Result } from '../../core/result/result.ts';
import { agentColumns, agentLines, agentName } from '../sections/first/agents.ts';
import { columnOf, safe, table } from './table.ts';

/** Every mode that was measured on other machines, on each machine. */
export const agents = (result: Result): readonly string[] =>
  table(agentLines(result), [
    ['mode', 'left', ({ mode }) => safe(mode.name, 60)],
    ['agent', 'left', (line) => safe(agentName(line), 60)],
    ...agentColumns.map((column) => columnOf(column)),
  ]);
