import type { Redis } from 'ioredis';
import type { Host } from '../../../../core/host.ts';

/** One question for the time, between two readings of a monotonic clock; all in µs. */
export interface Bracket {
  readonly beforeUs: number;
  readonly afterUs: number;
  /** What was answered: whole µs since 1970, the begun one left out. */
  readonly referenceUs: number;
}

/** How far a clock is behind the reference, and how wrong that is at most. */
export interface Offset {
  /** Reference less monotonic clock. */
  readonly offsetUs: number;
  readonly errorUs: number;
}

/** The rate by which two clocks drift apart at most: 500 ppm each, as far as ntpd slews one. */
const driftRate = 2 * 500e-6;

/** Of brackets, all that are looked at around a moment: those further away say less. */
const nearest = 16;

/** An hour and more of five a second. */
const mostBrackets = 20_000;

/** A bracket as bounds of the offset at a moment of which only `fromUs … toUs` is known. */
interface Bound {
  readonly fromUs: number;
  readonly toUs: number;
  readonly least: number;
  readonly most: number;
}

/**
 * What is known of a reference clock, by questions for its time (Cristian, 1989): an answer was made between the two readings
 * around it, wherever in between. So each gives bounds for the offset that hold however unlike the ways there and back are;
 * those of several, each grown by what the clocks may have drifted since, hold together.
 *
 * @cost of `take` and `at` a look at 32 brackets
 */
export class ReferenceClock {
  #bounds: Bound[] = [];
  /** Stretches of the monotonic clock in which the reference was set. */
  readonly #set: { readonly fromUs: number; readonly toUs: number }[] = [];

  /** Takes an answer, in the order in which they were asked for. */
  take({ beforeUs, afterUs, referenceUs }: Bracket): void {
    const bound = { fromUs: beforeUs, toUs: afterUs, least: referenceUs - afterUs, most: referenceUs + 1 - beforeUs };
    const last = this.#bounds.at(-1);
    const { least, most } = this.#within(afterUs);
    const grown = reaching(bound, afterUs);
    if (last !== undefined && (grown.least > most || grown.most < least)) {
      // No drift explains both: what was asked before says nothing of what is now.
      this.#set.push({ fromUs: last.fromUs, toUs: afterUs });
      this.#bounds = [];
    }
    this.#bounds.push(bound);
    if (this.#bounds.length > mostBrackets) this.#bounds.splice(0, mostBrackets / 2);
  }

  /** Whether the reference was ever set, rather than slewed. */
  get wasSet(): boolean {
    return this.#set.length > 0;
  }

  /** The offset at a moment of the monotonic clock; infinitely wrong where nothing was answered yet. */
  at(localUs: number): Offset {
    const { least, most } = this.#within(localUs);
    return least === -Infinity
      ? { offsetUs: 0, errorUs: Infinity }
      : { offsetUs: (least + most) / 2, errorUs: (most - least) / 2 };
  }

  /**
   * How wrong a clock with this offset was at most, at any time of a stretch.
   *
   * @returns µs; Infinity where the reference was set meanwhile, or nobody had asked it
   */
  errorOf(offsetUs: number, fromUs: number, toUs: number): number {
    if (this.#bounds.length === 0 || this.#set.some((one) => one.fromUs < toUs && fromUs < one.toUs)) return Infinity;
    const inside = this.#bounds.slice(this.#placeOf(fromUs), this.#placeOf(toUs)).map((bound) => bound.toUs);
    let [worst, beforeUs] = [0, fromUs];
    let before = this.#within(fromUs);
    for (const atUs of [...inside.filter((us) => us > fromUs && us < toUs), toUs]) {
      const now = this.#within(atUs);
      // Between two moments a bound is at most what drift from either side allows: the two meet in between.
      const drift = driftRate * (atUs - beforeUs);
      const most = Math.max(now.most, before.most, (now.most + before.most + drift) / 2);
      const least = Math.min(now.least, before.least, (now.least + before.least - drift) / 2);
      worst = Math.max(worst, most - offsetUs, offsetUs - least);
      [before, beforeUs] = [now, atUs];
    }
    return worst;
  }

  #within(localUs: number): Pick<Bound, 'least' | 'most'> {
    const place = this.#placeOf(localUs);
    let [least, most] = [-Infinity, Infinity];
    for (const bound of this.#bounds.slice(Math.max(0, place - nearest), place + nearest)) {
      const grown = reaching(bound, localUs);
      least = Math.max(least, grown.least);
      most = Math.min(most, grown.most);
    }
    return { least, most };
  }

  /** Of the first bracket that ended at that moment or later. */
  #placeOf(localUs: number): number {
    let [low, high] = [0, this.#bounds.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#bounds[middle]!.toUs < localUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What a bracket says of the offset at another moment. */
const reaching = ({ fromUs, toUs, least, most }: Bound, localUs: number): Pick<Bound, 'least' | 'most'> => {
  const drift = driftRate * Math.max(Math.abs(localUs - fromUs), Math.abs(localUs - toUs));
  return { least: least - drift, most: most + drift };
};

/** The clock that brackets are of, in µs: it is never set, and is the same in all threads of a process. */
export const monotonicOf = ({ clock, epochNs }: Pick<Host, 'clock' | 'epochNs'>): (() => number) => {
  const zeroUs = Number(epochNs()) / 1000;
  return () => zeroUs + clock.now();
};

/** Who is asked for the time, and the clock that says when: see {@link monotonicOf}. */
export interface Asked {
  readonly redis: Pick<Redis, 'time'>;
  readonly nowUs: () => number;
}

/** Before the first slot the clock is asked so often. */
export const firstLooks = 10;

/** Asks Redis for its time, so many times one after the other. @throws {Error} what the connection says */
export const askTime = async ({ redis, nowUs }: Asked, into: ReferenceClock, times = 1): Promise<void> => {
  for (let asked = 0; asked < times; asked++) {
    const beforeUs = nowUs();
    const [seconds, micros] = await redis.time();
    // Both clocks leave out the microsecond that has begun.
    into.take({ beforeUs, afterUs: nowUs() + 1, referenceUs: Number(seconds) * 1_000_000 + Number(micros) });
  }
};

/** Between two questions the bounds grow by a tenth of a millisecond at most. */
const everyMs = 200;

/** Who asks for the time as long as it is wanted. */
export interface Asking extends Disposable {
  /** Nothing is asked until told otherwise: a moment that matters is near. */
  pause(): void;
  resume(): void;
}

/**
 * Asks five times a second. A question without an answer gives no bracket, and the bounds grow.
 *
 * @param asked a connection of its own, on which no question waits behind something larger
 */
export const keepAsking = (asked: Asked, into: ReferenceClock): Asking => {
  let [isPaused, isAsking] = [false, false];
  const timer = setInterval(() => {
    if (isPaused || isAsking) return;
    isAsking = true;
    void askTime(asked, into)
      .catch(() => undefined)
      .finally(() => {
        isAsking = false;
      });
  }, everyMs).unref();
  return {
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
};

/**
 * Zero of a clock that tells the time since `zeroUs` of the reference, in ns of this machine's monotonic clock: what the clock
 * of a thread is made of.
 */
export const epochNsFor = (zeroUs: number, offsetUs: number): bigint => BigInt(Math.round((zeroUs - offsetUs) * 1000));
