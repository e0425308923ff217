import type { Result } from '../../core/result/result.ts';
import { stageColumns, stageName, stagesIn } from '../sections/stages.ts';
import { columnOf, safe, table } from './table.ts';

/** Every stage of every mode's load. */
export const stages = (result: Result): readonly string[] =>
  table(stagesIn(result), [
    ['mode', 'left', ({ mode, isFirst }) => (isFirst ? safe(mode.name, 60) : '')],
    ['stage', 'left', ({ stage }) => safe(stageName(stage))],
    ...stageColumns.map((column) => columnOf(column)),
  ]);
