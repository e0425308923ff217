import type { Mode } from '../../core/plan/plan.ts';
import type { Protocol } from './connect/credentials.ts';
import type { OpenTransport, Transport, TransportOptions } from './transport.ts';
import type { TransportName } from './syntax.ts';
import { wire } from './wire/wire.ts';

/** The transport that a mode names, for its target. */
export const openTransport = async (
  { transport: { name, options }, keepAlive, timeouts }: Mode,
  rest: Omit<TransportOptions, 'connectTimeoutUs' | 'http2' | 'keepAlive'>,
): Promise<Transport> => {
  const { http2, streams } = options as Http2Options;
  const open = await transports[name as TransportName]();
  return open({
    ...rest,
    connectTimeoutUs: timeouts.connectUs,
    ...(keepAlive === false ? { keepAlive } : {}),
    ...(http2 === true ? { http2: { streams: streams! } } : {}),
  });
};

/** What a mode's requests may be spoken in over TLS, the best first. */
export const protocolsOf = ({ transport: { options } }: Pick<Mode, 'transport'>): readonly Protocol[] =>
  (options as Http2Options).http2 === true ? ['h2', 'http/1.1'] : ['http/1.1'];

interface Http2Options {
  readonly http2?: boolean;
  readonly streams?: number;
}

/** Loads a transport, by the word of a mode's `transport`: undici takes a fifth of a second, which who does not name it is spared. */
export const transports: { readonly [name in TransportName]: () => Promise<OpenTransport> } = {
  wire: async () => Promise.resolve(wire),
  undici: async () => (await import('./undici/undici.ts')).undici,
};
