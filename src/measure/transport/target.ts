import { percentEncoded } from '../../core/octets.ts';
import type { RequestParts } from './transport.ts';

const unwritable = /[^\x21-\x7e]/u;

/** A path as it may stand in a request: what cannot is percent-encoded. */
export const asTarget = (path: string): string =>
  unwritable.test(path) ? path.replace(/[^\x21-\x7e]+/gu, percentEncoded) : path;

/** The path of a request by {@link asTarget}. @cost nothing for one that was made of what may stand there */
export const targetOf = ({ path, isTarget = false }: Pick<RequestParts, 'path' | 'isTarget'>): RequestParts['path'] => {
  if (typeof path === 'string') return asTarget(path);
  return isTarget ? path : (user) => asTarget(path(user));
};
