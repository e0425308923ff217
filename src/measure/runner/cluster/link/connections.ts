import type { Redis, RedisOptions } from 'ioredis';
import { ContendError, messageOf } from '../../../../core/errors.ts';
import { maskedUrl } from '../../../../core/reach.ts';
import type { Packages } from './packages.ts';
import { inTime, patience } from './patience.ts';

/** A connection that was lost is tried again after this, the longer the more often it was in vain. */
const reconnectMs = (tries: number): number => Math.min(50 * tries, 500);

const options = {
  lazyConnect: true,
  // What is asked waits for a connection that was lost: whoever cannot wait any longer closes all of them.
  maxRetriesPerRequest: null,
  connectTimeout: patience.aliveMs,
  disableClientInfo: true,
  retryStrategy: reconnectMs,
} satisfies RedisOptions;

/** Whether Redis is there: a link that was cut says nothing, and what is asked on it waits. */
export const answers = async (redis: Redis): Promise<boolean> =>
  redis.status === 'ready' &&
  inTime(redis.time(), patience.answerMs).then(
    () => true,
    () => false,
  );

/** The connections of one party to one Redis, which come back by themselves, until they are closed together. */
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
   * One more connection.
   *
   * @throws {ContendError} ERR_REDIS where it cannot be made the first time, or all of them are closed
   */
  async connect(): Promise<Redis> {
    // One that is made later would be closed by nobody, and keep the process.
    if (this.#isClosed) throw this.unusable('its connections are closed');
    const connection = new this.#packages.ioredis.Redis(this.#url, options);
    let trouble: Error | undefined;
    connection.on('error', (error: Error) => {
      trouble = error;
    });
    this.#open.add(connection);
    try {
      await inTime(connection.connect(), patience.aliveMs);
      // A server that wants a password, or forbids this user everything, says so only when it is asked.
      await inTime(connection.time(), patience.aliveMs);
      return connection;
    } catch (error) {
      this.close(connection);
      throw this.unusable(trouble ?? error);
    }
  }

  /** The error of a server that cannot be asked, and why. */
  unusable(why: unknown): ContendError {
    return new ContendError(
      'ERR_REDIS',
      `Redis at ${this.shown} cannot be used: ${messageOf(why)}`,
      'Is redis-server running there, and is the address right? --redis or CONTEND_CLUSTER_REDIS_URL sets it.',
    );
  }

  /** Closes one of them; what was asked on it and not answered rejects. */
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
