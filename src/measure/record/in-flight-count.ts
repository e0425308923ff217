import type { InFlight } from '../../core/recording.ts';

/**
 * Integrates the number of users inside an iteration over the window: an end adds its moment, a beginning takes its own
 * away, both moved into the window. So the order in which they are told does not matter.
 *
 * @cost some comparisons and additions per iteration
 */
export class InFlightCount {
  readonly #window: { readonly fromUs: number; readonly toUs: number };
  #userUs = 0;
  #acrossUs = 0;

  /** `window` as the recorder's: set when the slot begins, cut short by an interruption. */
  constructor(window: { readonly fromUs: number; readonly toUs: number }) {
    this.#window = window;
  }

  /** An iteration began. */
  begun(atUs: number): void {
    this.#userUs -= this.#inside(atUs);
  }

  /** An iteration ended, however it did. `isTimed`: it is measured, and has a response time. */
  ended(begunUs: number, atUs: number, isTimed: boolean): void {
    const inside = this.#inside(atUs);
    const insideUs = inside - this.#inside(begunUs);
    this.#userUs += inside;
    this.#acrossUs += isTimed ? atUs - begunUs - insideUs : -insideUs;
  }

  /** What was counted; all that began must have ended. */
  seen(): InFlight {
    return { userUs: this.#userUs, acrossUs: this.#acrossUs };
  }

  /** The moment, from the window's opening, as if it lay inside. */
  #inside(atUs: number): number {
    const { fromUs, toUs } = this.#window;
    if (atUs <= fromUs) return 0;
    return (atUs < toUs ? atUs : toUs) - fromUs;
  }
}
