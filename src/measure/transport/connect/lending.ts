import type { Clock } from '../../../core/clock.ts';
import { dialsAtOnce } from './dial.ts';

/** A connection as a pool sees it. */
export interface Lent {
  readonly isOpen: boolean;
  /** Nothing was sent on it yet, and it has never been idle: the target cannot have closed it for that. */
  isNew: boolean;
  discard(): void;
}

/** What a pool of connections is made of. */
export interface LendingOptions<Connection extends Lent> {
  /** Opens one. */
  readonly open: () => Promise<Connection>;
  readonly clock: Clock;
  /** How long opening one may take. */
  readonly timeoutUs: number;
}

interface Waiting<Connection> {
  readonly sinceUs: number;
  readonly mustBeNew: boolean;
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The connections of a slot, lent for the length of one request: the one used last goes first, and one is opened when a request
 * finds none, never before.
 *
 * Whoever waits takes what comes first: a connection that was opened, or one that another request gives back; what then is open
 * and not needed stays idle. As with the pools of Go's net/http and of hyper.
 *
 * @cost of a request that finds one: a pop and a push
 */
export class Lending<Connection extends Lent> {
  readonly #options: LendingOptions<Connection>;
  /** Last in, first out: idle connections stay idle, and few of them are in use. */
  readonly #idle: Connection[] = [];
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting<Connection>>();
  #dialling = 0;
  #openedUs = -Infinity;
  #over: Error | undefined;

  constructor(options: LendingOptions<Connection>) {
    this.#options = options;
  }

  /** An idle connection; undefined: there is none. */
  take(): Connection | undefined {
    for (let one = this.#idle.pop(); one !== undefined; one = this.#idle.pop()) {
      if (one.isOpen) return one;
      one.discard();
    }
    return undefined;
  }

  /**
   * Waits for a connection. Whoever gets one looks whether it still is open.
   *
   * @param mustBeNew not one that was in use before
   * @throws why none could be opened
   */
  async wait(mustBeNew: boolean): Promise<Connection> {
    return new Promise((resolve, reject) => {
      if (this.#over !== undefined) return reject(this.#over);
      this.#waiting.add({ sinceUs: this.#options.clock.now(), mustBeNew, resolve, reject });
      return this.#dialForAll();
    });
  }

  /** Takes a connection back on which the answer is in. */
  giveBack(connection: Connection): void {
    if (this.#waiting.size > 0 && this.#handOver(connection)) return;
    this.#idle.push(connection);
  }

  /** Takes one that somebody else has opened. */
  adopt(connection: Connection): void {
    if (this.#handOver(connection)) return;
    connection.isNew = false;
    // Below those that were in use.
    this.#idle.unshift(connection);
  }

  /** Closes what is idle: it may hold a worker of the target for which others wait. */
  closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.discard();
  }

  /** Lends no more: who waits is told so. */
  end(error: Error): void {
    this.#over ??= error;
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting.clear();
  }

  #dialForAll(): void {
    while (this.#dialling < Math.min(dialsAtOnce, this.#waiting.size)) void this.#dial();
  }

  async #dial(): Promise<void> {
    const { clock, open } = this.#options;
    const begunUs = clock.now();
    this.#dialling++;
    try {
      const connection = await open();
      this.#openedUs = clock.now();
      this.#dialling--;
      if (this.#over === undefined) this.adopt(connection);
      else connection.discard();
    } catch (error) {
      this.#dialling--;
      this.#failed(error, begunUs);
    }
    this.#dialForAll();
  }

  #handOver(connection: Connection): boolean {
    for (const waiting of this.#waiting) {
      if (waiting.mustBeNew && !connection.isNew) continue;
      this.#waiting.delete(waiting);
      waiting.resolve(connection);
      return true;
    }
    return false;
  }

  /** Told to who has waited longest, and to all for whom the time to connect has passed without anybody getting through. */
  #failed(error: unknown, begunUs: number): void {
    const longAgoUs = this.#options.clock.now() - this.#options.timeoutUs;
    const isDeaf = this.#openedUs <= longAgoUs;
    let isTold = false;
    for (const waiting of this.#waiting) {
      const { sinceUs, reject } = waiting;
      // What was begun for somebody else, who has found another: it has a try of its own.
      if (isTold ? !isDeaf || sinceUs > longAgoUs : sinceUs > begunUs) return;
      isTold = true;
      this.#waiting.delete(waiting);
      reject(error);
    }
  }
}
