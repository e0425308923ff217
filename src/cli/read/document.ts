import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { readAny, readResult } from '../../core/result/read.ts';
import type { Result } from '../../core/result/result.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import { documentIn, isPage, largestPage } from '../../report/html/payload.ts';
import { plain } from '../../report/plain.ts';
import { refusalOf } from '../refusal.ts';
import { readText } from './file.ts';

/**
 * Reads a result document that the user named, or the one in a page.
 *
 * @throws {ContendError} ERR_USAGE if it cannot be read, or is not a result document
 */
export const readDocument = async (host: Host, file: string): Promise<Result> =>
  readResult(await textOf(host, file), file);

/** As {@link readDocument}, or the document of a sweep. */
export const readAnyDocument = async (host: Host, file: string): Promise<Result | SweepResult> =>
  readAny(await textOf(host, file), file);

const textOf = async (host: Host, file: string): Promise<string> => {
  const text = await (/\.html?$/iu.test(file) ? readPage : readText)(host, file, hint);
  return isPage(text) ? documentIn(text, file) : text;
};

const hint = 'contend run --out DIR writes DIR/result.json and DIR/report.html.';

/** A page may come from anywhere, so no more of it is read than the largest page has. */
const readPage = async (host: Host, file: string, hint: string): Promise<string> => {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of host.readBytes(file)) {
      parts.push(part);
      bytes += part.length;
      if (bytes > largestPage) break;
    }
  } catch (error) {
    throw new ContendError('ERR_USAGE', `${file} cannot be read: ${refusalOf(error)}.`, hint, error);
  }
  if (bytes > largestPage)
    throw new ContendError('ERR_USAGE', `${file} cannot be read: it is larger than 64 MB.`, hint);
  return Buffer.concat(parts).toString('utf8');
};

/** The error for two runs whose numbers cannot be compared, with every reason. */
export const incomparable = (what: string, differences: readonly string[]): ContendError =>
  new ContendError(
    'ERR_USAGE',
    `${what}:\n${differences.map((difference) => `  - ${plain(difference, 200)}`).join('\n')}`,
    'Measure both builds in one run instead: a mode for each, with its own target.',
  );
