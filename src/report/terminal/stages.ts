import type { Result } from '../../core/result/result.ts';
import { stageColumns, stageName, stagesIn } from '../sections/stages.ts';
import type { Line } from './layout/line.ts';
import { columnOf, tables } from './layout/table.ts';
import { withinModes } from './names.ts';

/** Every stage of every mode's load: what was asked for, and what came of it. */
export const stages = (result: Result, width: number): Line[][] => {
  const rows = stagesIn(result);
  if (rows.length === 0) return [];
  const names = rows.map(({ stage }) => stageName(stage));
  return tables(
    withinModes('stage', rows, names, width),
    stageColumns.map((column) => columnOf(column, rows)),
    width,
  );
};
