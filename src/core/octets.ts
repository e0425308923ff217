import { isUtf8 } from 'node:buffer';

/**
 * Text of bytes that need not be UTF-8, and back to the very same bytes: headers may hold any byte from 0x80 on (RFC 9110,
 * 5.5). A byte that is no part of a character becomes the half of a pair that Python's `surrogateescape` takes for it
 * (PEP 383), 0xE9 U+DCE9; in a report it is shown as �.
 */

const beyondAscii = /[\x80-\xff]/u;

/** In a pattern with `u` this is half a pair alone. */
const half = /[\ud800-\udfff]/u;

const byteOf = { least: 0xdc80, most: 0xdcff, base: 0xdc00 };

/** The text of bytes, given as one character each. @cost where all of it is ASCII, one look at it */
export const textOfOctets = (latin1: string): string => {
  if (!beyondAscii.test(latin1)) return latin1;
  const bytes = Buffer.from(latin1, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : withHalves(bytes);
};

/** Whether each character is a byte, the same in ASCII, Latin-1 and UTF-8. @cost less than a pattern, which looks at one after the other */
export const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/** The text as it is, to be written as UTF-8; bytes where it holds such as are no UTF-8. @cost one look at it */
export const writable = (text: string): string | Buffer => (half.test(text) ? octetsOf(text) : text);

/** The bytes of a text. Half a pair that stands for no byte becomes the replacement character. */
export const octetsOf = (text: string): Buffer => {
  if (!half.test(text)) return Buffer.from(text);
  return Buffer.concat(
    Array.from(text, (character) => {
      const code = character.codePointAt(0)!;
      return code >= byteOf.least && code <= byteOf.most ? Buffer.of(code - byteOf.base) : Buffer.from(character);
    }),
  );
};

/** The bytes of a text as one character each: what undici writes as a header's value. */
export const asLatin1 = (text: string): string => (isAscii(text) ? text : octetsOf(text).toString('latin1'));

/**
 * A text percent-encoded, byte by byte, except the characters that a URL has for itself and for data.
 *
 * @cost of numbers, ids and words, which stay as they are: a look at them
 */
export const percentEncoded = (text: string): string => {
  if (plain.test(text)) return text;
  if (!half.test(text)) return encodeURIComponent(text);
  return Array.from(text, (character) =>
    half.test(character) ? encodedHalf(character) : encodeURIComponent(character),
  ).join('');
};

const plain = /^[\w-]*$/u;

/** The same of what is no character alone: the rest stays. */
export const withEncodedHalves = (text: string): string =>
  half.test(text) ? text.replace(/[\ud800-\udfff]/gu, encodedHalf) : text;

const encodedHalf = (character: string): string =>
  Array.from(octetsOf(character), (byte) => `%${byte.toString(16).toUpperCase()}`).join('');

/** Character by character, each of the longest sequence that is one: characters have four bytes at most. */
const withHalves = (bytes: Buffer): string => {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = lengthAt(bytes, at);
    text += length === 0 ? String.fromCharCode(byteOf.base + bytes[at]!) : bytes.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return text;
};

/** How many bytes the character there has; 0: there is none. */
const lengthAt = (bytes: Buffer, at: number): number => {
  const byte = bytes[at]!;
  if (byte < 0x80) return 1;
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  return byte >= 0xc2 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
};
