import { ContendError } from '../../../core/errors.ts';
import { mergeRecordings } from '../../../core/recording/merge.ts';
import type { Recording } from '../../../core/recording/recording.ts';
import type { Job } from '../../../core/slot.ts';
import { micros, type Micros } from '../../../core/units.ts';
import { guardsIn } from '../../lock/index.ts';
import { lockMemory } from '../../lock/shared/shared.ts';
import { here, LostShare, type Carry, type CarryOptions } from '../carry.ts';
import { shareIn } from '../share-in.ts';
import { Thread, type Loss } from './thread.ts';

/** What workers are started with. */
export interface PoolOptions {
  /** Zero of the run's clock, in ns of the clock that all threads of a process share. */
  readonly epochNs: () => bigint;
  /** The module that each thread runs: the engine's, unless given. */
  readonly entry?: URL;
}

/** Which shards of a slot the threads of one process run, and when they begin. */
export interface Part {
  /** Number of the first; the others follow, one for each thread. */
  readonly first: number;
  /** The number of all shards of the slot, including those of other processes. */
  readonly count: number;
  /** The number of threads. */
  readonly threads: number;
  /** Zero of the run's clock, in ns of the clock that all threads of this process share. */
  readonly epochNs: bigint;
  /** Called when every thread is ready: resolves to the time at which they begin, by the run's clock. */
  readonly begin: () => Promise<Micros>;
}

/** What carrying a part of a job needs from the process. */
export type PartOptions = Pick<CarryOptions, 'signal' | 'live' | 'tables'>;

/** Time for the start message to reach every worker. */
const aheadUs = 3000;

/**
 * Carries jobs to worker threads, which are kept for the run: as many as the largest mode so far has needed. A mode with
 * fewer uses the first ones. A job for one worker runs on this thread.
 */
export class ThreadPool implements AsyncDisposable {
  readonly #options: PoolOptions;
  readonly #threads: Thread[] = [];

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  readonly carry: Carry = async (job, workers, options) => {
    if (workers === 1) return here(job, workers, options);
    const { clock } = options;
    return this.carryPart(
      job,
      {
        first: 0,
        count: workers,
        threads: workers,
        epochNs: this.#options.epochNs(),
        begin: async () => Promise.resolve(micros(clock.now() + aheadUs)),
      },
      options,
    );
  };

  /**
   * Runs some of the shards of a job, each on a thread, even if there is only one.
   *
   * @throws {LostShare} if not every one gave a recording
   */
  async carryPart(job: Omit<Job, 'shard'>, part: Part, options: PartOptions): Promise<Recording> {
    return shareOut(job, part, this.#take(part.threads), options);
  }

  /** Ends all threads, whatever they are doing. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map(async (thread) => thread.end()));
  }

  #take(workers: number): readonly Thread[] {
    const { entry = new URL('./worker.js', import.meta.url) } = this.#options;
    while (this.#threads.length < workers) this.#threads.push(new Thread(entry));
    return this.#threads.slice(0, workers);
  }
}

/** All threads begin at the same time, once every one is ready. As soon as one is lost, the others are stopped. */
const shareOut = async (
  job: Omit<Job, 'shard'>,
  { first, count, epochNs, begin }: Part,
  threads: readonly Thread[],
  { signal, live, tables }: PartOptions,
): Promise<Recording> => {
  // Guards in memory only work within one process: if there are others, the mode's lock has none.
  const memory = lockMemory(guardsIn(job.mode.lock), count);
  let unready = threads.length;
  const beginAll = async (): Promise<void> => {
    const atUs = await begin();
    for (const thread of threads) thread.tell({ kind: 'begin', atUs });
  };
  const ready = (): void => {
    if (--unready === 0) void beginAll();
  };
  const abort = (reason: string): void => {
    for (const thread of threads) thread.tell({ kind: 'abort', reason });
  };
  const shares = threads.map(async (thread, row) => {
    const share = { ...job, shard: { index: first + row, count } };
    const message = { kind: 'job', job: share, epochNs, tables, memory, live: live.memory, row } as const;
    const outcome = await thread.run(message, ready);
    if ('lost' in outcome) abort('a worker was lost');
    return outcome;
  });
  const interrupted = (): void => abort(String(signal.reason));
  if (signal.aborted) interrupted();
  signal.addEventListener('abort', interrupted, { once: true });
  try {
    return merged(await Promise.all(shares), first, count);
  } finally {
    signal.removeEventListener('abort', interrupted);
  }
};

const merged = (outcomes: readonly (Recording | Loss)[], first: number, count: number): Recording => {
  const [some, ...others] = outcomes.filter((outcome) => 'iterations' in outcome);
  const rest = some === undefined ? undefined : mergeRecordings([some, ...others]);
  const lost = outcomes.flatMap((outcome, index) =>
    'lost' in outcome
      ? [
          `worker ${index + 1} of ${outcomes.length} ${outcome.lost}: ${shareIn({ first: first + index, shards: 1, count })}`,
        ]
      : [],
  );
  const refused = outcomes.flatMap((outcome) => ('refused' in outcome ? outcome.refused : []))[0];
  if (refused !== undefined) throw new ContendError(refused.code, refused.message, refused.hint);
  if (rest === undefined || lost.length > 0) throw new LostShare(lost.join('; '), rest);
  return rest;
};
