import { isIPv6 } from 'node:net';
import { messageOf } from '../../core/errors.ts';
import type { FailureClass } from '../../core/recording/failure.ts';

const noPortLeft =
  'no local port is left; keep connections, take a lower rate or fewer users, or widen net.ipv4.ip_local_port_range';

/**
 * What the system reports when there is no way to an address, or nothing listens there. ENOENT, ENOTSOCK and EACCES come
 * from a unix socket.
 */
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
  // From a unix socket: its backlog is full.
  'EAGAIN',
  'ERR_PROXY',
]);

/** What the system reports of a connection that was open and no longer is. */
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

/**
 * An address of a kind that this machine does not have, as ::1 without IPv6; the former also where its ports have run out:
 * {@link outOfPorts}.
 */
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
 * The error of a connection to an address, with two cases told apart: either this machine has no address of that kind, or it
 * has one but no port left to connect from.
 *
 * @param own gives the addresses of this machine
 */
export const outOfPorts = (error: Error, host: string, own: () => readonly string[]): Error => {
  if (codeOf(error) !== 'EADDRNOTAVAIL') return error;
  const [family, isOfLoopback] = [isIPv6(host), loopback.test(host)];
  // An address of the loopback interface only reaches this machine.
  const isKnown = own().some((one) => isIPv6(one) === family && (isOfLoopback || !loopback.test(one)));
  return isKnown ? Object.assign(new Error(messageOf(error), { cause: error }), { code: 'ERR_NO_PORTS' }) : error;
};

/** Includes the addresses of all interfaces, which lead there. */
const loopback = /^(127\.|0\.0\.0\.0$|::1?$|::ffff:127\.)/u;

const ofDns = /^(ENOTFOUND|ENODATA|EAI_\w+)$/u;

/** OpenSSL's own names for what is wrong with a certificate, and Node's for everything else. */
const ofTls =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$|CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$|PATH_LENGTH_)/u;

/** The class of an error before there was a connection, its TLS handshake included: certainly nothing was sent. */
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

/** Whether another address of the same host may work where this one failed in this way. */
export const mayElsewhere = (error: Error): boolean => {
  const code = codeOf(error);
  return unreachable.has(code) || unusable.has(code) || remedies[code] === noPortLeft;
};

/**
 * The most telling of the errors of several addresses, one each: first one where the host answered; then what this machine
 * has run out of; then one where there was no answer; then an address that it cannot use.
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

/** The error of a connection that was not open in time, with words and code like the others. */
export const notConnectedInTime = (timeoutUs: number): Error =>
  Object.assign(new Error(`no connection within ${timeoutUs / 1000} ms`), { code: 'ETIMEDOUT' });

/** What a proxy said instead of opening a way to the target, as the error of a connection that could not be made. */
export const proxyRefused = (said: string): Error => Object.assign(new Error(said), { code: 'ERR_PROXY' });

/** Marks an error as the proxy's, so that it is not blamed on the target. */
export const byWayOf = (proxy: string, error: Error): Error =>
  Object.assign(new Error(`proxy ${proxy}: ${messageOf(error)}`, { cause: error }), { code: codeOf(error) });

/** The error in words, with the remedy if the problem is on this machine. */
export const detailOf = (error: Error): string => {
  const remedy = remedies[codeOf(error)];
  return remedy === undefined ? messageOf(error) : `${messageOf(error)}: ${remedy}`;
};

/** The code of an error, or of the first error that it stands for; empty if there is none. */
export const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
};
