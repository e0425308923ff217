import type { File } from '../../core/file.ts';
import type { Host } from '../../core/host.ts';
import { logNameOf } from '../../core/result/serve.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import type { SweepPlan } from '../../core/sweep/plan.ts';
import { sweepFileNames, sweepFilesOf, sweepReporters } from '../../report/sweep/index.ts';
import type { SweepFlags } from '../flags/sweep.ts';
import { openFolder } from './files.ts';

/** Where a sweep is written to, apart from the terminal. */
export interface SweepOutputs {
  /** Whether the result so far is wanted after every round. */
  readonly eachRound: boolean;
  /** Writes the files of a result, replacing those of the one before. */
  write(result: SweepResult): Promise<void>;
  /** The text for a build's page. */
  summary(result: SweepResult): string;
  /** Whether all requested files are there. */
  isWhole(): boolean;
}

/**
 * Opens the folder that the flags name, so that a file that cannot be written is known before anything is sent.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const openSweepOutputs = async (
  host: Host,
  { points: [{ plan }] }: SweepPlan,
  { out }: SweepFlags,
): Promise<SweepOutputs> => {
  const logs = plan.modes.flatMap(({ serve }) => (serve === undefined ? [] : [logNameOf(serve.name)]));
  const folder = out === undefined ? undefined : await openFolder(host, out, [...sweepFileNames, ...new Set(logs)]);
  return {
    eachRound: folder !== undefined,
    write: async (result) => folder?.write(sweepFilesOf(result)),
    summary: (result) => sweepReporters.markdown(result).map(({ text }: File) => text)[0] ?? '',
    isWhole: () => folder?.isWhole() !== false,
  };
};
