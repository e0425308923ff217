import { isIPv6 } from 'node:net';
import { messageOf } from '../../core/errors.ts';
import type { FailureClass } from '../../core/recording/failure.ts';

const noPortLeft =
  'no local port is left; keep connections, take a lower rate or fewer users, or widen net.ipv4.ip_local_port_range';

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
  // Of a unix socket: as many as it takes wait there already.
  'EAGAIN',
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

/** An address of a kind that this machine has none of, as ::1 without IPv6; the former also where its ports have run out: {@link outOfPorts}. */
const unusable = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** What this machine has run out of, and what to do about it. */
const remedies: { readonly [code: string]: string } = {
  EMFILE: 'no more connections than open files allowed; raise "ulimit -n" or take fewer users',
  ENFILE: 'this machine has no more open files; raise fs.file-max or take fewer users',
  ENOBUFS: 'this machine has no memory left for connections; take fewer users',
  ENOMEM: 'this machine has no memory left for connections; take fewer users',
  EADDRINUSE: noPortLeft,
  ERR_NO_PORTS: noPortLeft,
};

const ofGenerator = new Set([...unusable, ...Object.keys(remedies)]);

/**
 * The error of a connection to an address, told apart: an address that is not available is one of which this machine has no
 * kind, or it has, and no port is left to connect from.
 *
 * @param own gives the addresses of this machine
 */
export const outOfPorts = (error: Error, host: string, own: () => readonly string[]): Error => {
  if (codeOf(error) !== 'EADDRNOTAVAIL') return error;
  const [family, isOfLoopback] = [isIPv6(host), loopback.test(host)];
  // Over an address of the loopback interface alone nobody else is reached.
  const isKnown = own().some((one) => isIPv6(one) === family && (isOfLoopback || !loopback.test(one)));
  return isKnown ? Object.assign(new Error(messageOf(error), { cause: error }), { code: 'ERR_NO_PORTS' }) : error;
};

/** With the addresses of all interfaces, which lead there. */
const loopback = /^(127\.|0\.0\.0\.0$|::1?$|::ffff:127\.)/u;

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
  return unreachable.has(code) || unusable.has(code) || remedies[code] === noPortLeft;
};

/**
 * Of the errors of several addresses, one each, the one that says most: where somebody answered; then what this machine has run
 * out of; then where nobody answered; then an address that it cannot use.
 */
export const mostTelling = (errors: readonly [Error, ...Error[]]): Error => {
  const ranks = errors.map((error): number => {
    const failure = connectFailure(error);
    if (failure !== 'connect' && failure !== 'generator') return 0;
    if (failure === 'connect') return 2;
    return unusable.has(codeOf(error)) ? 3 : 1;
  });
  return errors[ranks.indexOf(Math.min(...ranks))]!;
};

/** What a connection that was not open in time fails with, in the words and with the code that the others have. */
export const notConnectedInTime = (timeoutUs: number): Error =>
  Object.assign(new Error(`no connection within ${timeoutUs / 1000} ms`), { code: 'ETIMEDOUT' });

/** What a proxy said instead of giving a way to the target, as a connection that there is none of. */
export const proxyRefused = (said: string): Error => Object.assign(new Error(said), { code: 'ERR_PROXY' });

/** An error of a proxy, so that nobody looks for it at the target. */
export const byWayOf = (proxy: string, error: Error): Error =>
  Object.assign(new Error(`proxy ${proxy}: ${messageOf(error)}`, { cause: error }), { code: codeOf(error) });

/** The error in words, with the remedy where it is this machine that cannot go on. */
export const detailOf = (error: Error): string => {
  const remedy = remedies[codeOf(error)];
  return remedy === undefined ? messageOf(error) : `${messageOf(error)}: ${remedy}`;
};

/** The code of an error, or of the first that it stands for; empty where there is none. */
export const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
};
