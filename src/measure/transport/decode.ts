import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { messageOf } from '../../core/errors.ts';

/**
 * A body that is read is kept whole until then; if it is larger than this, decoded, it counts as no answer. A body that is
 * not read may be endless.
 */
export const largestBodyBytes = 1024 * 1024;

/** More than this are never meant seriously; each costs as much as the largest body. */
const mostCodings = 5;

type Decode = (body: Buffer, options: ZlibOptions) => Buffer;

/** What some servers call deflate has no header, which RFC 9110 requires: clients have long accepted both. */
const inflate: Decode = (body, options) => (hasZlibHeader(body) ? inflateSync : inflateRawSync)(body, options);

const hasZlibHeader = (body: Buffer): boolean =>
  body.length >= 2 && (body[0]! & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;

const decoders = new Map<string, Decode>([
  ['identity', (body) => body],
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflate],
  ['br', brotliDecompressSync],
]);

/** A body that cannot be read, and why. */
export interface Undecoded {
  readonly failure: string;
}

/**
 * The text of a body, with its content codings undone in turn.
 *
 * @param encoding the header's value: codings in the order in which they were applied; empty for none
 * @param largestBytes of the text, and of everything on the way to it
 * @cost a copy where there is no coding; it is not asynchronous
 */
export const decodeBody = (body: Buffer, encoding: string, largestBytes: number): string | Undecoded => {
  if (body.length > largestBytes) return { failure: tooLarge(largestBytes) };
  if (encoding === '' || body.length === 0) return body.toString();
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '');
  if (codings.length > mostCodings) return { failure: `content-encoding with more than ${mostCodings} codings` };
  let bytes = body;
  for (const coding of codings.toReversed()) {
    const decode = decoders.get(coding);
    if (decode === undefined) {
      return { failure: `content-encoding ${JSON.stringify(coding)} is not one of ${[...decoders.keys()].join(', ')}` };
    }
    try {
      bytes = decode(bytes, { maxOutputLength: largestBytes });
    } catch (error) {
      return { failure: isTooLarge(error) ? tooLarge(largestBytes) : `invalid ${coding}: ${messageOf(error)}` };
    }
  }
  return bytes.toString();
};

/** Why a body of more than this many bytes is no answer. */
export const tooLarge = (bytes: number): string => `body larger than ${bytes / 1024 / 1024} MiB`;

const isTooLarge = (error: unknown): boolean =>
  error instanceof RangeError && (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
