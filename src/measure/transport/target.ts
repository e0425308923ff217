const unwritable = /[^\x21-\x7e]/u;

/** A path as it may stand in a request: what cannot is percent-encoded. */
export const asTarget = (path: string): string =>
  unwritable.test(path) ? path.replace(/[^\x21-\x7e]+/gu, percentEncoded) : path;

/** By way of bytes, in which half a surrogate pair becomes the replacement character: alone it has no encoding. */
const percentEncoded = (text: string): string => encodeURIComponent(Buffer.from(text).toString());
