import { gunzipSync, gzipSync } from 'node:zlib';
import { ContendError } from '../../core/errors.ts';
import { writeJson } from '../../core/exact/write.ts';
import type { Result } from '../../core/result/result.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import { Markup } from './markup/markup.ts';

/** The element around the document in its page. No browser shows or runs its content, and base64 cannot end it. */
const opening = '<template id="contend-document">';
const closing = '</template>';

/** The largest page, in bytes. */
export const largestPage = 64 * 1024 * 1024;
/** The largest document in a page, in bytes. */
const largestDocument = 256 * 1024 * 1024;

/** The document itself, inert, in gzip and base64; {@link documentIn} gets it back. */
export const payload = (result: Result | SweepResult): Markup =>
  Markup.own(opening + gzipSync(writeJson(result), { level: 9 }).toString('base64') + closing);

/** Whether a text is a page rather than a document. */
export const isPage = (text: string): boolean => /^\s*<!doctype html/iu.test(text.slice(0, 200));

/**
 * The text of the document that a page was made from. It may be anything: the caller checks that it is a document. Nothing else
 * of the page is read.
 *
 * @param file what the page is called in an error
 * @throws {ContendError} ERR_USAGE for a page that is too large, has none, several or a broken one, or one that unpacks to more
 * than 256 MB
 */
export const documentIn = (page: string, file: string): string => {
  if (page.length > largestPage) throw unreadable(file, 'it is larger than 64 MB');
  const from = page.indexOf(opening);
  if (from === -1) throw unreadable(file, 'there is no result document in it');
  if (page.includes(opening, from + 1)) throw unreadable(file, 'there is more than one result document in it');
  const begin = from + opening.length;
  const end = page.indexOf(closing, begin);
  if (end === -1) throw unreadable(file, 'it is cut off');
  const packed = page.slice(begin, end);
  if (!/^[A-Za-z0-9+/]+={0,2}$/u.test(packed)) throw unreadable(file, 'what is in it is no base64');
  try {
    return gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: largestDocument }).toString('utf8');
  } catch (error) {
    const isTooLarge = (error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    throw unreadable(
      file,
      isTooLarge ? 'the document in it is larger than 256 MB' : 'the document in it is damaged',
      error,
    );
  }
};

const unreadable = (file: string, why: string, cause?: unknown): ContendError =>
  new ContendError(
    'ERR_USAGE',
    `${file} cannot be read: ${why}.`,
    'contend run --out DIR writes DIR/report.html and DIR/result.json.',
    cause,
  );
