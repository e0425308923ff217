import { messageOf } from '../../core/errors.ts';
import type { FailureClass } from '../../core/failure.ts';

const byCode: { readonly [code: string]: FailureClass } = {
  ECONNREFUSED: 'connect',
  EHOSTUNREACH: 'connect',
  ENETUNREACH: 'connect',
  ETIMEDOUT: 'connect',
  UND_ERR_CONNECT_TIMEOUT: 'connect',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EMFILE: 'generator',
  ENFILE: 'generator',
  EADDRNOTAVAIL: 'generator',
  ENOBUFS: 'generator',
  UND_ERR_INVALID_ARG: 'generator',
  EPROTO: 'tls',
  UND_ERR_SOCKET: 'reset',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
};

/** OpenSSL's own names for what is wrong with a certificate, and Node's for what is wrong with the rest. */
const ofTls = /^(ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/u;

/** What undici says with `UND_ERR_SOCKET` of a connection that was open and spoke, but no HTTP that it takes. */
const misspoken = /^bad (response|upgrade)$/u;

/**
 * How far a request had come: no connection yet; meant for an open one, on which nothing was written; or handed over to
 * one, so that the target may have seen it.
 */
export type Stage = 'unconnected' | 'unsent' | 'sent';

/** The class of an error that undici gave. A reset before there was a connection is a failed connect. */
export const classOf = (error: Error, stage: Stage): FailureClass => {
  const code = codeOf(error);
  if (ofTls.test(code)) return 'tls';
  if (code.startsWith('HPE_') || misspoken.test(error.message)) return 'protocol';
  const known = byCode[code];
  if (known === 'reset' && stage === 'unconnected') return 'connect';
  return known ?? (stage === 'sent' ? 'protocol' : 'generator');
};

/** The error in words, with the remedy where it is this machine that cannot go on. */
export const detailOf = (error: Error): string =>
  /^E[MN]FILE$/u.test(codeOf(error))
    ? `${messageOf(error)}: no more connections than open files allowed; raise "ulimit -n" or take fewer users`
    : messageOf(error);

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
};
