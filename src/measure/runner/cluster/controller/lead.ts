/** How late an agent may always hear that a slot has begun, whatever the warm-up: it is reported, and the slot counts. */
const alwaysUs = 10_000;

/**
 * How late an agent may hear that a slot has begun at most: what it misses must be hidden by the warm-up. Any later, and the
 * slot is not what was asked for.
 */
export const latestUs = (warmupUs: number): number => Math.max(alwaysUs, warmupUs / 10);

/** Before anything is known about the agents; and the bounds later on. */
const [firstUs, leastUs, mostUs] = [20_000, 8000, 200_000];

/** Spare time: the machine may be busier in the next slot than in the last ones, and a slot that begins late is invalid. */
const [times, spareUs] = [1.5, 2000];

/** The slowest news of this many slots counts. */
const remembered = 8;

/** Time for the news to reach the threads of an agent, in addition to the way there. */
const insideUs = 2000;

/**
 * How long before a slot begins its agents are notified: as briefly as has proved to be enough. A busy agent hears late, and
 * after such a slot the next ones are announced earlier.
 */
export class Lead {
  /** How long the news took to reach the last of the agents, for each of the last slots. */
  readonly #took: number[] = [];
  /** Used for the current slot. */
  #us = firstUs;

  /** @param widestUs how wrong the worst known clock of an agent may be: half the round trip */
  us(widestUs: number): number {
    const known = this.#took.length === 0 ? firstUs : times * Math.max(...this.#took) + spareUs;
    this.#us = Math.max(Math.min(mostUs, Math.max(leastUs, known)), 4 * widestUs + insideUs);
    return this.#us;
  }

  /** @param noticeUs how long before the slot began the last of its agents heard of it; less than 0: too late */
  seen(noticeUs: number): void {
    this.#took.push(Math.max(0, this.#us - noticeUs));
    if (this.#took.length > remembered) this.#took.shift();
  }
}
