import type { Socket } from 'node:net';
import { proxyRefused } from '../failure.ts';

/** The most that a proxy may say to a CONNECT. */
const mostHeadCharacters = 16 * 1024;

/** What a proxy is asked for. */
export interface Tunnel {
  /** `host:port` of the target. */
  readonly authority: string;
  readonly authorization?: string;
}

/**
 * Asks a proxy, on a connection to it, for the way to a target. Calls back once, unless the connection ends first: without
 * an error, and what follows on the connection is the target's; or with what the proxy said instead.
 */
export const askForTunnel = (socket: Socket, tunnel: Tunnel, then: (error?: Error) => void): void => {
  const { authority, authorization } = tunnel;
  let text = '';
  const take = (bytes: Buffer): void => {
    text += bytes.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (end < 0 && text.length < mostHeadCharacters) return;
    socket.off('data', take).pause();
    const [, status, reason = ''] = /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]*))?\r\n/u.exec(text) ?? [];
    if (end < 0 || status === undefined) return then(proxyRefused('the server there is not an HTTP proxy'));
    if (!status.startsWith('2')) return then(proxyRefused(refusal(tunnel, status, reason)));
    const rest = text.slice(end + 4);
    if (rest !== '') socket.unshift(Buffer.from(rest, 'latin1'));
    return then();
  };
  socket.on('data', take);
  const credentials = authorization === undefined ? '' : `proxy-authorization: ${authorization}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${credentials}\r\n`);
};

const refusal = ({ authority, authorization }: Tunnel, status: string, reason: string): string => {
  if (status !== '407') return `no way to ${authority}: ${`${status} ${reason}`.trim()}`;
  return authorization === undefined
    ? 'it requires credentials (407): http://user:password@…'
    : 'it rejects these credentials (407)';
};
