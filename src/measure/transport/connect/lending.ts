import type { Clock } from '../../../core/clock.ts';
import { dialsAtOnce } from './dial.ts';
import type { Keeping } from './keeping.ts';

/** A connection as a pool sees it. */
export interface Lent {
  readonly isOpen: boolean;
  /** Nothing was sent on it yet, and it has never been idle, so the target cannot have closed it for that. */
  isNew: boolean;
  /** Answers that came on it. */
  readonly answers: number;
  discard(): void;
}

/** If a target closes connections as soon as it has accepted them, this is the number of tries: then those that are open will do. */
const mostTries = 8;

/** A target that closes such connections by itself would have done so by now. */
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
 * The connections of a slot, lent for the duration of one request: the last one used goes first, and a new one is only
 * opened when a request finds none.
 *
 * A waiting request takes whatever comes first: a new connection, or one that another request gives back. A connection that
 * is then open and not needed stays idle. The pools of Go's net/http and of hyper do the same.
 *
 * @cost for a request that finds one: a pop and a push
 */
export class Lending<Connection extends Lent> {
  readonly #options: LendingOptions<Connection>;
  /** Last in, first out: idle connections stay idle, and few of them are in use. */
  readonly #idle: Connection[] = [];
  /** Connections that the target is expected to close. */
  #spent: { readonly connection: Connection; readonly sinceUs: number }[] = [];
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting<Connection>>();
  /** Connections lent now were checked a moment ago. */
  #isSure = false;
  #dialling = 0;
  #openedUs = -Infinity;
  #over: Error | undefined;

  constructor(options: LendingOptions<Connection>) {
    this.#options = options;
  }

  /** An idle connection; `undefined` if there is none. @param isIdempotent the request may be sent twice */
  take(isIdempotent: boolean): Connection | undefined {
    for (let one = this.#idle.pop(); one !== undefined; one = this.#idle.pop()) {
      if (!one.isOpen) one.discard();
      else if (!this.#isSpent(one, isIdempotent)) return one;
    }
    return undefined;
  }

  /**
   * Waits for a connection. The caller checks whether it is still open.
   *
   * @param mustBeNew it must not have been in use before
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
   * Whether a request that may only be sent once waits a moment before it goes out on this connection: an end that came
   * right after the last answer is known by then.
   */
  isDoubtful({ answers }: Connection): boolean {
    return !this.#isSure && answers > 0 && this.#options.keeping.isDoubtful;
  }

  /**
   * Waits for this many open connections, and puts them where {@link take} finds them first, before any other request runs:
   * `then` is to take them. If one cannot be opened, there are fewer.
   *
   * @param then gets the time that opening the missing ones took, in µs; 0 if none was missing
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

  /** Takes back a connection whose answer has arrived. */
  giveBack(connection: Connection): void {
    if (this.#waiting.size > 0 && (this.#isSpent(connection, false) || this.#handOver(connection))) return;
    this.#idle.push(connection);
  }

  /** Takes a connection that was opened elsewhere. */
  adopt(connection: Connection): void {
    if (this.#handOver(connection)) return;
    connection.isNew = false;
    // Below those that were in use.
    this.#idle.unshift(connection);
  }

  /** Checks the connections that were expected to be closed: if one stays open for long, the target does not close them by itself. */
  sweep(nowUs: number): void {
    if (this.#spent.length === 0) return;
    this.#spent = this.#spent.filter(({ connection }) => connection.isOpen);
    if (this.#spent.every(({ sinceUs }) => nowUs - sinceUs < longestDoubtUs)) return;
    this.#options.keeping.refute();
    for (const { connection } of this.#spent.splice(0)) this.giveBack(connection);
  }

  /** Closes idle connections: they may hold workers of the target that others wait for. */
  closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.discard();
    for (const { connection } of this.#spent.splice(0)) connection.discard();
  }

  /** Stops lending: waiting requests get this error. */
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

  /**
   * Passes the error to the request that has waited longest, and to all whose time to connect has passed without any
   * connection being opened.
   */
  #failed(error: unknown, begunUs: number): void {
    const longAgoUs = this.#options.clock.now() - this.#options.timeoutUs;
    const isDeaf = this.#openedUs <= longAgoUs;
    let isTold = false;
    for (const waiting of this.#waiting) {
      const { sinceUs, reject } = waiting;
      // This dial was started for another request, which has since found a connection: the present one gets its own try.
      if (isTold ? !isDeaf || sinceUs > longAgoUs : sinceUs > begunUs) return;
      isTold = true;
      this.#waiting.delete(waiting);
      reject(error);
    }
  }
}

/** Time to read everything that has arrived: the first turn of the event loop may have read before it arrived. */
export const moment = async (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
