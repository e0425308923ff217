import type { IncomingHttpHeaders } from 'node:http';

/** What was asked of the shop. */
export interface Asked {
  /** What follows the first part of the path. */
  readonly path: readonly string[];
  readonly said: { readonly [name: string]: unknown };
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
}

/** A status, a body, headers. */
export type Answer = readonly [status: number, body: object, headers?: { readonly [name: string]: string }];

/** Answers, at once or a while later. */
export type Does = (asked: Asked) => Answer | Promise<Answer>;

/** A part of the shop: what it does, by method and the first part of the path. */
export interface Department {
  readonly does: { readonly [what: string]: Does };
  readonly reset: () => void;
}
