import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { parseOrigin } from './origin.ts';

const loopback: readonly string[] = ['127.0.0.1', '::1'];

/**
 * Asks the system once for the addresses of an origin's host, in the order in which it gives them.
 *
 * `localhost` has both loopback addresses, whatever the system says: a server may listen on one of them alone.
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
 * In which order connection number `turn` tries the addresses: each one is the first for its share of the connections, and
 * the others follow in case nobody answers there.
 */
export const addressesFrom = (addresses: readonly string[], turn: number): readonly string[] => {
  if (addresses.length < 2) return addresses;
  const first = turn % addresses.length;
  return [...addresses.slice(first), ...addresses.slice(0, first)];
};

/** How long one address may take where `addressesLeft`, itself among them, share what is left of the time to connect. */
export const shareOfTimeUs = (leftUs: number, addressesLeft: number): number => Math.max(0, leftUs) / addressesLeft;
