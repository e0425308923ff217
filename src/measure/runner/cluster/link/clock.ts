import type { Redis } from 'ioredis';
import type { Host } from '../../../../core/host.ts';

/** One question for the time, between two readings of a monotonic clock; all in µs. */
export interface Bracket {
  readonly beforeUs: number;
  readonly afterUs: number;
  /** The answer: whole µs since 1970, excluding the current one. */
  readonly referenceUs: number;
}

/** How far a clock is behind the reference, and how wrong that is at most. */
export interface Offset {
  /** Reference minus monotonic clock. */
  readonly offsetUs: number;
  readonly errorUs: number;
}

/** The most that two clocks drift apart: 500 ppm each, as far as ntpd slews one. */
const driftRate = 2 * 500e-6;

/** The number of brackets around a time that are considered: those further away say less. */
const nearest = 16;

/** More than an hour, at five a second. */
const mostBrackets = 20_000;

/** A bracket as bounds of the offset at a time known to be in `fromUs … toUs`. */
interface Bound {
  readonly fromUs: number;
  readonly toUs: number;
  readonly least: number;
  readonly most: number;
}

/**
 * What is known of a reference clock, from questions for its time (Cristian, 1989): an answer was made somewhere between the
 * two readings around it. So each gives bounds for the offset that hold however different the ways there and back are. The
 * bounds of several, each widened by the possible drift since, hold together.
 *
 * @cost `take` and `at` look at 32 brackets
 */
export class ReferenceClock {
  #bounds: Bound[] = [];
  /** Stretches of the monotonic clock in which the reference was set. */
  readonly #set: { readonly fromUs: number; readonly toUs: number }[] = [];

  /** Takes an answer, in the order of the questions. */
  take({ beforeUs, afterUs, referenceUs }: Bracket): void {
    const bound = { fromUs: beforeUs, toUs: afterUs, least: referenceUs - afterUs, most: referenceUs + 1 - beforeUs };
    const last = this.#bounds.at(-1);
    const { least, most } = this.#within(afterUs);
    const grown = reaching(bound, afterUs);
    if (last !== undefined && (grown.least > most || grown.most < least)) {
      // No drift explains both: earlier answers say nothing about the present.
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

  /** The offset at a time of the monotonic clock; its error is infinite before the first answer. */
  at(localUs: number): Offset {
    const { least, most } = this.#within(localUs);
    return least === -Infinity
      ? { offsetUs: 0, errorUs: Infinity }
      : { offsetUs: (least + most) / 2, errorUs: (most - least) / 2 };
  }

  /**
   * How wrong a clock with this offset was at most, at any time of a stretch.
   *
   * @returns µs; Infinity if the reference was set meanwhile, or was never asked
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

  /** Index of the first bracket that ended at that time or later. */
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

/** What a bracket says of the offset at another time. */
const reaching = ({ fromUs, toUs, least, most }: Bound, localUs: number): Pick<Bound, 'least' | 'most'> => {
  const drift = driftRate * Math.max(Math.abs(localUs - fromUs), Math.abs(localUs - toUs));
  return { least: least - drift, most: most + drift };
};

/** The clock that brackets use, in µs: it is never set, and is the same in all threads of a process. */
export const monotonicOf = ({ clock, epochNs }: Pick<Host, 'clock' | 'epochNs'>): (() => number) => {
  const zeroUs = Number(epochNs()) / 1000;
  return () => zeroUs + clock.now();
};

/** The server that is asked for the time, and the clock for when: see {@link monotonicOf}. */
export interface Asked {
  readonly redis: Pick<Redis, 'time'>;
  readonly nowUs: () => number;
}

/** How often the clock is asked before the first slot. */
export const firstLooks = 10;

/** Asks Redis for its time, `times` times in a row. @throws {Error} what the connection says */
export const askTime = async ({ redis, nowUs }: Asked, into: ReferenceClock, times = 1): Promise<void> => {
  for (let asked = 0; asked < times; asked++) {
    const beforeUs = nowUs();
    const [seconds, micros] = await redis.time();
    // Both clocks leave out the current microsecond.
    into.take({ beforeUs, afterUs: nowUs() + 1, referenceUs: Number(seconds) * 1_000_000 + Number(micros) });
  }
};

/** Between two questions the bounds widen by a tenth of a millisecond at most. */
const everyMs = 200;

/** Asks for the time for as long as it is needed. */
export interface Asking extends Disposable {
  /** No questions until resumed: a critical moment is near. */
  pause(): void;
  resume(): void;
}

/**
 * Asks five times a second. A question without an answer gives no bracket, and the bounds widen.
 *
 * @param asked a separate connection, on which no question waits behind something larger
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
 * Zero of a clock that gives the time since `zeroUs` of the reference, in ns of this machine's monotonic clock, for use in a
 * thread's clock.
 */
export const epochNsFor = (zeroUs: number, offsetUs: number): bigint => BigInt(Math.round((zeroUs - offsetUs) * 1000));
