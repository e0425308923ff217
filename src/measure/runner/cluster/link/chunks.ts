import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Seal } from './seal.ts';

/** What was written: SHA-256 of all bytes, in hexadecimal, and their number. */
export interface Receipt {
  readonly sha256: string;
  readonly bytes: number;
}

/** What bytes go through, the same on both sides. */
export interface Stream {
  /** Key of a list in Redis that is used for nothing else; its parts are sealed under it as their kind. */
  readonly key: string;
  readonly seal: Seal;
  /** Ends the transfer on either side. */
  readonly signal: AbortSignal;
}

/** Bytes did not arrive as they were sent, or were not taken. */
export class ChunkError extends Error {
  override readonly name = 'ChunkError';
}

/** Redis is busy for a third of a millisecond with each. */
const chunkBytes = 1 << 20;

/** The number of parts that wait in Redis at most: several agents may send at once. */
const mostWaiting = 6;

/** Parts that were not taken by then are gone, whatever happened to both sides. */
const expiryMs = 3_600_000;

/** The other side does something at least this often, or is gone. */
const patienceMs = 30_000;

/** Between two checks whether something was taken. */
const [shortestWaitMs, longestWaitMs] = [1, 16];

/**
 * Writes any number of bytes as sealed parts of a list in Redis, which the other side takes meanwhile. No more than six
 * megabytes wait in it, and it is gone when all were taken, or an hour after the last part was written.
 *
 * @param redis any connection
 * @returns what was written; the list contains it, too
 * @throws {ChunkError} if none are taken for 30 s
 * @throws the signal's reason
 * @cost 4-5 ms a megabyte, both sides together
 */
export const writeChunks = async (
  redis: Redis,
  { key, seal, signal }: Stream,
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Receipt> => {
  const hash = createHash('sha256');
  let [written, number] = [0, 0];
  const push = async (kind: string, ...parts: readonly Uint8Array[]): Promise<void> => {
    signal.throwIfAborted();
    const sealed = seal.sealAt(kind, number++, ...parts);
    // In one transaction, so that the list always has an expiry, even when it was empty and is created again.
    const answers = await redis.multi().rpush(key, sealed).pexpire(key, expiryMs).exec();
    const [error, waiting] = answers![0]!;
    if (error !== null) throw error;
    await room(redis, key, Number(waiting), signal);
  };
  let last: Uint8Array = Buffer.alloc(0);
  for await (const chunk of inChunks(bytes)) {
    hash.update(chunk);
    written += chunk.length;
    if (last.length > 0) await push(key, last);
    last = chunk;
  }
  const receipt = { sha256: hash.digest('hex'), bytes: written };
  await push(endOf(key), Buffer.from(`${JSON.stringify(receipt)}\n`), last);
  return receipt;
};

/**
 * Takes what {@link writeChunks} writes, as it is written.
 *
 * @param blocking a connection used for nothing else: it waits for parts that are not there yet
 * @returns what was taken, which is what the other side has written
 * @throws {ChunkError} if parts are missing, were changed or exchanged, or nothing comes for 30 s
 * @throws the signal's reason, at most a second later
 */
export async function* readChunks(
  blocking: Redis,
  { key, seal, signal }: Stream,
): AsyncGenerator<Uint8Array, Receipt, undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (let number = 0; ; number++) {
    const sealed = await next(blocking, key, signal);
    const chunk = opened(() => seal.openAt(key, number, sealed));
    if (chunk === undefined) {
      const end = opened(() => seal.openAt(endOf(key), number, sealed));
      if (end === undefined) throw new ChunkError(`part ${number + 1} of ${key} is not what was sent`);
      const line = end.indexOf(newline);
      const receipt = JSON.parse(end.toString('utf8', 0, line)) as Receipt;
      const last = end.subarray(line + 1);
      hash.update(last);
      bytes += last.length;
      const found = { sha256: hash.digest('hex'), bytes };
      if (receipt.sha256 !== found.sha256 || receipt.bytes !== bytes)
        throw new ChunkError(`${key} has ${bytes} bytes, and ${receipt.bytes} others were sent`);
      if (last.length > 0) yield last;
      return found;
    }
    hash.update(chunk);
    bytes += chunk.length;
    yield chunk;
  }
}

/** All that {@link readChunks} gives, in one piece. */
export const readWhole = async (blocking: Redis, from: Stream): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const part of readChunks(blocking, from)) parts.push(part);
  return Buffer.concat(parts);
};

/** Ends the receipt, which comes before the bytes of the last part. */
const newline = 10;

/** The last part has its own kind, so that no bytes can be mistaken for it. */
const endOf = (key: string): string => `${key}/end`;

const opened = (open: () => Buffer): Buffer | undefined => {
  try {
    return open();
  } catch {
    return undefined;
  }
};

/** Waits until there is room for one more part. */
const room = async (redis: Redis, key: string, waiting: number, signal: AbortSignal): Promise<void> => {
  let [left, waitMs, waitedMs] = [waiting, shortestWaitMs, 0];
  while (left >= mostWaiting) {
    if (waitedMs > patienceMs) throw new ChunkError(`nothing of ${key} has been taken for ${patienceMs / 1000} s`);
    await pause(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    waitedMs += waitMs;
    const now = await redis.llen(key);
    if (now < left) waitedMs = 0;
    waitMs = now < left ? shortestWaitMs : Math.min(2 * waitMs, longestWaitMs);
    left = now;
  }
};

const next = async (blocking: Redis, key: string, signal: AbortSignal): Promise<Buffer> => {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 1000) {
    signal.throwIfAborted();
    const popped = await blocking.blpopBuffer(key, 1);
    if (popped !== null) return popped[1];
  }
  throw new ChunkError(`nothing of ${key} has come for ${patienceMs / 1000} s`);
};

/** The same bytes in parts of one size, except for the last; larger ones are cut without a copy. */
async function* inChunks(bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let [waiting, length]: [Uint8Array[], number] = [[], 0];
  for await (const part of bytes) {
    let rest = part;
    while (length + rest.length >= chunkBytes) {
      const some = rest.subarray(0, chunkBytes - length);
      yield waiting.length === 0 ? some : Buffer.concat([...waiting, some]);
      rest = rest.subarray(some.length);
      [waiting, length] = [[], 0];
    }
    if (rest.length > 0) waiting.push(rest);
    length += rest.length;
  }
  if (length > 0) yield Buffer.concat(waiting);
}
