import type { FailureClass } from '../../src/core/recording/failure.ts';
import type { RequestParts } from '../../src/measure/transport/transport.ts';
import type { Answer, Bytes } from './raw-server.ts';

/** What became of a request and of the connection that it went over. */
export interface Outcome {
  /** 0 where it failed. */
  readonly status: number;
  /** Empty where it failed. */
  readonly body: string;
  readonly failure: FailureClass | undefined;
  /** The next request came on the same connection. */
  readonly isReused: boolean;
  /** How many requests the server saw, the next one among them. */
  readonly requests: number;
}

/** One answer, byte for byte, and what a transport makes of it. */
export interface Case {
  readonly title: string;
  readonly answer: Answer;
  readonly expected: Outcome;
  readonly parts?: Partial<RequestParts>;
  /** Text that the kept head has in it. */
  readonly head?: string;
  /** What undici may do instead, and why that is all right for undici. */
  readonly undici?: readonly [outcome: Outcome, because: string];
}

/** An outcome in one line. */
export const told = ({ status, body, failure, isReused, requests }: Outcome): string =>
  `${failure ?? status}, body ${JSON.stringify(body)}, connection ${isReused ? 'used again' : 'not used again'}, ${requests} requests`;

/** One line of a table. */
export const row = (
  title: string,
  answer: Answer,
  expected: Outcome,
  more: Pick<Case, 'parts' | 'head' | 'undici'> = {},
): Case => ({ title, answer, expected, ...more });

/** It was an answer. */
export const answered = (body: string, status = 200): Outcome => ({
  status,
  body,
  failure: undefined,
  isReused: true,
  requests: 2,
});

/** It was an answer, and the last one on its connection. */
export const last = (body: string, status = 200): Outcome => ({ ...answered(body, status), isReused: false });

/** It was none. */
export const failed = (failure: FailureClass): Outcome => ({
  status: 0,
  body: '',
  failure,
  isReused: false,
  requests: 2,
});

/** It was no HTTP/1.1 that a careful client takes. */
export const refused = failed('protocol');

/** These bytes, each in a turn of its own. */
export const raw = (...chunks: readonly Bytes[]): Answer => ({ chunks });

/** A head of these lines under that status line, and in the same piece the text that follows it. */
export const under = (statusLine: string, lines: readonly string[], rest = ''): Answer =>
  raw(`${statusLine}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${rest}`);

/** The same, of `HTTP/1.1 200 OK`. */
export const head = (lines: readonly string[], rest = ''): Answer => under('HTTP/1.1 200 OK', lines, rest);

/** The five bytes `hello`, with these lines in the head before the length. */
export const hello = (...lines: readonly string[]): Answer => head([...lines, 'Content-Length: 5'], 'hello');

/** A chunked answer with this text after its head. */
export const inChunks = (text: string, ...lines: readonly string[]): Answer =>
  head(['Transfer-Encoding: chunked', ...lines], text);

/** The answer, then these bytes, each in a turn of its own. */
export const followed = ({ chunks }: Answer, ...more: readonly Bytes[]): Answer => raw(...chunks, ...more);

/** The answer, and then the server hangs up. */
export const hangUp = ({ chunks }: Answer): Answer => ({ chunks, end: 'fin' });

/** The answer, and then the server tears the connection down. */
export const tearDown = ({ chunks }: Answer): Answer => ({ chunks, end: 'rst' });
