import { z } from 'zod';

const noOptions = z.strictObject({}).default({});

/** The words of `transport:`: what speaks HTTP. */
export const transportSyntax = {
  wire: { summary: 'HTTP/1.1 on sockets, made for the hot path', options: noOptions },
  undici: { summary: 'the HTTP client of Node', options: noOptions },
} as const;

/** A word of `transport:`. */
export type TransportName = keyof typeof transportSyntax;
