import type { Clock } from '../../core/clock.ts';
import type { Micros } from '../../core/units.ts';
import type { User } from '../user.ts';
import { firstWarmupIteration, type Arrivals } from './arrivals.ts';
import { Line } from './line.ts';
import type { MakePacer, Pacer } from './pacer.ts';
import type { Schedule } from './schedule.ts';

/** What an open load is made of. */
export interface OpenOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** How the shard's users wait for an arrival. */
  readonly pacer: MakePacer;
  /** An interruption moves `toUs` to the time at which it happened; Infinity: until the schedule ends. */
  readonly window: { readonly fromUs: number; readonly toUs: number };
  /** Of this shard alone. */
  readonly users: number;
  /** How many of the shard's arrivals may wait for a free user; `null`: any number, which takes no memory. */
  readonly queue: number | null;
  /** Once aborted, no new iterations start. */
  readonly signal: AbortSignal;
  /** Called for every measured arrival that no user took. */
  readonly onDropped?: ((dueUs: number) => void) | undefined;
}

/** A user that waits for an arrival. */
interface Waiting {
  readonly user: User;
  readonly begin: (dueUs: Micros | undefined) => void;
}

/**
 * Open load: iterations begin when they are due, as long as a user is free; an arrival that finds none waits for one.
 *
 * What happens to an arrival while all users are busy is only worked out when a user comes back. The outcome is the same as
 * if it had been decided at once: everything due by then has entered the line or was dropped before anything is taken.
 *
 * @cost an iteration for which a user waits: one promise; one that was due already: none
 */
export const open = (options: OpenOptions): Arrivals => new Open(options);

class Open implements Arrivals {
  readonly #options: OpenOptions;
  readonly #pacer: Pacer;
  /** `undefined` with an unlimited queue: the arrivals that wait are then a stretch of the schedule. */
  readonly #line: Line | undefined;
  /** The user that became free last goes first: its caches and its connection are warm. */
  readonly #free: Waiting[] = [];
  /** Users that have not asked yet: free from the beginning. */
  #unborn: number;
  #isOver = false;
  readonly beginsAtOnce = false;
  dropped = 0;

  constructor(options: OpenOptions) {
    const { clock, pacer, users, queue, signal } = options;
    this.#options = options;
    this.#unborn = users;
    this.#line = queue === null ? undefined : new Line(queue + users);
    this.#pacer = pacer(
      clock,
      (nowUs) => this.#due(nowUs),
      () => this.#free.length + this.#unborn >= users,
    );
    if (signal.aborted) this.#end(clock.now());
    else signal.addEventListener('abort', () => this.#end(clock.now()), { once: true });
  }

  get idleUs(): number {
    return this.#pacer.idleUs;
  }

  next(user: User): Micros | undefined | Promise<Micros | undefined> {
    const { clock, window } = this.#options;
    this.#pacer.worked();
    if (this.#isOver) return undefined;
    const { freeUs } = user;
    if (freeUs === 0) this.#unborn--;
    const nowUs = clock.now();
    if (this.#free.length > 0) this.#handOut(freeUs);
    this.#enter(freeUs);
    if (freeUs < window.toUs) {
      const dueUs = this.#take(user, nowUs);
      if (dueUs !== undefined) {
        // This thread noticed before the pacer did: the other free users need not wait for it.
        this.#handOut(nowUs);
        return dueUs;
      }
    }
    if (this.#isOverAt(nowUs)) {
      this.#due(nowUs);
      return undefined;
    }
    return new Promise((begin) => {
      this.#free.push({ user, begin });
      this.#pacer.wake(this.#nextUs());
    });
  }

  /** Called by the pacer: an arrival is due, or the window closes. */
  #due(nowUs: number): void {
    this.#handOut(nowUs);
    if (this.#isOverAt(nowUs)) this.#end(nowUs);
    else if (this.#free.length > 0) this.#pacer.wake(this.#nextUs());
  }

  #handOut(byUs: number): void {
    while (this.#free.length > 0) {
      const { user, begin } = this.#free.at(-1)!;
      const dueUs = this.#take(user, byUs);
      if (dueUs === undefined) return;
      this.#free.pop();
      begin(dueUs);
    }
  }

  /** Lets everything due before then enter the line, if there is one; an arrival that finds it full is dropped. */
  #enter(beforeUs: number): void {
    const line = this.#line;
    if (line === undefined) return;
    const { schedule, window, queue } = this.#options;
    const room = queue! + this.#unborn;
    while (schedule.dueUs < beforeUs && schedule.dueUs < window.toUs) {
      if (line.length < room) line.push(schedule.dueUs, schedule.iteration);
      else this.#drop(schedule);
      schedule.advance();
    }
  }

  /** Gives the user the arrival that has waited longest, if one was due by then. */
  #take(user: User, byUs: number): Micros | undefined {
    const { schedule, window } = this.#options;
    const line = this.#line;
    const from = line !== undefined && line.length > 0 ? line : schedule;
    const { dueUs, iteration } = from;
    if (dueUs > byUs || dueUs >= window.toUs) return undefined;
    user.iteration = iteration;
    user.measured = iteration < firstWarmupIteration;
    from.advance();
    return dueUs as Micros;
  }

  /** When there is next something to do for a waiting user. */
  #nextUs(): number {
    const { schedule, window } = this.#options;
    return Math.min(schedule.dueUs, window.toUs);
  }

  #isOverAt(nowUs: number): boolean {
    const { schedule, window } = this.#options;
    if (window.toUs < Infinity) return nowUs >= window.toUs;
    return schedule.dueUs === Infinity && (this.#line?.length ?? 0) === 0;
  }

  /** Starts no new iterations: arrivals that were due by now and still wait are dropped. */
  #end(nowUs: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { schedule, window } = this.#options;
    const line = this.#line;
    const endUs = Math.min(window.toUs, nowUs);
    for (let left = line?.length ?? 0; left > 0; left--) {
      this.#drop(line!);
      line!.advance();
    }
    for (; schedule.dueUs < endUs; schedule.advance()) this.#drop(schedule);
    this.#pacer.stop();
    for (const { begin } of this.#free.splice(0)) begin(undefined);
  }

  #drop({ iteration, dueUs }: { readonly iteration: number; readonly dueUs: number }): void {
    if (iteration >= firstWarmupIteration) return;
    this.dropped++;
    this.#options.onDropped?.(dueUs);
  }
}
