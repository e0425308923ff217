import { randomUUID } from 'node:crypto';
import { stream, uniform } from '../../../core/random.ts';
import { timerMs } from '../../../core/units.ts';
import type { User } from '../../user.ts';
import type { Guard, GuardOptions, Hold } from '../lock.ts';
import { notOurs, othersTurn, RedisClient, type Asking } from './client.ts';
import { Leases, type Lease } from './leases.ts';
import type { LockOptions } from '../syntax.ts';
import { over, refusal, Waiters, type Line } from './waiters.ts';

/** When Redis did not answer, waiting users are sent away after this and no sooner: they come back at once. */
const failurePauseMs = 50;

/** How long work under way may still take when the slot is over. */
const closingMs = 2500;

const ofPauses = stream('pauses before a lease is asked for again');

const ignored = (): void => undefined;

/** One key's lease in this process: the user that has it or asks Redis for it, and those that wait behind. */
interface Place {
  readonly key: string;
  readonly line: Line;
  /** How often the lease went from user to user here since this process got it. */
  passes: number;
  /** The lease was given back elsewhere since Redis was last asked. */
  isTold: boolean;
  /** Ends the pause before Redis is asked again. */
  wake: () => void;
}

/**
 * A lease in Redis for each key. In this process the users that want it stand in line, first come first served. The first
 * one asks Redis, and one that leaves hands the lease on to the next in one step, up to 16 times while another process waits
 * for it, too. Then it is given back, the process that has waited longest is notified, and for a moment no user here asks. A
 * process that is not notified asks again after a pause. The order among processes is not guaranteed.
 *
 * @cost one question to Redis for each user that gets in
 */
export class RedisGuard implements Guard {
  readonly name = 'redis';
  readonly #how: GuardOptions;
  readonly #options: LockOptions['redis'];
  readonly #keyOf: (user: User) => string;
  readonly #process = randomUUID();
  readonly #waiters: Waiters;
  readonly #places = new Map<string, Place>();
  readonly #placeOf = new WeakMap<Line, Place>();
  readonly #underWay = new Set<Promise<void>>();
  #client: RedisClient | undefined;
  #leases: Leases | undefined;
  /** Of this process, not of the run: processes of one run must not ask in step. */
  readonly #seed = stream(this.#process);
  #owners = 0;
  #pauses = 0;

  constructor(how: GuardOptions, options: LockOptions['redis'], keyOf: (user: User) => string) {
    this.#how = how;
    this.#options = options;
    this.#keyOf = keyOf;
    this.#waiters = new Waiters(how, (line) => this.#placeOf.get(line)?.wake());
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** @throws {ContendError} ERR_MISSING_PACKAGE, ERR_REDIS */
  async open(): Promise<void> {
    this.#client = await RedisClient.open(this.#options.url, this.#process, (key) => {
      const place = this.#places.get(key);
      if (place === undefined) return;
      place.isTold = true;
      place.wake();
    });
    this.#leases = new Leases(this.#client, this.#how.clock, this.#options);
  }

  /** Waits, briefly, until what was held is given back, and ends the connections. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closingMs);
    });
    const ended = async (): Promise<void> => {
      while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    };
    await Promise.race([ended(), late]);
    clearTimeout(timer);
    this.#leases?.end();
    await this.#client?.[Symbol.asyncDispose]();
  }

  acquire(user: User): Hold | Promise<Hold> {
    if (this.#how.signal.aborted) return over;
    const key = this.#keyOf(user);
    const there = this.#places.get(key);
    const place = there ?? this.#newPlace(key);
    const held = this.#waiters.join(place.line, user);
    if (there === undefined) this.#do(this.#obtain(place));
    else user.queue = place.line.size;
    return held;
  }

  #newPlace(key: string): Place {
    const place = { key, line: new Set<never>(), passes: 0, isTold: false, wake: ignored };
    this.#places.set(key, place);
    this.#placeOf.set(place.line, place);
    return place;
  }

  #do(work: Promise<void>): void {
    const ended = work.finally(() => this.#underWay.delete(ended));
    this.#underWay.add(ended);
  }

  #asking(key: string): Asking {
    return { key, owner: `${this.#process}:${this.#owners++}`, ttlMs: timerMs(this.#options.ttlUs) };
  }

  /** Asks Redis for the lease until a user here has it or none wants it any more. */
  async #obtain(place: Place): Promise<void> {
    const client = this.#client!;
    const { line, key } = place;
    const longestMs = timerMs(this.#options.retryUs[1]);
    for (let tries = 0; line.size > 0; tries++) {
      place.isTold = false;
      const asking = this.#asking(key);
      let answer: number;
      try {
        answer = await client.acquire(asking, 2 * longestMs + 1000);
      } catch (error) {
        await this.#sendAway(place, asking, client.why(error));
        continue;
      }
      if (answer > 0) return this.#enter(place, asking, answer);
      const [first] = line;
      if (first !== undefined) first.user.queue ||= 1;
      if (!place.isTold && line.size > 0) await pause(place, Math.min(-answer, this.#backoffMs(tries)));
    }
    this.#places.delete(key);
  }

  /** Redis did not answer: the others in line would fare no better. */
  async #sendAway(place: Place, asking: Asking, why: string): Promise<void> {
    this.#giveBack(asking);
    if (place.line.size > 0) await pause(place, failurePauseMs);
    const text = `redis lock: ${this.#client!.shown} cannot be reached: ${why}`;
    this.#waiters.sendAway(place.line, refusal({ failure: 'redis', text }));
  }

  /** Lets the first in line in; gives the lease back if the line is empty. */
  async #enter(place: Place, asking: Asking, token: number): Promise<void> {
    const lease = this.#leases!.hold(asking, token);
    const hold: Hold = { token, release: async () => this.#release(place, lease) };
    if (!this.#waiters.admit(place.line, hold)) await this.#release(place, lease);
  }

  async #release(place: Place, lease: Lease): Promise<'kept' | 'lapsed'> {
    this.#leases!.letGo(lease);
    const next = place.line.size > 0 ? this.#asking(place.key) : undefined;
    // If the connection is lost, the lease expires by itself, and what the clock says about it stands.
    const left = await this.#client!.leave(lease, next?.owner, place.passes).catch(() => undefined);
    this.#do(this.#handOn(place, next, left));
    return lease.lapsed || left === notOurs ? 'lapsed' : 'kept';
  }

  async #handOn(place: Place, next: Asking | undefined, left: number | undefined): Promise<void> {
    if (next !== undefined && left !== undefined && left > 0) {
      place.passes++;
      return this.#enter(place, next, left);
    }
    if (next !== undefined && left === undefined) this.#giveBack(next);
    place.passes = 0;
    if (left === othersTurn) await pause(place, this.#backoffMs(0));
    return this.#obtain(place);
  }

  /** Gives back a lease that may have been granted. If Redis cannot be reached for that either, the lease expires. */
  #giveBack(asking: Asking): void {
    this.#do(this.#client!.leave(asking, undefined, 0).then(ignored, ignored));
  }

  /** Before try n + 1: between half and all of a time that doubles each time, so that processes do not ask in step. */
  #backoffMs(tries: number): number {
    const [least, most] = this.#options.retryUs;
    const upTo = Math.min(most, least * 2 ** tries);
    return timerMs(upTo * (0.5 + uniform(this.#seed, ofPauses, this.#pauses++) / 2));
  }
}

/** Ends early when there is news of the lease, or when the line is empty. */
const pause = async (place: Place, ms: number): Promise<void> => {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    place.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  place.wake = ignored;
};
