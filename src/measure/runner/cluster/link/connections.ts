import type { Redis, RedisOptions } from 'ioredis';
import { ContendError, messageOf } from '../../../../core/errors.ts';
import { maskedUrl } from '../../../../core/reach.ts';
import type { Packages } from './packages.ts';

/** How long the first connection may take. */
const patienceMs = 5000;

/** A connection that was lost is tried again after this, the longer the more often it was in vain. */
const reconnectMs = (tries: number): number => Math.min(50 * tries, 500);

const options = {
  lazyConnect: true,
  // What is asked waits for a connection that was lost: whoever cannot wait any longer closes all of them.
  maxRetriesPerRequest: null,
  connectTimeout: patienceMs,
  disableClientInfo: true,
  retryStrategy: reconnectMs,
} satisfies RedisOptions;

/** The connections of one party to one Redis, which come back by themselves, until they are closed together. */
export class Connections implements Disposable {
  /** The address without its password. */
  readonly shown: string;
  readonly #url: string;
  readonly #packages: Packages;
  readonly #open = new Set<Redis>();

  constructor(packages: Packages, url: string) {
    this.#packages = packages;
    this.#url = url;
    this.shown = maskedUrl(url);
  }

  /**
   * One more connection.
   *
   * @throws {ContendError} ERR_REDIS where it cannot be made the first time
   */
  async connect(): Promise<Redis> {
    const connection = new this.#packages.ioredis.Redis(this.#url, options);
    let trouble: Error | undefined;
    connection.on('error', (error: Error) => {
      trouble = error;
    });
    this.#open.add(connection);
    try {
      await connection.connect();
      // A server that wants a password, or forbids this user everything, says so only when it is asked.
      await connection.time();
      return connection;
    } catch (error) {
      this.close(connection);
      throw new ContendError(
        'ERR_REDIS',
        `Redis at ${this.shown} cannot be used: ${messageOf(trouble ?? error)}`,
        'Is redis-server running there, and is the address right? It is --redis, or CONTEND_CLUSTER_REDIS_URL.',
      );
    }
  }

  /** Closes one of them; what was asked on it and not answered rejects. */
  close(connection: Redis): void {
    this.#open.delete(connection);
    connection.disconnect();
  }

  /** Closes all of them. */
  [Symbol.dispose](): void {
    for (const connection of this.#open) this.close(connection);
  }
}
