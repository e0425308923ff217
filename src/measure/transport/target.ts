import { percentEncoded } from '../../core/octets.ts';

const unwritable = /[^\x21-\x7e]/u;

/** A path as it may stand in a request: what cannot is percent-encoded. */
export const asTarget = (path: string): string =>
  unwritable.test(path) ? path.replace(/[^\x21-\x7e]+/gu, percentEncoded) : path;
