import type { Draws } from '../../core/recording/draw.ts';
import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';

/**
 * What `--samples`, or `CONTEND_SAMPLES`, asks to draw from every mode; `undefined` if nothing.
 *
 * @throws {ContendError} ERR_USAGE for a value that is not a number, and for the flag without a folder to write into
 */
export const drawsOf = (
  { samples, out }: { readonly samples?: string; readonly out?: string },
  env: Host['env'],
): Draws | undefined => {
  const [from, text] =
    samples === undefined ? ['CONTEND_SAMPLES', env['CONTEND_SAMPLES'] || undefined] : ['--samples', samples];
  if (text === undefined) return undefined;
  const size = Number(text);
  if (!/^[1-9]\d*$/u.test(text) || size > most)
    throw new ContendError(
      'ERR_USAGE',
      `${from} is how many iterations of each mode to keep, 1 to ${most.toLocaleString('en')}, not ${JSON.stringify(text)}.`,
      'Write --samples 10000.',
    );
  if (out === undefined) {
    if (samples === undefined) return undefined;
    throw new ContendError('ERR_USAGE', '--samples writes samples.csv and needs a folder for it.', 'Add --out DIR.');
  }
  return { size, byMode: new Map() };
};

/** Each takes about 200 bytes in a thread until its slot is over. */
const most = 100_000;
