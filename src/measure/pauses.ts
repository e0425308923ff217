import { timerMs } from '../core/units.ts';

/** Pauses that end when the slot does: none outlives it. */
export class Pauses {
  readonly #signal: AbortSignal;
  readonly #running = new Map<NodeJS.Timeout, () => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#endAll(), { once: true });
  }

  /**
   * Waits for this long, rounded up to whole milliseconds, the resolution of a timer; it may end up to a millisecond early.
   *
   * @returns false if the slot ended first
   */
  async pause(us: number): Promise<boolean> {
    if (this.#signal.aborted) return false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#running.delete(timer);
        resolve();
      }, timerMs(us));
      this.#running.set(timer, resolve);
    });
    return !this.#signal.aborted;
  }

  #endAll(): void {
    for (const [timer, resolve] of this.#running) {
      clearTimeout(timer);
      resolve();
    }
    this.#running.clear();
  }
}
