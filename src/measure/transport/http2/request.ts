import type { OutgoingHttpHeaders } from 'node:http2';
import { asLatin1 } from '../../../core/octets.ts';
import { isSafe } from '../../../core/plan/plan.ts';
import type { User } from '../../user.ts';
import type { Origin } from '../connect/origin.ts';
import { asTarget } from '../target.ts';
import type { RequestParts } from '../transport.ts';

/** A request, ready to be sent. */
export interface Http2Request {
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | undefined;
  readonly keep: RequestParts['keep'];
  readonly timeoutUs: number;
  readonly isHead: boolean;
  /** Sent twice it does no more than sent once, as far as HTTP says: GET and HEAD. */
  readonly isIdempotent: boolean;
}

/** Headers of HTTP/1.1 for which HTTP/2 has other words: the authority, and the frames themselves. */
const replaced = new Set(['host', 'content-length', 'proxy-connection', 'http2-settings', 'te']);

/**
 * What stands in a request's head: its own headers, in their order, behind those that say where it goes. All of it is UTF-8,
 * and the length of the body is the true one, as in HTTP/1.1.
 */
export const compileHeaders = (
  parts: RequestParts,
  origin: Origin,
): ((user: User, body: Buffer | undefined) => OutgoingHttpHeaders) => {
  const { method, path, headers, optional = [] } = parts;
  const base = parts.isWholePath === true ? '' : origin.base;
  const hasLength = !isSafe(method) && method !== 'DELETE';
  const host = headers.find(([name]) => name === 'host')?.[1];
  const own = headers.filter(([name]) => !replaced.has(name));
  return (user, body) => {
    const all: OutgoingHttpHeaders = {
      ':method': method,
      ':scheme': 'https',
      ':authority': host === undefined ? origin.host : asLatin1(typeof host === 'string' ? host : host(user)),
      ':path': asTarget(base + (typeof path === 'string' ? path : path(user))),
    };
    for (const [name, value] of own) add(all, name, typeof value === 'string' ? value : value(user));
    for (const [name, make] of optional) {
      const value = make(user);
      if (value !== '') add(all, name, value);
    }
    if (body !== undefined || hasLength) all['content-length'] = String(body?.length ?? 0);
    return all;
  };
};

const add = (headers: OutgoingHttpHeaders, name: string, value: string): void => {
  const before = headers[name];
  const bytes = asLatin1(value);
  if (before === undefined) headers[name] = bytes;
  else headers[name] = [...(Array.isArray(before) ? before : [String(before)]), bytes];
};
