/** How late an agent may hear that a slot has begun, whatever its warm-up: it is told of, and the slot counts. */
const alwaysUs = 10_000;

/**
 * How late an agent may hear that a slot has begun, at most: what it misses has to vanish in the warm-up. Later than this the slot
 * is not what was asked for.
 */
export const latestUs = (warmupUs: number): number => Math.max(alwaysUs, warmupUs / 10);

/** Before anything is known of the agents, and bounds for later. */
const [firstUs, leastUs, mostUs] = [20_000, 8000, 200_000];

/** It is shortened with care: the next slot may find a busier machine, and one that is late is invalid. */
const shortenedBy = 0.75;

/** Time for the news to reach the threads of an agent, beside the way to it. */
const insideUs = 2000;

/**
 * How long before a slot begins its agents are told: as short as they have shown to be enough. An agent that is busy hears
 * late, so that after one that did the next slot is told of earlier.
 */
export class Lead {
  #us = firstUs;

  /** @param widestUs how wrong the worst known clock of an agent may be: half the way there and back */
  us(widestUs: number): number {
    return Math.max(this.#us, 4 * widestUs + insideUs);
  }

  /** @param lateUs how late the news came to the last of the agents; 0: in time for all */
  seen(lateUs: number): void {
    this.#us = lateUs > 0 ? Math.min(mostUs, 2 * this.#us + lateUs) : Math.max(leastUs, this.#us * shortenedBy);
  }
}
