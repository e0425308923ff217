import type { Clock } from '../../core/clock.ts';
import type { Job } from '../../core/slot.ts';
import { timerMs } from '../../core/units.ts';
import { Sleeper } from './sleeper.ts';

/** Waits for the next arrival, for all users of a shard. */
export interface Pacer {
  /** CPU time spent checking the clock with nothing to do, in µs. */
  readonly idleUs: number;
  /** Calls back once the clock has reached `atUs`; replaces an earlier request. Must not be earlier than the one before. */
  wake(atUs: number): void;
  /** Says that the thread has done something since the last look at the clock: the time since then was not idle. */
  worked(): void;
  /** Stops calling back. */
  stop(): void;
}

/** Makes a pacer that calls `due` with the time. `isAtRest` says whether nothing is in flight, so that no answer is kept waiting. */
export type MakePacer = (clock: Clock, due: (nowUs: number) => void, isAtRest: () => boolean) => Pacer;

/** Timers are up to 1.3 ms late: from here on the clock is checked instead. */
const watchUs = 1500;

/** A turn longer than this did more than check the clock, or the thread was held up. */
const idleTurnUs = 20;

/**
 * How often the clock is checked in a turn, for about 2 µs. A turn leaves objects of Node's behind: with only one look in
 * each, collecting them takes more time than the requests of 10,000 arrivals a second.
 */
const looksPerTurn = 64;

/**
 * A nap, while no answer is awaited. It ends about 60 µs late, so it is started for `earlyUs` less than is left. V8's own
 * threads, which compile and collect, get the core meanwhile and need not take it in the middle of a request.
 */
const nap = { leastUs: 100, mostUs: 1000, earlyUs: 150 };
const nobody = new Int32Array(new SharedArrayBuffer(4));

/**
 * Sleeps until shortly before the next arrival, then checks the clock in every turn of the event loop: what comes in
 * meanwhile is read as usual, a microsecond later. Late by microseconds, and takes up what is left of a core while answers
 * are awaited.
 */
class Hybrid implements Pacer {
  readonly #clock: Clock;
  readonly #due: (nowUs: number) => void;
  readonly #isAtRest: () => boolean;
  #atUs = Infinity;
  #isTurning = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the clock was last checked; 0 if it was not, or something was done since. */
  #lookedUs = 0;
  idleUs = 0;

  constructor(clock: Clock, due: (nowUs: number) => void, isAtRest: () => boolean) {
    this.#clock = clock;
    this.#due = due;
    this.#isAtRest = isAtRest;
  }

  wake(atUs: number): void {
    this.#atUs = atUs;
    if (!this.#isTurning) {
      this.#isTurning = true;
      this.#turnAfter(this.#clock.now());
    }
  }

  worked(): void {
    this.#lookedUs = 0;
  }

  stop(): void {
    this.#atUs = Infinity;
    clearTimeout(this.#timer);
    this.#isTurning = false;
  }

  #turnAfter(nowUs: number): void {
    const sleepMs = Math.floor((this.#atUs - nowUs - watchUs) / 1000);
    if (sleepMs < 1) setImmediate(this.#turn);
    else {
      this.#lookedUs = 0;
      this.#timer = setTimeout(this.#turn, sleepMs);
    }
  }

  readonly #turn = (): void => {
    if (!this.#isTurning) return;
    const begunUs = this.#clock.now();
    if (this.#lookedUs > 0) this.idleUs += Math.min(begunUs - this.#lookedUs, idleTurnUs);
    let nowUs = begunUs;
    const napUs = Math.min(this.#atUs - nowUs - nap.earlyUs, nap.mostUs);
    if (napUs >= nap.leastUs && this.#isAtRest()) {
      Atomics.wait(nobody, 0, 0, napUs / 1000);
      nowUs = this.#clock.now();
    } else {
      for (let looks = 1; looks < looksPerTurn && nowUs < this.#atUs; looks++) nowUs = this.#clock.now();
      this.idleUs += Math.min(nowUs - begunUs, idleTurnUs);
    }
    this.#lookedUs = nowUs;
    if (nowUs >= this.#atUs) {
      this.#lookedUs = 0;
      this.#atUs = Infinity;
      this.#due(nowUs);
    }
    if (this.#atUs === Infinity) this.#isTurning = false;
    else this.#turnAfter(nowUs);
  };
}

/** A sleep started closer to its end than this would end too late: checking in each turn costs no more. */
const nearUs = 60;

/**
 * Sleeps until the next arrival, in a thread that can do so more exactly than a timer: about 0.1 ms late, at a tenth of a
 * core for 1,000 arrivals a second. Until that thread is ready it uses a timer, which is up to 1.3 ms late.
 */
class Relaxed implements Pacer {
  readonly #clock: Clock;
  readonly #due: (nowUs: number) => void;
  readonly #sleeper = new Sleeper(() => this.#turn());
  #atUs = Infinity;
  #isWaiting = false;
  #timer: NodeJS.Timeout | undefined;
  readonly idleUs = 0;

  constructor(clock: Clock, due: (nowUs: number) => void) {
    this.#clock = clock;
    this.#due = due;
  }

  wake(atUs: number): void {
    this.#atUs = atUs;
    if (!this.#isWaiting) this.#waitUntil(atUs - this.#clock.now());
  }

  // It counts no idle time.
  worked(): void {}

  stop(): void {
    this.#sleeper.end();
    clearTimeout(this.#timer);
    this.#isWaiting = false;
    this.#atUs = Infinity;
  }

  #waitUntil(leftUs: number): void {
    this.#isWaiting = true;
    if (leftUs < nearUs) setImmediate(this.#turn);
    else if (this.#sleeper.isReady) this.#sleeper.sleep(leftUs - nearUs);
    else this.#timer = setTimeout(this.#turn, timerMs(leftUs));
  }

  readonly #turn = (): void => {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    const nowUs = this.#clock.now();
    const atUs = this.#atUs;
    if (nowUs >= atUs) {
      this.#atUs = Infinity;
      this.#due(nowUs);
    } else if (atUs < Infinity) this.#waitUntil(atUs - nowUs);
  };
}

/** The pacers, by the word of a job's `pacing`. */
export const pacers: { readonly [pacing in Job['pacing']]: MakePacer } = {
  hybrid: (clock, due, isAtRest) => new Hybrid(clock, due, isAtRest),
  relaxed: (clock, due) => new Relaxed(clock, due),
};
