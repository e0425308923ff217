import { ContendError, messageOf } from '../core/errors.ts';
import type { Host } from '../core/host.ts';

/**
 * The text of a scenario file.
 *
 * @throws {ContendError} ERR_USAGE where it cannot be read
 */
export const readScenarioFile = async (host: Host, file: string): Promise<string> => {
  try {
    return await host.readText(file);
  } catch (error) {
    const { code } = error as { code?: unknown };
    // Only the file system's own refusals are the user's to mend.
    if (typeof code !== 'string') throw error;
    const why = code === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new ContendError('ERR_USAGE', `${file} cannot be read: ${why}.`, 'contend demo runs without a file.', error);
  }
};
