import type { Result } from '../../../core/result/result.ts';
import { agentColumns, agentLines, agentName } from '../../sections/first/agents.ts';
import type { Line } from '../layout/line.ts';
import { columnOf, tables } from '../layout/table.ts';
import { withinModes } from '../names.ts';

/** Every mode that was measured on other machines, on each machine. */
export const agents = (result: Result, width: number): Line[][] => {
  const rows = agentLines(result);
  if (rows.length === 0) return [];
  return tables(
    withinModes('agent', rows, rows.map(agentName), width),
    agentColumns.map((column) => columnOf(column, rows)),
    width,
  );
};
