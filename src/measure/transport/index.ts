import type { OpenTransport } from './transport.ts';
import type { TransportName } from './syntax.ts';
import { undici } from './undici.ts';
import { wire } from './wire.ts';

/** The transports, by the word of a mode's `transport`. */
export const transports: { readonly [name in TransportName]: OpenTransport } = { wire, undici };
