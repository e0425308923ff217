import { isIPv6 } from 'node:net';

/** An endpoint's origin, taken apart. */
export interface Origin {
  readonly isSecure: boolean;
  /** Without the brackets of an IPv6 address; `localhost` for a unix socket. */
  readonly hostname: string;
  readonly port: number;
  /** The value of the Host header: with the port only if it is not the scheme's default. */
  readonly host: string;
  /** Put before every path; empty, or with a leading and without a trailing slash. */
  readonly base: string;
  /** Path of a unix socket, instead of host and port. */
  readonly socketPath?: string;
}

const unix = /^(https?):\/\/unix:(\/[^:]*)(?::(\/.*)?)?$/u;

/**
 * Takes an origin apart: `http(s)://host[:port][/base]`, or `http(s)://unix:/path/of/socket[:/base]`.
 *
 * @throws {TypeError} if it is not a URL
 */
export const parseOrigin = (origin: string): Origin => {
  const local = unix.exec(origin);
  if (local !== null) {
    const [, scheme, socketPath = '', base = ''] = local;
    return {
      isSecure: scheme === 'https',
      hostname: 'localhost',
      port: 0,
      host: 'localhost',
      base: withoutSlash(base),
      socketPath,
    };
  }
  const { protocol, hostname, port, host, pathname } = new URL(origin);
  const isSecure = protocol === 'https:';
  const bare = hostname.replace(/^\[|\]$/gu, '');
  return {
    isSecure,
    hostname: isIPv6(bare) ? bare : hostname,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    host,
    base: withoutSlash(pathname),
  };
};

const withoutSlash = (path: string): string => path.replace(/\/+$/u, '');
