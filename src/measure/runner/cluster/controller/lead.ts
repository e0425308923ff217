/** How late an agent may hear that a slot has begun, whatever its warm-up: it is told of, and the slot counts. */
const alwaysUs = 10_000;

/**
 * How late an agent may hear that a slot has begun, at most: what it misses has to vanish in the warm-up. Later than this the slot
 * is not what was asked for.
 */
export const latestUs = (warmupUs: number): number => Math.max(alwaysUs, warmupUs / 10);

/** Before anything is known of the agents, and bounds for later. */
const [firstUs, leastUs, mostUs] = [20_000, 8000, 200_000];

/** The next slot may find a busier machine than the last ones did, and one that begins late is invalid. */
const [times, spareUs] = [1.5, 2000];

/** Of so many slots the slowest news counts. */
const remembered = 8;

/** Time for the news to reach the threads of an agent, beside the way to it. */
const insideUs = 2000;

/**
 * How long before a slot begins its agents are told: as short as they have shown to be enough. An agent that is busy hears
 * late, so that after one that did the next slots are told of earlier.
 */
export class Lead {
  /** How long the news took to the last of the agents, of the last slots. */
  readonly #took: number[] = [];
  /** Of the slot that is told of. */
  #us = firstUs;

  /** @param widestUs how wrong the worst known clock of an agent may be: half the way there and back */
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
