import { Worker } from 'node:worker_threads';
import { Gate } from './gate.ts';
import type { FromScreen, ScreenData, ToScreen } from './messages.ts';

/** How long a terminal that is stopped is waited for when the screen is to be left. */
const mostMs = 500;

/**
 * The thread that draws on the terminal and writes there: the one that measures does neither. It holds nobody who wants to
 * end, and what it cannot do it leaves.
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

  /** Does nothing where the thread is lost. */
  tell(message: ToScreen): void {
    this.#worker.postMessage(message);
  }

  /** Takes away what is shown; false: the terminal has not taken that in time. */
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

  /** Lets it write nothing any more, from now on; the thread ends by itself. */
  close(): void {
    this.#gate.close();
    void this.#worker.terminate();
  }
}

const entryUrl = (): URL => new URL('./screen-entry.js', import.meta.url);
