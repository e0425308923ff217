import type { Clock } from '../../../core/clock.ts';
import { dialsAtOnce } from './dial.ts';
import type { Keeping } from './keeping.ts';

/** A connection as a pool sees it. */
export interface Lent {
  readonly isOpen: boolean;
  /** Nothing was sent on it yet, and it has never been idle: the target cannot have closed it for that. */
  isNew: boolean;
  /** Answers that came on it. */
  readonly answers: number;
  discard(): void;
}

/** A target that closes what it has just taken is not asked forever: what is open then will do. */
const mostTries = 8;

/** A target that always closed such a connection by itself would have done so by now. */
const longestDoubtUs = 1_000_000;

/** What a pool of connections is made of. */
export interface LendingOptions<Connection extends Lent> {
  /** Opens one. */
  readonly open: () => Promise<Connection>;
  readonly clock: Clock;
  /** How long opening one may take. */
  readonly timeoutUs: number;
  readonly keeping: Keeping;
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
  /** Those that the target is expected to close. */
  #spent: { readonly connection: Connection; readonly sinceUs: number }[] = [];
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting<Connection>>();
  /** What is lent now was looked at a moment ago. */
  #isSure = false;
  #dialling = 0;
  #openedUs = -Infinity;
  #over: Error | undefined;

  constructor(options: LendingOptions<Connection>) {
    this.#options = options;
  }

  /** An idle connection; undefined: there is none. @param isIdempotent the request may be sent twice */
  take(isIdempotent: boolean): Connection | undefined {
    for (let one = this.#idle.pop(); one !== undefined; one = this.#idle.pop()) {
      if (!one.isOpen) one.discard();
      else if (!this.#isSpent(one, isIdempotent)) return one;
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

  /**
   * Whether a request that may be sent but once waits a moment before it goes out on this one: an end that came behind the last
   * answer is known then.
   */
  isDoubtful({ answers }: Connection): boolean {
    return !this.#isSure && answers > 0 && this.#options.keeping.isDoubtful;
  }

  /**
   * Waits for so many connections, each of them open, and puts them where {@link take} finds them first, before anybody else's
   * turn: `then` is to take them. Where one cannot be opened, there are fewer.
   *
   * @param then is told how long it took to open those that were missing, in µs; 0: none was
   */
  async together(connections: number, then: (openedUs: number) => void): Promise<void> {
    const { clock } = this.#options;
    let held: Connection[] = [];
    let sinceUs: number | undefined;
    let isLookedAt = false;
    for (let tries = 0; tries < mostTries; tries++) {
      let idle: Connection | undefined;
      while (held.length < connections && (idle = this.take(false)) !== undefined) held.push(idle);
      const missing = connections - held.length;
      if (missing === 0) {
        if (isLookedAt || !held.some((one) => this.isDoubtful(one))) break;
        await moment();
        isLookedAt = true;
        held = held.filter(({ isOpen }) => isOpen);
        continue;
      }
      sinceUs ??= clock.now();
      const waited = await Promise.allSettled(Array.from({ length: missing }, async () => this.wait(false)));
      held.push(...waited.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
      if (waited.some(({ status }) => status === 'rejected')) break;
      // Some may have been closed while others were opened.
      held = held.filter(({ isOpen }) => isOpen);
    }
    this.#idle.push(...held);
    this.#isSure = true;
    try {
      then(sinceUs === undefined ? 0 : clock.now() - sinceUs);
    } finally {
      this.#isSure = false;
    }
  }

  /** Takes a connection back on which the answer is in. */
  giveBack(connection: Connection): void {
    if (this.#waiting.size > 0 && (this.#isSpent(connection, false) || this.#handOver(connection))) return;
    this.#idle.push(connection);
  }

  /** Takes one that somebody else has opened. */
  adopt(connection: Connection): void {
    if (this.#handOver(connection)) return;
    connection.isNew = false;
    // Below those that were in use.
    this.#idle.unshift(connection);
  }

  /** Looks after those that were to be closed: if one stays open for long, the target does not close them by itself. */
  sweep(nowUs: number): void {
    if (this.#spent.length === 0) return;
    this.#spent = this.#spent.filter(({ connection }) => connection.isOpen);
    if (this.#spent.every(({ sinceUs }) => nowUs - sinceUs < longestDoubtUs)) return;
    this.#options.keeping.refute();
    for (const { connection } of this.#spent.splice(0)) this.giveBack(connection);
  }

  /** Closes what is idle: it may hold a worker of the target for which others wait. */
  closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.discard();
    for (const { connection } of this.#spent.splice(0)) connection.discard();
  }

  /** Lends no more: who waits is told so. */
  end(error: Error): void {
    this.#over ??= error;
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting.clear();
  }

  /** Whether it is put aside, as the target is about to close it. */
  #isSpent(connection: Connection, isIdempotent: boolean): boolean {
    const { keeping, clock } = this.#options;
    if (!keeping.isSpent(connection.answers, isIdempotent)) return false;
    this.#spent.push({ connection, sinceUs: clock.now() });
    return true;
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

/** Time in which all that has come is read: the first turn of the event loop may have read before it. */
export const moment = async (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
