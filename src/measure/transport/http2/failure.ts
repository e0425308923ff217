import type { FailureClass } from '../../../core/recording/failure.ts';
import { codeOf, connectFailure, detailOf, sentFailure } from '../failure.ts';
import { ErrorCode, nameOfCode } from './frame.ts';
import type { Violation } from './reader.ts';

/** Why something ended before it was over. */
export interface Broken {
  readonly failure: FailureClass;
  /** What there is to say in addition to how far the answer was; empty if nothing. */
  readonly because: string;
}

/** Reasons to end a stream that blame how it was spoken, and not that the target is gone. */
const ofProtocol = new Set<number>([
  ErrorCode.PROTOCOL_ERROR,
  ErrorCode.FLOW_CONTROL_ERROR,
  ErrorCode.FRAME_SIZE_ERROR,
  ErrorCode.COMPRESSION_ERROR,
  ErrorCode.HTTP_1_1_REQUIRED,
]);

const classOf = (code: number): FailureClass => (ofProtocol.has(code) ? 'protocol' : 'reset');

/** Why a stream was reset, by its code. */
export const streamFailure = (code: number, status: number): { failure: FailureClass; detail: string } => ({
  failure: classOf(code),
  detail:
    status === 0
      ? `the stream was closed without an answer (${nameOfCode(code)})`
      : `the answer (status ${status}) was cut off: the stream was closed before its end (${nameOfCode(code)})`,
});

/** What a GOAWAY says: its code, and the text that the target has added. */
export const goawayText = (code: number, debug: string): string => {
  const said = debug.replace(/[^\x20-\x7e]+/gu, ' ').trim();
  return `GOAWAY ${nameOfCode(code)}${said === '' ? '' : `: ${said}`}`;
};

/** What went wrong with the socket. */
export const socketFailed = (error: Error): Broken => ({ failure: sentFailure(error), because: detailOf(error) });

/** The target has violated the protocol. */
export const violated = ({ what }: Violation): Broken => ({ failure: 'protocol', because: `invalid HTTP/2: ${what}` });

/** The error text of a request that was in flight when its connection broke. */
export const brokenDetail = ({ because }: Broken, status: number): string => {
  const what =
    status === 0
      ? 'the connection was closed without an answer'
      : `the answer (status ${status}) was cut off: the connection was closed before its end`;
  return because === '' ? what : `${what} (${because})`;
};

/** A target that should speak HTTP/2 says in TLS that it does not. */
export const noHttp2 = (): Error =>
  Object.assign(new Error('the target does not offer HTTP/2 in TLS (ALPN)'), { code: 'ERR_HTTP2_NONE' });

/** Why a connection ended before anything could be sent on it. */
export const notOpened = ({ because, failure }: Broken): Error =>
  Object.assign(new Error(because === '' ? 'the connection was closed' : because), {
    code: failure === 'protocol' ? 'ERR_HTTP2_VIOLATED' : 'ECONNRESET',
  });

/** The class of an error before anything could be sent. */
export const openFailure = (error: Error): FailureClass =>
  codeOf(error).startsWith('ERR_HTTP2_') ? 'protocol' : connectFailure(error);
