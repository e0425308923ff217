import { join } from 'node:path';
import { ContendError } from '../../core/errors.ts';
import type { File } from '../../core/file.ts';
import type { Host } from '../../core/host.ts';
import { refusalOf } from '../refusal.ts';

/** A folder that files are written into repeatedly. */
export interface OutFolder {
  /** Replaces each of the files. A failure to write one is reported on stderr, once per reason, and does not affect the others. */
  write(files: readonly File[]): Promise<void>;
  /** Whether all files of the last write are there. */
  isWhole(): boolean;
}

/**
 * Makes a folder with all its files, empty, so that a file that cannot be written is known before anything else is done, and the
 * files of an earlier run are not taken for those of this one.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const openFolder = async (host: Host, folder: string, names: readonly string[]): Promise<OutFolder> => {
  try {
    await host.makeFolder(folder);
    for (const name of names) await host.replaceFile(join(folder, name), '');
  } catch (error) {
    throw new ContendError(
      'ERR_USAGE',
      `--out ${folder} cannot be written: ${refusalOf(error)}.`,
      'Name a folder that can be created or written to.',
      error,
    );
  }
  const told = new Set<string>();
  let isWhole = true;
  return {
    isWhole: () => isWhole,
    write: async (files) => {
      isWhole = true;
      for (const { name, text } of files) {
        try {
          await host.replaceFile(join(folder, name), text);
        } catch (error) {
          isWhole = false;
          const why = refusalOf(error);
          if (!told.has(why)) host.stderr.write(`contend: ${join(folder, name)} cannot be written: ${why}.\n`);
          told.add(why);
        }
      }
    },
  };
};
