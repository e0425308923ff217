import { messageOf } from '../../core/errors.ts';
import type { FailureClass } from '../../core/recording/failure.ts';

/** What the system says when there is no way to an address, or nobody there. ENOENT, ENOTSOCK and EACCES are of a unix socket. */
const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTSOCK',
  'EACCES',
  'ERR_PROXY',
]);

/** What the system says of a connection that was open and is no more. */
const broken = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
]);

/** An address of a kind that this machine has none of, as ::1 without IPv6; the former also where its ports have run out. */
const unusable = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

const ofGenerator = new Set([...unusable, 'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

const ofDns = /^(ENOTFOUND|ENODATA|EAI_\w+)$/u;

/** OpenSSL's own names for what is wrong with a certificate, and Node's for what is wrong with the rest. */
const ofTls =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$|CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$|PATH_LENGTH_)/u;

/** The class of an error before there was a connection, its TLS handshake included: surely nothing was sent. */
export const connectFailure = (error: Error): FailureClass => {
  const code = codeOf(error);
  if (ofTls.test(code)) return 'tls';
  if (ofDns.test(code)) return 'dns';
  return unreachable.has(code) ? 'connect' : 'generator';
};

/** The class of an error on an open connection. */
export const sentFailure = (error: Error): FailureClass => {
  const code = codeOf(error);
  if (ofTls.test(code)) return 'tls';
  if (broken.has(code)) return 'reset';
  return ofGenerator.has(code) ? 'generator' : 'protocol';
};

/** Whether another address of the same host may do where this one failed so. */
export const mayElsewhere = (error: Error): boolean => {
  const code = codeOf(error);
  return unreachable.has(code) || unusable.has(code);
};

/** Of the errors of several addresses, one each, the one that says most: where somebody answered, before where nobody did, before one of this machine. */
export const mostTelling = (errors: readonly [Error, ...Error[]]): Error => {
  const classes = errors.map(connectFailure);
  const telling = classes.findIndex((failure) => failure !== 'connect' && failure !== 'generator');
  const nobody = classes.indexOf('connect');
  return errors[telling >= 0 ? telling : Math.max(0, nobody)]!;
};

/** What a connection that was not open in time fails with, in the words and with the code that the others have. */
export const notConnectedInTime = (timeoutUs: number): Error =>
  Object.assign(new Error(`no connection within ${timeoutUs / 1000} ms`), { code: 'ETIMEDOUT' });

/** What a proxy said in place of giving a way to the target, as a connection that there is none of. */
export const proxyRefused = (said: string): Error => Object.assign(new Error(said), { code: 'ERR_PROXY' });

/** An error of a proxy, so that nobody looks for it at the target. */
export const byWayOf = (proxy: string, error: Error): Error =>
  Object.assign(new Error(`proxy ${proxy}: ${messageOf(error)}`, { cause: error }), { code: codeOf(error) });

/** The error in words, with the remedy where it is this machine that cannot go on. */
export const detailOf = (error: Error): string =>
  /^E[MN]FILE$/u.test(codeOf(error))
    ? `${messageOf(error)}: no more connections than open files allowed; raise "ulimit -n" or take fewer users`
    : messageOf(error);

/** The code of an error, or of the first that it stands for; empty where there is none. */
export const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
};
