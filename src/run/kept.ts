import { ContendError, messageOf } from '../core/errors.ts';
import { encodeHistory } from '../core/history/file.ts';
import type { OpenFile } from '../core/host.ts';
import type { HistoryRecording } from '../core/recording/recording.ts';
import type { JudgedSlot } from '../judge/consistency/slot-verdict.ts';

/**
 * Keeps the history that a slot was judged by, with the values before and after the slot. It replaces the first of the recorded
 * files: all shares together are one history, which `verify` judges as the run did.
 *
 * @returns the path; `undefined` if nothing was recorded
 * @throws {ContendError} ERR_USAGE if it cannot be written
 */
export const keepHistory = (
  { history, about }: JudgedSlot,
  recorded: readonly HistoryRecording[],
  open: OpenFile,
): string | undefined => {
  const path = recorded.find(({ model }) => model === about.model)?.path;
  if (path === undefined) return undefined;
  try {
    const file = open(path);
    try {
      for (const bytes of encodeHistory(history, about)) file.write(bytes);
    } finally {
      file.close();
    }
  } catch (error) {
    throw new ContendError('ERR_USAGE', `--history: ${path} cannot be written: ${messageOf(error)}`, '', error);
  }
  return path;
};
