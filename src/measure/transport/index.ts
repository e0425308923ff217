import type { Mode } from '../../core/plan.ts';
import type { OpenTransport, Transport, TransportOptions } from './transport.ts';
import type { TransportName } from './syntax.ts';
import { undici } from './undici.ts';
import { wire } from './wire.ts';

/** The transport that a mode names, for its target. */
export const openTransport = (
  { transport: { name, options }, timeouts }: Mode,
  rest: Omit<TransportOptions, 'connectTimeoutUs' | 'http2'>,
): Transport => {
  const { http2, streams } = options as { readonly http2?: boolean; readonly streams?: number };
  return transports[name as TransportName]({
    ...rest,
    connectTimeoutUs: timeouts.connectUs,
    ...(http2 === true ? { http2: { streams: streams! } } : {}),
  });
};

/** The transports, by the word of a mode's `transport`. */
export const transports: { readonly [name in TransportName]: OpenTransport } = { wire, undici };
