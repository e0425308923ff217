import type { InFlight } from '../../core/recording/recording.ts';

/**
 * Integrates the number of users inside an iteration over the window: an end adds its time, a beginning subtracts its own,
 * both clamped to the window. So the order in which they are reported does not matter.
 *
 * @cost a few comparisons and additions per iteration
 */
export class InFlightCount {
  readonly #window: { readonly fromUs: number; readonly toUs: number };
  /** Sums of the user µs inside the window, and of those across an edge. */
  readonly #sums = new Float64Array(2);

  /** @param window the recorder's own: set when the slot begins, cut short by an interruption */
  constructor(window: { readonly fromUs: number; readonly toUs: number }) {
    this.#window = window;
  }

  /** An iteration began. */
  begun(atUs: number): void {
    this.#sums[0]! -= this.#inside(atUs);
  }

  /** An iteration ended, in whatever way. `isTimed`: it is measured, and has a response time. */
  ended(begunUs: number, atUs: number, isTimed: boolean): void {
    const inside = this.#inside(atUs);
    const insideUs = inside - this.#inside(begunUs);
    const allUs = atUs - begunUs;
    this.#sums[0]! += inside;
    this.#sums[1]! += (isTimed ? allUs : 0) - insideUs;
  }

  /** Gives what was counted; all iterations that began must have ended. */
  seen(): InFlight {
    return { userUs: this.#sums[0]!, acrossUs: this.#sums[1]! };
  }

  /** The time since the window opened, clamped to the window. */
  #inside(atUs: number): number {
    const { fromUs, toUs } = this.#window;
    return Math.max(0, Math.min(atUs, toUs) - fromUs);
  }
}
