import { Worker } from 'node:worker_threads';

/** What the pulse of a controller is started with. */
export interface PulseData {
  readonly url: string;
  readonly key: Uint8Array;
  readonly run: string;
  /** Of a `Live`: how many users are to be at work. */
  readonly live: SharedArrayBuffer;
}

/** What it is told: an agent has come, which wants to hear that the controller lives. */
export interface ToPulse {
  readonly shard: number;
  readonly challenge: string;
}

/** What it tells: it is ready to beat; or the Redis server has forgotten the run, as it was restarted. */
export type FromPulse = { readonly kind: 'ready' | 'forgotten' };

/**
 * Tells agents twice a second that their controller lives, from a thread of its own: judging a slot may keep the main one busy
 * for longer than agents wait.
 */
export class Pulse implements AsyncDisposable {
  readonly #thread: Worker;
  /** Resolves when agents that come are told at once, or the thread has failed: on a busy machine it takes seconds to begin. */
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

  /** Begins to tell one agent. */
  tell(agent: ToPulse): void {
    this.#thread.postMessage(agent);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate();
  }
}
