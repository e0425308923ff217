import { constants } from 'node:http2';
import type { FailureClass } from '../../../core/recording/failure.ts';
import { codeOf, connectFailure, detailOf, sentFailure } from '../failure.ts';

/** Why something ended that was not over. */
export interface Broken {
  readonly failure: FailureClass;
  readonly detail: string;
}

/** Reasons to end a stream that are about how it was spoken, and not about who is there to speak. */
const ofProtocol = new Set([
  constants.NGHTTP2_PROTOCOL_ERROR,
  constants.NGHTTP2_FLOW_CONTROL_ERROR,
  constants.NGHTTP2_FRAME_SIZE_ERROR,
  constants.NGHTTP2_COMPRESSION_ERROR,
  constants.NGHTTP2_HTTP_1_1_REQUIRED,
]);

/** `REFUSED_STREAM` of a code of RST_STREAM or GOAWAY. */
const nameOfCode = (code: number): string =>
  Object.entries(constants)
    .find(([name, value]) => value === code && names.test(name))?.[0]
    .replace('NGHTTP2_', '') ?? `code ${code}`;

const names =
  /^NGHTTP2_(NO_ERROR|PROTOCOL_ERROR|INTERNAL_ERROR|FLOW_CONTROL_ERROR|SETTINGS_TIMEOUT|STREAM_CLOSED|FRAME_SIZE_ERROR|REFUSED_STREAM|CANCEL|COMPRESSION_ERROR|CONNECT_ERROR|ENHANCE_YOUR_CALM|INADEQUATE_SECURITY|HTTP_1_1_REQUIRED)$/u;

/** Why a stream was reset, by its code. */
export const streamFailure = (code: number, status: number): Broken => {
  const why = code === constants.NGHTTP2_NO_ERROR ? '' : ` (${nameOfCode(code)})`;
  return {
    failure: ofProtocol.has(code) ? 'protocol' : 'reset',
    detail:
      status === 0
        ? `the stream was closed without an answer${why}`
        : `the answer (status ${status}) was cut off: the stream was closed before its end${why}`,
  };
};

/** The class of an error before anything could be sent. */
export const openFailure = (error: Error): FailureClass =>
  codeOf(error).startsWith('ERR_HTTP2_') ? 'protocol' : connectFailure(error);

/** Why a connection ended, by the error of its session: the target's GOAWAY, bad frames, or what befell the socket. */
export const sessionFailure = (error: Error): Broken => {
  const code = codeOf(error);
  if (code === 'ERR_HTTP2_SESSION_ERROR')
    return { failure: 'reset', detail: `the connection was ended: ${error.message}` };
  return { failure: code.startsWith('ERR_HTTP2_') ? 'protocol' : sentFailure(error), detail: detailOf(error) };
};
