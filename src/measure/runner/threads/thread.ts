import { Worker } from 'node:worker_threads';
import { messageOf } from '../../../core/errors.ts';
import type { Recording } from '../../../core/recording/recording.ts';
import type { FromWorker, Refused, ToWorker } from './messages.ts';

/** What became of a worker that gives no recording: `ended with code 13`. */
export interface Loss {
  readonly lost: string;
  /** The worker goes on; what ended the job is for the user to fix. */
  readonly refused?: Refused;
}

interface Waiting {
  readonly ready: () => void;
  readonly end: (outcome: Recording | Loss) => void;
}

/**
 * One worker thread, as the main thread sees it.
 *
 * It is lost when it ends early, with whatever code; when an error in it is not caught, or it runs out of memory; and when
 * its job rejects, which is a bug in contend and is reported with its message and where it was thrown.
 */
export class Thread {
  readonly #worker: Worker;
  #waiting: Waiting | undefined;
  #loss: Loss | undefined;

  /** @param entry the module that the thread runs */
  constructor(entry: URL) {
    this.#worker = new Worker(entry)
      .on('message', (message: FromWorker) => this.#hear(message))
      .on('messageerror', (error) => this.#lose(`sent a message that cannot be read: ${messageOf(error)}`))
      .on('error', (error) => this.#lose(`failed: ${messageOf(error)}`))
      .on('exit', (code) => this.#lose(`ended with code ${code}`));
  }

  /**
   * Gives the worker its share of a job, one at a time. Never rejects.
   *
   * @param ready called when the share is ready and waits for the time to begin
   */
  async run(job: ToWorker & { readonly kind: 'job' }, ready: () => void): Promise<Recording | Loss> {
    if (this.#loss !== undefined) return this.#loss;
    return new Promise((end) => {
      this.#waiting = { ready, end };
      this.tell(job);
    });
  }

  /** Does nothing if the worker is lost. */
  tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Ends the thread at once. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'ready') this.#waiting?.ready();
    else if (message.kind === 'refused') this.#settle({ lost: message.why.message, refused: message.why });
    else this.#settle(message.kind === 'recording' ? message.recording : { lost: `failed: ${message.how}` });
  }

  #lose(lost: string): void {
    this.#loss ??= { lost };
    this.#settle(this.#loss);
  }

  #settle(outcome: Recording | Loss): void {
    this.#waiting?.end(outcome);
    this.#waiting = undefined;
  }
}
