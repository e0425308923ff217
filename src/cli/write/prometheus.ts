import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Result } from '../../core/result/result.ts';
import { loadPrometheus, prometheus } from '../../report/telemetry/prometheus.ts';
import { refusalOf } from '../refusal.ts';

/** Writes the metrics of a result; returns whether they were written. A failure is reported on stderr. */
export type WritePrometheus = (result: Result) => Promise<boolean>;

/**
 * Makes an empty file, so that a path that cannot be written, or a missing package, is known before anything is sent.
 *
 * @throws {ContendError} ERR_USAGE, ERR_MISSING_PACKAGE
 */
export const openPrometheus = async (host: Host, path: string): Promise<WritePrometheus> => {
  await loadPrometheus();
  try {
    await host.replaceFile(path, '');
  } catch (error) {
    const message = `--prometheus ${path} cannot be written: ${refusalOf(error)}.`;
    throw new ContendError('ERR_USAGE', message, 'Name a file in a folder that can be written to.', error);
  }
  return async (result) => {
    const [{ text }] = await prometheus(result);
    try {
      await host.replaceFile(path, text);
      return true;
    } catch (error) {
      host.stderr.write(`contend: ${path} cannot be written: ${refusalOf(error)}.\n`);
      return false;
    }
  };
};
