import { writeJson } from '../../core/exact/write.ts';
import type { SweepResult } from '../../core/result/sweep.ts';

/** The document of a sweep as text, indented by two spaces, with a newline at the end. */
export const sweepText = (result: SweepResult): string => `${writeJson(result, 2)}\n`;
