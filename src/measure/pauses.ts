import { timerMs } from '../core/units.ts';

/** Pauses that end when the slot does: none is left behind, and nobody waits for one. */
export class Pauses {
  readonly #signal: AbortSignal;
  readonly #running = new Map<NodeJS.Timeout, () => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#endAll(), { once: true });
  }

  /**
   * Waits for this long, rounded up to whole milliseconds, which is what a timer can do; it may end up to one of them early.
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
