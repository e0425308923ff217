import type { OpenTransport } from './transport.ts';
import { undici } from './undici.ts';

/** The transports, by the word of a mode's `transport`. */
export const transports: { readonly [name: string]: OpenTransport } = { undici };
