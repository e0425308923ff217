import type { RequestParts } from '../../src/measure/transport/transport.ts';
import type { AnswerParser } from '../../src/measure/transport/wire/parser.ts';

/** What a parser made of some bytes. */
export type Parsed =
  | { readonly progress: 'bad' }
  /** It waits for more; `isWhole` if the end of the connection ends the answer, too. */
  | { readonly progress: 'more'; readonly isWhole: boolean; readonly status: number; readonly body: string }
  | {
      readonly progress: 'done';
      readonly status: number;
      readonly head: string;
      readonly body: string;
      readonly isReusable: boolean;
      /** There are bytes behind the answer, and more than empty lines. */
      readonly hasSurplus: boolean;
    };

/**
 * Has a parser read pieces, up to the end of an answer.
 *
 * @param into where each piece is put before it is read, as it is with a socket's buffer
 */
export const parsed = (
  parser: AnswerParser,
  pieces: readonly Uint8Array[],
  keep: RequestParts['keep'],
  isBodiless: boolean,
  into?: Buffer,
): Parsed => {
  parser.begin(keep, isBodiless);
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at]!;
    into?.set(piece);
    const progress = parser.push(into ?? Buffer.from(piece), piece.length);
    // Whatever it wants to keep it must have copied.
    into?.fill(0x58, 0, piece.length);
    if (progress === 'bad') return { progress };
    if (progress === 'more') continue;
    return {
      progress,
      status: parser.status,
      head: keep === 'status' ? '' : parser.head,
      body: keep === 'body' ? parser.body().toString('latin1') : '',
      isReusable: parser.isReusable,
      hasSurplus:
        parser.surplus > 0 || !pieces.slice(at + 1).every((rest) => parser.isBlank(Buffer.from(rest), rest.length)),
    };
  }
  const isWhole = parser.end() === 'done';
  const body = isWhole && keep === 'body' ? parser.body().toString('latin1') : '';
  return { progress: 'more', isWhole, status: isWhole ? parser.status : 0, body };
};

/** The same when the connection has ended: whether a bad head was found out before its line was over makes no difference then. */
export const ended = (outcome: Parsed): Parsed =>
  outcome.progress === 'more' && !outcome.isWhole ? { progress: 'bad' } : outcome;
