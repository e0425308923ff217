import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { readResult } from '../../core/result/read.ts';
import type { Result } from '../../core/result/result.ts';
import { plain } from '../../report/plain.ts';
import { readText } from './file.ts';

/**
 * Reads a result document that the user named.
 *
 * @throws {ContendError} ERR_USAGE where it cannot be read, or is none
 */
export const readDocument = async (host: Host, file: string): Promise<Result> =>
  readResult(await readText(host, file, 'contend run --out DIR writes DIR/result.json.'), file);

/** What refuses to compare two runs whose numbers say nothing of each other, with every reason. */
export const incomparable = (what: string, differences: readonly string[]): ContendError =>
  new ContendError(
    'ERR_USAGE',
    `${what}:\n${differences.map((difference) => `  - ${plain(difference, 200)}`).join('\n')}`,
    'Measure both builds in one run instead: a mode for each, with a target of its own.',
  );
