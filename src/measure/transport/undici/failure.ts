import type { FailureClass } from '../../../core/recording/failure.ts';
import { codeOf, connectFailure, sentFailure } from '../failure.ts';

const byCode: { readonly [code: string]: FailureClass } = {
  UND_ERR_CONNECT_TIMEOUT: 'connect',
  UND_ERR_INVALID_ARG: 'generator',
  UND_ERR_SOCKET: 'reset',
};

/** What undici says with `UND_ERR_SOCKET` of a connection that was open but spoke no HTTP that it accepts. */
const misspoken = /^bad (response|upgrade)$/u;

/**
 * How far a request had come: no connection yet; meant for an open one, on which nothing was written; or handed over to
 * one, so that the target may have seen it.
 */
export type Stage = 'unconnected' | 'unsent' | 'sent';

/** The class of an error from undici. A reset before there was a connection is a failed connect. */
export const classOf = (error: Error, stage: Stage): FailureClass => {
  const code = codeOf(error);
  if (code.startsWith('HPE_') || misspoken.test(error.message)) return 'protocol';
  const known = byCode[code];
  if (known === 'reset' && stage === 'unconnected') return 'connect';
  if (known !== undefined) return known;
  if (stage === 'unconnected') return connectFailure(error);
  const failure = sentFailure(error);
  // Nothing was sent, so this cannot be the server's bad protocol.
  return stage === 'unsent' && failure === 'protocol' ? 'generator' : failure;
};
