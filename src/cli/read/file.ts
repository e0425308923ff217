import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { refusalOf } from '../refusal.ts';

/**
 * The text of a file that the user named.
 *
 * @param hint what to do if it cannot be read
 * @throws {ContendError} ERR_USAGE if it cannot be read
 */
export const readText = async (host: Host, file: string, hint: string): Promise<string> => {
  try {
    return await host.readText(file);
  } catch (error) {
    throw new ContendError('ERR_USAGE', `${file} cannot be read: ${refusalOf(error)}.`, hint, error);
  }
};
