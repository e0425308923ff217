import { isIPv6 } from 'node:net';

/** A proxy's address, taken apart. */
export interface ProxyPlace {
  readonly isSecure: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
  /** From user name and password; absent if the address has none. */
  readonly authorization?: string;
  /** The address without user name and password. */
  readonly shown: string;
}

/**
 * Takes a proxy's address apart: `http(s)://[user:password@]host[:port]`.
 *
 * @throws {TypeError} if it is not a URL
 */
export const parseProxy = (address: string): ProxyPlace => {
  const { protocol, hostname, port, host, username, password } = new URL(address);
  const isSecure = protocol === 'https:';
  const bare = hostname.replace(/^\[|\]$/gu, '');
  const place = {
    isSecure,
    hostname: isIPv6(bare) ? bare : hostname,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    shown: `${protocol}//${host}`,
  };
  if (username === '' && password === '') return place;
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return { ...place, authorization: `Basic ${credentials}` };
};
