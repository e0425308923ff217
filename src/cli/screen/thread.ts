import { Worker } from 'node:worker_threads';
import { Gate } from './gate.ts';
import type { FromScreen, ScreenData, ToScreen } from './messages.ts';

/** How long to wait for a stopped terminal when leaving the screen. */
const mostMs = 500;

/**
 * The thread that draws on the terminal and writes to it, so that the thread that measures does neither. It never keeps the
 * process from ending, and gives up what it cannot do.
 */
export class ScreenThread {
  readonly #worker: Worker;
  readonly #gate = new Gate();
  #whenGone: (() => void) | undefined;
  #isLost = false;

  /** @param lost called once if the thread ends before it is told to */
  constructor(data: Omit<ScreenData, 'gate'>, lost: (error: Error) => void, entry = entryUrl()) {
    const workerData: ScreenData = { ...data, gate: this.#gate.memory };
    this.#worker = new Worker(entry, { workerData })
      .on('message', (_message: FromScreen) => this.#whenGone?.())
      .on('error', (error) => {
        this.#isLost = true;
        this.#whenGone?.();
        lost(error);
      });
    this.#worker.unref();
  }

  /** Does nothing if the thread is lost. */
  tell(message: ToScreen): void {
    this.#worker.postMessage(message);
  }

  /** Removes what is shown; false if the terminal has not accepted that in time. */
  async leave(): Promise<boolean> {
    if (this.#isLost) return true;
    this.tell({ kind: 'leave' });
    let timer: NodeJS.Timeout | undefined;
    const isGone = await new Promise<boolean>((resolve) => {
      this.#whenGone = () => resolve(true);
      timer = setTimeout(() => resolve(false), mostMs);
    });
    clearTimeout(timer);
    this.#whenGone = undefined;
    return isGone;
  }

  /** From now on the thread writes nothing; it ends by itself. */
  close(): void {
    this.#gate.close();
    void this.#worker.terminate();
  }
}

const entryUrl = (): URL => new URL('./screen-entry.js', import.meta.url);
