import type { ConnectionOptions } from 'node:tls';
import { isIPv6 } from 'node:net';
import type { Endpoint } from '../../../core/slot.ts';
import { tlsOptions, type Protocol } from './credentials.ts';
import type { Origin } from './origin.ts';
import { parseProxy } from './proxy.ts';
import type { Tunnel } from './tunnel.ts';

/** How a connection to a target is made, and what a proxy needs in each request. */
export interface Route {
  /** The host to connect to if no address is known; empty for a unix socket. */
  readonly hostname: string;
  readonly port: number;
  readonly socketPath?: string;
  /** TLS with the first peer: the target, or an https proxy. */
  readonly first?: ConnectionOptions;
  /** What a proxy is asked for before the target can be reached. */
  readonly tunnel?: Tunnel & { readonly secure?: ConnectionOptions };
  /** The proxy that it goes through, without credentials. */
  readonly through?: string;
  /** Put before the path of every request: without a tunnel, a proxy needs the target's host there. */
  readonly ahead: string;
  /** Sent with every request, for such a proxy. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/**
 * How connections to an endpoint are made. Through a proxy, https goes in a tunnel and http in the absolute form, as with
 * other clients. http to a place other than its host and port goes in a tunnel, too, as the absolute form cannot express
 * that, and so does HTTP/2, which proxies do not speak.
 *
 * @param protocols that may be spoken with the target, the best first; over TLS the target chooses
 * @cost milliseconds with TLS, to read certificates
 */
export const routeOf = (
  { proxy, dial, tls }: Endpoint,
  origin: Origin,
  protocols: readonly Protocol[] = ['http/1.1'],
): Route => {
  const { isSecure, socketPath, host } = origin;
  const { host: hostname, port } = dial ?? { host: origin.hostname, port: origin.port };
  const secure = isSecure ? { secure: tlsOptions(tls, origin.hostname, protocols) } : {};
  if (proxy === undefined) {
    return {
      hostname,
      port,
      ...(socketPath === undefined ? {} : { socketPath }),
      ...(secure.secure === undefined ? {} : { first: secure.secure }),
      ahead: '',
      headers: [],
    };
  }
  const { authorization, shown, ...place } = parseProxy(proxy);
  // The client certificate, and the name that is verified, are only for the target.
  const { cert: _cert, key: _key, servername: _name, ...trust } = tls;
  const through = {
    hostname: place.hostname,
    port: place.port,
    through: shown,
    ...(place.isSecure ? { first: tlsOptions(trust, place.hostname, ['http/1.1']) } : {}),
  };
  const credentials = authorization === undefined ? {} : { authorization };
  if (isSecure || dial !== undefined || protocols[0] === 'h2') {
    const authority = `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;
    return { ...through, tunnel: { authority, ...credentials, ...secure }, ahead: '', headers: [] };
  }
  return {
    ...through,
    ahead: `http://${host}`,
    headers: authorization === undefined ? [] : [['proxy-authorization', authorization]],
  };
};
