import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { parseOrigin } from './origin.ts';

const loopback: readonly string[] = ['127.0.0.1', '::1'];

/**
 * Asks the system once for the addresses of an origin's host, in the order in which it gives them.
 *
 * `localhost` has both loopback addresses, whatever the system says, as a server may listen on only one of them.
 *
 * @returns empty for a unix socket
 * @throws the system's error (ENOTFOUND, EAI_AGAIN …)
 */
export const resolveAddresses = async (origin: string): Promise<readonly string[]> => {
  const { hostname, socketPath } = parseOrigin(origin);
  if (socketPath !== undefined) return [];
  if (isIP(hostname) !== 0) return [hostname];
  if (hostname === 'localhost') return [...new Set([...(await lookUp(hostname).catch(() => [])), ...loopback])];
  return lookUp(hostname);
};

const lookUp = async (hostname: string): Promise<readonly string[]> => [
  ...new Set((await lookup(hostname, { all: true })).map(({ address }) => address)),
];

/**
 * The order in which connection number `turn` tries the addresses: each address comes first for its share of the
 * connections, and the others follow in case it does not answer.
 */
export const addressesFrom = (addresses: readonly string[], turn: number): readonly string[] => {
  if (addresses.length < 2) return addresses;
  const first = turn % addresses.length;
  return [...addresses.slice(first), ...addresses.slice(0, first)];
};

/** How long one address may take if `addressesLeft`, including this one, share what is left of the time to connect. */
export const shareOfTimeUs = (leftUs: number, addressesLeft: number): number => Math.max(0, leftUs) / addressesLeft;
