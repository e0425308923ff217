import type { Redis } from 'ioredis';
import { parseJson } from '../../../../core/exact/parse.ts';
import { writeJson } from '../../../../core/exact/write.ts';
import { SealError, type Seal } from './seal.ts';

/** A message, by its kind. */
export interface Told {
  readonly kind: string;
}

/** Comes between the kind of a message, which is needed to open it, and its sealed part. */
const newline = 10;

/** A message as it is published. */
export const sealedMessage = (seal: Seal, message: Told): Buffer =>
  Buffer.concat([Buffer.from(`${message.kind}\n`), seal.seal(message.kind, Buffer.from(writeJson(message)))]);

/** The kind that a message claims to be; `undefined` if it is no message. */
export const kindOf = (bytes: Buffer): string | undefined => {
  const end = bytes.subarray(0, 32).indexOf(newline);
  return end < 1 ? undefined : bytes.toString('latin1', 0, end);
};

/**
 * Opens a message.
 *
 * @returns `undefined` if it is not from the other side, or has come before: any client of that Redis can send such a
 * message
 */
export const openedMessage = (seal: Seal, bytes: Buffer): unknown => {
  const kind = kindOf(bytes);
  if (kind === undefined) return undefined;
  try {
    return parseJson(seal.open(kind, bytes.subarray(kind.length + 1)).toString());
  } catch (error) {
    if (error instanceof SealError) return undefined;
    throw error;
  }
};

/** The channels that a connection listens on, each with its listener. */
export class Channels {
  readonly #redis: Redis;
  readonly #listeners = new Map<string, (message: Buffer) => void>();

  /** @param redis a connection that does nothing else from now on */
  constructor(redis: Redis) {
    this.#redis = redis.on('messageBuffer', (channel: Buffer, message: Buffer) =>
      this.#listeners.get(channel.toString())?.(message),
    );
  }

  /** Listens on a channel, even after the connection was lost and came back. */
  async hear(channel: string, listener: (message: Buffer) => void): Promise<void> {
    this.#listeners.set(channel, listener);
    await this.#redis.subscribe(channel);
  }

  /** Stops listening on it. */
  async leave(channel: string): Promise<void> {
    this.#listeners.delete(channel);
    await this.#redis.unsubscribe(channel);
  }
}
