import { secondPercentileUs } from '../../../core/recording/seconds.ts';
import type { Watch } from '../../../core/watch.ts';

/** The possible lengths of the window, in s; the last is the whole slot. */
export const windows = [1, 2, 5, 10, 30, Infinity] as const;

/** What was seen of the running mode over a window. */
export interface Seen {
  /** `undefined` if the time is too short to say. */
  readonly perSecond: number | undefined;
  readonly completed: number;
  readonly failed: number;
  /** Accurate to about a fifth; `null` if nothing completed. */
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  /** In the buckets of `seconds.ts`. */
  readonly histogram: readonly number[];
}

interface Look {
  readonly atUs: number;
  readonly completed: number;
  readonly failed: number;
  readonly histogram: Float64Array;
}

/** A rate over a shorter time says nothing. */
const tooShortUs = 200_000;
/** Just over the longest window, apart from the whole slot. */
const keptUs = 31e6;

/** Snapshots of the running slot: any two of them show what happened in between. */
export class Looks {
  readonly #watch: Watch;
  #slotStartedUs = -1;
  #looks: Look[] = [];

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** Takes a snapshot, once per frame. */
  look(nowUs: number): void {
    const { slotStartedUs, live } = this.#watch;
    const histogram = live.histogram();
    const completed = histogram.reduce((sum, count) => sum + count, 0);
    if (slotStartedUs !== this.#slotStartedUs || completed < (this.#looks.at(-1)?.completed ?? 0)) {
      this.#slotStartedUs = slotStartedUs;
      this.#looks = [{ atUs: slotStartedUs, completed: 0, failed: 0, histogram: new Float64Array(64) }];
    }
    this.#looks.push({ atUs: nowUs, completed, failed: live.failed, histogram });
    // The first one is kept, because the whole slot begins there.
    while (this.#looks.length > 2 && nowUs - this.#looks[2]!.atUs > keptUs) this.#looks.splice(1, 1);
  }

  /** @param seconds one of {@link windows} */
  over(seconds: number): Seen {
    const last = this.#looks.at(-1)!;
    const sinceUs = last.atUs - seconds * 1e6;
    const first = this.#looks.findLast(({ atUs }) => atUs <= sinceUs) ?? this.#looks[0]!;
    const us = last.atUs - first.atUs;
    const completed = last.completed - first.completed;
    const histogram = [...last.histogram].map((count, bucket) => count - first.histogram[bucket]!);
    return {
      perSecond: us < tooShortUs ? undefined : completed / (us / 1e6),
      completed,
      failed: last.failed,
      p50Us: secondPercentileUs(histogram, 50),
      p99Us: secondPercentileUs(histogram, 99),
      histogram,
    };
  }
}
