import type { Redis, RedisOptions } from 'ioredis';
import { ContendError, messageOf } from '../../../../core/errors.ts';
import { maskedUrl } from '../../../../core/reach.ts';
import type { Packages } from './packages.ts';
import { inTime, patience } from './patience.ts';

/** A lost connection is tried again after this, a little longer after each failed try. */
const reconnectMs = (tries: number): number => Math.min(50 * tries, 500);

const options = {
  lazyConnect: true,
  // Commands wait until a lost connection is back; to wait no longer, all connections are closed.
  maxRetriesPerRequest: null,
  connectTimeout: patience.aliveMs,
  disableClientInfo: true,
  retryStrategy: reconnectMs,
} satisfies RedisOptions;

/** Whether Redis is there: a link that was cut says nothing, and commands on it wait. */
export const answers = async (redis: Redis): Promise<boolean> =>
  redis.status === 'ready' &&
  inTime(redis.time(), patience.answerMs).then(
    () => true,
    () => false,
  );

/** One party's connections to one Redis. They reconnect by themselves, until they are closed together. */
export class Connections implements Disposable {
  /** The address without its password. */
  readonly shown: string;
  readonly #url: string;
  readonly #packages: Pick<Packages, 'ioredis'>;
  readonly #open = new Set<Redis>();
  #isClosed = false;

  constructor(packages: Pick<Packages, 'ioredis'>, url: string) {
    this.#packages = packages;
    this.#url = url;
    this.shown = maskedUrl(url);
  }

  /**
   * Makes another connection.
   *
   * @throws {ContendError} ERR_REDIS if it cannot be made the first time, or all of them are closed
   */
  async connect(): Promise<Redis> {
    // One made later would never be closed, and keep the process alive.
    if (this.#isClosed) throw this.unusable('its connections are closed');
    const connection = new this.#packages.ioredis.Redis(this.#url, options);
    let trouble: Error | undefined;
    connection.on('error', (error: Error) => {
      trouble = error;
    });
    this.#open.add(connection);
    try {
      await inTime(connection.connect(), patience.aliveMs);
      // A server that wants a password, or forbids this user everything, only says so when it is asked.
      await inTime(connection.time(), patience.aliveMs);
      return connection;
    } catch (error) {
      this.close(connection);
      throw this.unusable(trouble ?? error);
    }
  }

  /** The error of a server that cannot be used, and why. */
  unusable(why: unknown): ContendError {
    return new ContendError(
      'ERR_REDIS',
      `Redis at ${this.shown} cannot be used: ${messageOf(why)}`,
      'Is redis-server running there, and is the address right? --redis or CONTEND_CLUSTER_REDIS_URL sets it.',
    );
  }

  /** Closes one of them; commands without an answer reject. */
  close(connection: Redis): void {
    this.#open.delete(connection);
    connection.disconnect();
  }

  /** Closes all of them. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    for (const connection of this.#open) this.close(connection);
  }
}
