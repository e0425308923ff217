import { z } from 'zod';

const noOptions = z.strictObject({}).default({});

/** The words of `transport:`: what speaks HTTP. */
export const transportSyntax = {
  wire: {
    summary: "contend's own client, made for the hot path: HTTP/1.1, and HTTP/2 where http2 asks for it",
    options: noOptions,
  },
  undici: { summary: 'HTTP/1.1 only: an independent check on the other', options: noOptions },
} as const;

/** A word of `transport:`. */
export type TransportName = keyof typeof transportSyntax;
