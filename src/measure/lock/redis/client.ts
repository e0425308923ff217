import type { RedisOptions } from 'ioredis';
import { ContendError, messageOf } from '../../../core/errors.ts';
import { loadOptional } from '../../../core/optional-package.ts';
import { maskedUrl } from '../../../core/reach.ts';
import { releasedChannel, scripts, tokensKey, waitingKey, type ScriptedRedis } from './scripts.ts';

/** How long a connection, or an answer on it, may take: Redis needs a millisecond for either. */
const patienceMs = 2000;

/** A lost connection is tried again after this, a little longer after each failed try. */
const reconnectMs = (tries: number): number => Math.min(50 * tries, 500);

/** What ioredis says, with a different reason each time, of a command that has no connection. */
const ofClosed = /max retries per request|isn't writeable|Connection is closed/;

const importRedis = async () => import('ioredis');

/**
 * Loads ioredis, which is not installed with contend.
 *
 * @throws {ContendError} ERR_MISSING_PACKAGE
 */
export const loadRedis = (load: typeof importRedis = importRedis) =>
  loadOptional(load, { user: 'lock: redis', name: 'ioredis' });

/** What leaving answers for a lease that had run out, and for one whose next turn was announced to another process. */
export const [notOurs, othersTurn] = [-1, -2] as const;

/** What a lease is asked for with. */
export interface Asking {
  readonly key: string;
  /** Unique to this lease: only its owner can give it back. */
  readonly owner: string;
  readonly ttlMs: number;
}

/**
 * A Redis server that keeps leases, over two connections: one for commands, one for notifications. No command is sent twice:
 * one that was under way when a connection was lost rejects, and so does, at once, one that is sent before the connection is
 * back.
 */
export class RedisClient implements AsyncDisposable {
  /** The address without its password. */
  readonly shown: string;
  /** Names this client among all that wait for the same lease. */
  readonly #process: string;
  readonly #commands: ScriptedRedis;
  readonly #news: ScriptedRedis;
  #trouble: Error | undefined;

  private constructor(url: string, process: string, [commands, news]: readonly [ScriptedRedis, ScriptedRedis]) {
    this.shown = maskedUrl(url);
    this.#process = process;
    this.#commands = commands;
    this.#news = news;
    for (const connection of [commands, news]) {
      connection.on('error', (error: Error) => {
        this.#trouble = error;
      });
    }
  }

  /**
   * Connects.
   *
   * @param released called with the key of a lease that another process has given back, when this one has waited longest
   * @throws {ContendError} ERR_MISSING_PACKAGE, ERR_REDIS
   */
  static async open(url: string, process: string, released: (key: string) => void): Promise<RedisClient> {
    const { Redis } = await loadRedis();
    const options = {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      commandTimeout: patienceMs,
      connectTimeout: patienceMs,
      // Applies even where the connection is already gone.
      disconnectTimeout: 100,
      disableClientInfo: true,
      retryStrategy: reconnectMs,
      scripts,
    } satisfies RedisOptions;
    const connect = (): ScriptedRedis => new Redis(url, options) as ScriptedRedis;
    const client = new RedisClient(url, process, [connect(), connect()]);
    try {
      await client.#connect(released);
      return client;
    } catch (error) {
      client.#disconnect();
      throw new ContendError(
        'ERR_REDIS',
        `Redis at ${client.shown} cannot be used: ${client.why(error)}`,
        'Is redis-server running there, and is the address right? The scenario sets it with lock: { redis: { url: … } }.',
      );
    }
  }

  /** What is wrong with the server, after an answer did not come. */
  why(error: unknown): string {
    const said = messageOf(this.#trouble ?? error);
    if (said === 'Command timed out') return `no answer within ${patienceMs / 1000} s`;
    return ofClosed.test(said) ? 'the connection was closed' : said;
  }

  /** @returns the token; or, less than 0, how many ms at most another owner's lease still has */
  async acquire({ key, owner, ttlMs }: Asking, waitsMs: number): Promise<number> {
    return this.#commands.contendAcquire(key, tokensKey, waitingKey(key), owner, ttlMs, this.#process, waitsMs);
  }

  /**
   * Gives a lease back, or hands it on to the next user of this process.
   *
   * @param next `undefined` if no user here wants it
   * @param passes how often it was handed on here since this process got it
   * @returns the next one's token; 0 if it was given back; {@link notOurs}; {@link othersTurn}
   */
  async leave({ key, owner, ttlMs }: Asking, next: string | undefined, passes: number): Promise<number> {
    const commands = this.#commands;
    return commands.contendLeave(key, tokensKey, waitingKey(key), owner, next ?? '', ttlMs, passes);
  }

  /** @returns whether the lease was still ours */
  async renew({ key, owner, ttlMs }: Asking): Promise<boolean> {
    return (await this.#commands.contendRenew(key, owner, ttlMs)) === 1;
  }

  /** Ends both connections; commands under way are waited for, briefly. */
  async [Symbol.asyncDispose](): Promise<void> {
    // If the connection is lost or the server has ended it, there is nothing left to wait for.
    if (this.#commands.status === 'ready') await this.#commands.quit().catch(() => 'lost');
    this.#disconnect();
  }

  async #connect(released: (key: string) => void): Promise<void> {
    await Promise.all([this.#commands.connect(), this.#news.connect()]);
    // The server's user may not be allowed to run scripts.
    await this.renew({ key: tokensKey, owner: '', ttlMs: 0 });
    // A missing database only shows as an event, and database 0 is used in its place.
    if (this.#trouble !== undefined) throw this.#trouble;
    this.#news.on('message', (_channel: string, message: string) => {
      const at = message.indexOf(' ');
      if (message.slice(0, at) === this.#process) released(message.slice(at + 1));
    });
    await this.#news.subscribe(releasedChannel);
    this.#commands.on('ready', () => {
      this.#trouble = undefined;
    });
  }

  #disconnect(): void {
    this.#commands.disconnect();
    this.#news.disconnect();
  }
}
