import { percentEncoded } from '../../core/octets.ts';
import type { RequestParts } from './transport.ts';

const unwritable = /[^\x21-\x7e]/u;

/** A path in the form that a request may contain: other characters are percent-encoded. */
export const asTarget = (path: string): string =>
  unwritable.test(path) ? path.replace(/[^\x21-\x7e]+/gu, percentEncoded) : path;

/** The path of a request, made valid by {@link asTarget}. @cost nothing for one that is valid already */
export const targetOf = ({ path, isTarget = false }: Pick<RequestParts, 'path' | 'isTarget'>): RequestParts['path'] => {
  if (typeof path === 'string') return asTarget(path);
  return isTarget ? path : (user) => asTarget(path(user));
};
