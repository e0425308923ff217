import { ContendError, messageOf } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';

/** Each thread holds a copy of it. */
const mostBytes = 64 * 1024 * 1024;

/**
 * What `-b @file` sends: the bytes of that file, read only once, because it may be a pipe; `@-` is standard input. `undefined`
 * for a body in the flag itself.
 *
 * @throws {ContendError} ERR_USAGE if it cannot be read, or is larger than 64 MiB
 */
export const bytesOf = async (
  host: Pick<Host, 'readBytes'>,
  body: string | undefined,
): Promise<Uint8Array | undefined> => {
  if (body?.startsWith('@') !== true) return undefined;
  const file = body.slice(1);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of host.readBytes(file === '-' ? '/dev/stdin' : file)) {
      parts.push(part);
      size += part.length;
      if (size > mostBytes) break;
    }
  } catch (error) {
    const isThere = (error as { readonly code?: unknown }).code !== 'ENOENT';
    throw unreadable(file, isThere ? messageOf(error) : 'there is no such file');
  }
  if (size > mostBytes) throw unreadable(file, 'it is larger than 64 MiB');
  return Buffer.concat(parts);
};

const unreadable = (file: string, why: string): ContendError =>
  new ContendError(
    'ERR_USAGE',
    `-b @${file} cannot be read: ${why}.`,
    'Write -b @order.json, or -b \'{"quantity": 1}\'.',
  );
