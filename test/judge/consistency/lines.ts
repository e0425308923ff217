import { writeJson } from '../../../src/core/exact/write.ts';
import type { VerifiedHistory } from '../../../src/core/result/finding.ts';
import { micros } from '../../../src/core/units.ts';
import { didYouMean } from '../../../src/scenario/text/suggest.ts';
import {
  type ReadHistory,
  type ModelName,
  readHistory,
  verifyHistory,
  type VerifyHistory,
} from '../../../src/verify.ts';

/** An operation as a line of a history file has it. */
export type Line = { readonly [field: string]: unknown };

/** Reads lines as `contend verify` does. */
export const readLines = async (lines: readonly Line[], model: ModelName): Promise<ReadHistory> => {
  const text = lines.map((line) => `${writeJson(line)}\n`).join('');
  return readHistory(bytesOf(text), { model, suggest: didYouMean });
};

// oxlint-disable-next-line typescript/require-await -- a file comes in parts
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** Judges lines as `contend verify` does; with a clock, and nothing known of the beginning, unless told otherwise. */
export const verified = async (
  lines: readonly Line[],
  model: ModelName,
  options: Partial<VerifyHistory> = {},
): Promise<VerifiedHistory> => {
  const file = await readLines(lines, model);
  if (file.problemCount > 0) throw new Error(JSON.stringify(file.problems));
  const clock = { now: () => micros(0) };
  return verifyHistory(file, { initial: undefined, isOneClock: true, clock, budgetUs: 1e6, ...options });
};

/** What was found, by its rule and what it rests on. */
export const rulesOf = ({ findings }: VerifiedHistory): readonly string[] =>
  findings.map(({ rule, evidence }) => `${rule} [${evidence}]`);
