import type { RequestParts } from '../../src/measure/transport/transport.ts';
import type { HeadMemo } from '../../src/measure/transport/wire/memo.ts';
import { AnswerParser } from '../../src/measure/transport/wire/parser.ts';

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
      /** Its body without its codings, or why it has none. */
      readonly text: ReturnType<AnswerParser['text']>;
      readonly isReusable: boolean;
      /** There are bytes behind the answer, and more than empty lines. */
      readonly hasSurplus: boolean;
    };

/**
 * Has a parser read pieces, up to the end of an answer.
 *
 * @param memo of the request: each piece is put where it expects it before it is read, as it is with a socket's buffer
 */
export const parsed = (
  pieces: readonly Uint8Array[],
  keep: RequestParts['keep'],
  isBodiless: boolean,
  memo?: HeadMemo,
): Parsed => {
  const parser = new AnswerParser();
  parser.begin(keep, isBodiless, memo);
  const into = memo?.piece;
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at]!;
    into?.set(piece);
    const progress = parser.push(into ?? Buffer.from(piece), piece.length);
    if (progress === 'bad') return { progress };
    if (progress === 'more') {
      // Whatever it wants to keep it must have copied.
      into?.fill(0x58, 0, piece.length);
      continue;
    }
    return {
      progress,
      status: parser.status,
      head: keep === 'status' ? '' : parser.head,
      body: keep === 'body' ? parser.body().toString('latin1') : '',
      text: keep === 'body' ? parser.text() : '',
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
