import { Worker } from 'node:worker_threads';

/** What the pulse of a controller is started with. */
export interface PulseData {
  readonly url: string;
  readonly key: Uint8Array;
  readonly run: string;
  /** Memory of a `Live`, which says how many users are to be at work. */
  readonly live: SharedArrayBuffer;
}

/** Sent to it: an agent has come, which needs to hear that the controller is alive. */
export interface ToPulse {
  readonly shard: number;
  readonly challenge: string;
}

/** Sent by it: it is ready to beat; or the Redis server has forgotten the run, as it was restarted. */
export type FromPulse = { readonly kind: 'ready' | 'forgotten' };

/**
 * Tells agents twice a second that their controller is alive, from its own thread: judging a slot may keep the main thread
 * busy for longer than agents wait.
 */
export class Pulse implements AsyncDisposable {
  readonly #thread: Worker;
  /** Resolves when agents that come can be told at once, or the thread has failed: on a busy machine it takes seconds to start. */
  readonly ready: Promise<void>;

  /** @param failed called with what went wrong, in words */
  constructor(data: PulseData, failed: (why: string) => void, entry = new URL('./pulse-entry.js', import.meta.url)) {
    let isReady = (): void => undefined;
    this.ready = new Promise((resolve) => {
      isReady = resolve;
    });
    this.#thread = new Worker(entry, { workerData: data })
      .on('message', ({ kind }: FromPulse) => {
        if (kind === 'ready') isReady();
        else failed('was restarted and has forgotten the run');
      })
      .on('error', (error) => {
        failed(`cannot be told that the run goes on: ${error.message}`);
        isReady();
      });
  }

  /** Starts to tell one agent. */
  tell(agent: ToPulse): void {
    this.#thread.postMessage(agent);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate();
  }
}
