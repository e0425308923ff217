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
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
  UND_ERR_SOCKET: 'reset',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
};

/**
 * The class of an error that undici gave.
 *
 * @param started whether the request had been handed to a connection: a reset before that is a failed connect
 */
export const classOf = (error: Error, started: boolean): FailureClass => {
  const code = codeOf(error);
  if (/^(ERR_TLS_|ERR_SSL_|CERT_)/u.test(code)) return 'tls';
  const known = byCode[code];
  if (known === 'reset' && !started) return 'connect';
  return known ?? (started ? 'protocol' : 'generator');
};

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
};
