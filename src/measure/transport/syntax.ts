import { z } from 'zod';

const noOptions = z.strictObject({}).default({});

/** More streams than servers take on one connection: nginx and Node take 100 or 128, Go 250. */
const mostStreams = 1000;

const undiciOptions = z
  .strictObject({
    http2: z.boolean().describe('HTTP/2 where the target speaks it, HTTP/1.1 where it does not').prefault(false),
    streams: z
      .int()
      .min(1)
      .max(mostStreams)
      .describe('requests in flight on one HTTP/2 connection; fewer where the target takes fewer')
      .prefault(100),
  })
  .prefault({});

/** The words of `transport:`: what speaks HTTP. */
export const transportSyntax = {
  wire: { summary: 'HTTP/1.1 on sockets, made for the hot path', options: noOptions },
  undici: { summary: 'the HTTP client of Node, with HTTP/2', options: undiciOptions },
} as const;

/** A word of `transport:`. */
export type TransportName = keyof typeof transportSyntax;
