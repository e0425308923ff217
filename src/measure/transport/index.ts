import type { Mode } from '../../core/plan/plan.ts';
import type { Protocol } from './connect/credentials.ts';
import type { OpenTransport, Sharing, Transport, TransportOptions } from './transport.ts';
import type { TransportName } from './syntax.ts';
import { wire } from './wire/wire.ts';

/** The transport that a mode names, for its target. */
export const openTransport = async (
  { transport, keepAlive, timeouts }: Mode,
  rest: Omit<TransportOptions, 'connectTimeoutUs' | 'keepAlive'>,
): Promise<Transport> => {
  const options = {
    ...rest,
    connectTimeoutUs: timeouts.connectUs,
    ...(keepAlive === false ? { keepAlive } : {}),
  };
  const sharing = sharingOf({ transport });
  if (sharing !== undefined) return (await import('./http2/http2.ts')).http2({ ...options, http2: sharing });
  const open = await transports[transport.name as TransportName]();
  return open(options);
};

/**
 * The transports for the other targets that a login names, by target: they speak HTTP/1.1, which all servers understand,
 * whatever is measured.
 */
export const openElsewhere = async (
  mode: Mode,
  { endpoint, ...rest }: Omit<TransportOptions, 'connectTimeoutUs' | 'keepAlive'>,
): Promise<ReadonlyMap<string, Transport>> => {
  const opened = new Map<string, Transport>();
  for (const [target, there] of Object.entries(endpoint.elsewhere ?? {}))
    opened.set(target, await openTransport(plainly(mode), { endpoint: there, ...rest }));
  return opened;
};

/** The mode without its settings for speaking to its own target. */
export const plainly = (mode: Mode): Mode => ({ ...mode, transport: { name: 'wire', options: {} } });

/** How a mode's requests share connections; `undefined` if it asks for HTTP/1.1. */
export const sharingOf = ({ transport: { options } }: Pick<Mode, 'transport'>): Sharing | undefined =>
  (options as { readonly http2?: Sharing }).http2;

/** What a mode may speak over TLS, the best first. */
export const protocolsOf = (mode: Pick<Mode, 'transport'>): readonly Protocol[] =>
  sharingOf(mode) === undefined ? ['http/1.1'] : ['h2', 'http/1.1'];

/**
 * Loads a transport, by the word of a mode's `transport`. Loading undici takes a fifth of a second, which modes that do not
 * name it avoid.
 */
export const transports: { readonly [name in TransportName]: () => Promise<OpenTransport> } = {
  wire: async () => Promise.resolve(wire),
  undici: async () => (await import('./undici/undici.ts')).undici,
};
