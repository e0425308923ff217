import { join } from 'node:path';
import { ContendError } from '../../core/errors.ts';
import type { File } from '../../core/file.ts';
import type { Host } from '../../core/host.ts';
import { masking, type Mask } from '../../core/mask.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { logNameOf } from '../../core/result/serve.ts';
import type { Draws } from '../../core/recording/draw.ts';
import type { Result } from '../../core/result/result.ts';
import { fileNames, filesOf } from '../../report/index.ts';
import { samplesCsv, samplesName, type ModeSamples } from '../../report/samples.ts';
import { otlpSettingsOf } from '../flags/otlp.ts';
import type { RunFlags } from '../flags/run.ts';
import { refusalOf } from '../refusal.ts';
import { addSummary } from './ci.ts';
import { openFolder } from './files.ts';
import { openOtlp } from './otlp.ts';
import { openPrometheus } from './prometheus.ts';

/** Where a run is written to, apart from the terminal. */
export interface Outputs {
  /** Whether the result so far is wanted after every round. */
  readonly eachRound: boolean;
  /** Writes the files of a result, replacing those of the one before. */
  write(result: Result): Promise<void>;
  /**
   * Passes the last result, which has been written, to all other outputs.
   *
   * @returns whether all requested files are there
   */
  finish(result: Result, signal: AbortSignal): Promise<boolean>;
}

/**
 * Opens all outputs that the flags ask for, so that a file that cannot be written, or a missing package, is known before anything
 * is sent.
 *
 * @param draws filled in during the run
 * @throws {ContendError} ERR_USAGE, ERR_MISSING_PACKAGE
 */
export const openOutputs = async (
  host: Host,
  plan: Plan,
  flags: RunFlags,
  draws: Draws | undefined,
): Promise<Outputs> => {
  const mask = masking(plan.secrets ?? []);
  const otlp = otlpSettingsOf(flags, host.env);
  const push = otlp === undefined ? undefined : await openOtlp(host, otlp);
  const writePrometheus = flags.prometheus === undefined ? undefined : await openPrometheus(host, flags.prometheus);
  const names = [
    ...fileNames(plan.modes.map(({ name }) => mask(name))),
    ...(draws === undefined ? [] : [samplesName]),
    ...new Set(plan.modes.flatMap(({ serve }) => (serve === undefined ? [] : [logNameOf(serve.name)]))),
  ];
  const folder = flags.out === undefined ? undefined : await openFolder(host, flags.out, names);
  if (flags.history !== undefined) await makeHistoryFolder(host, flags.history, plan);
  return {
    eachRound: folder !== undefined,
    write: async (result) => folder?.write([...filesOf(result), ...samplesOf(draws, mask)]),
    finish: async (result, signal) => {
      const isWritten = (await writePrometheus?.(result)) !== false;
      await push?.(result, signal);
      await addSummary(host, result);
      return isWritten && folder?.isWhole() !== false;
    },
  };
};

/** What was drawn so far, with names that are safe to show. */
const samplesOf = (draws: Draws | undefined, mask: Mask): readonly File[] => {
  if (draws === undefined) return [];
  const modes = [...draws.byMode].map(([mode, { rows }]): ModeSamples => ({ mode: mask(mode), rows }));
  return [samplesCsv(modes)];
};

/** Makes the folder before anything is sent, so that an error, or that it would stay empty, is known by then. */
const makeHistoryFolder = async (host: Host, folder: string, { consistency }: Plan): Promise<void> => {
  if (consistency.length === 0) {
    const hint = 'Say what the steps mean for the data under "consistency:".';
    throw new ContendError('ERR_USAGE', '--history keeps operations, but the scenario observes none.', hint);
  }
  const probe = join(folder, '.contend');
  try {
    await host.makeFolder(folder);
    await host.replaceFile(probe, '');
    await host.removeFile(probe);
  } catch (error) {
    const message = `--history ${folder} cannot be written: ${refusalOf(error)}.`;
    throw new ContendError('ERR_USAGE', message, 'Name a folder that can be created or written to.', error);
  }
};
