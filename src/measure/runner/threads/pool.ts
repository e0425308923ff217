import { ContendError } from '../../../core/errors.ts';
import { mergeRecordings } from '../../../core/recording/merge.ts';
import type { Recording } from '../../../core/recording/recording.ts';
import type { Job } from '../../../core/slot.ts';
import { micros } from '../../../core/units.ts';
import { guardsIn } from '../../lock/index.ts';
import { lockMemory } from '../../lock/shared/shared.ts';
import { here, LostShare, type Carry, type CarryOptions } from '../carry.ts';
import { Thread, type Loss } from './thread.ts';

/** What workers are started with. */
export interface PoolOptions {
  /** Zero of the run's clock, in ns of the clock that all threads of a process share. */
  readonly epochNs: () => bigint;
  /** The module that each thread runs: the engine's, unless given. */
  readonly entry?: URL;
}

/** Time for the news of the beginning to reach every worker. */
const aheadUs = 3000;

/**
 * Carries jobs to worker threads, which are kept for the run: as many as the largest mode has asked for so far, of which a
 * mode with fewer uses the first. A job for one worker is run on this thread.
 */
export class ThreadPool implements AsyncDisposable {
  readonly #options: PoolOptions;
  readonly #threads: Thread[] = [];

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  readonly carry: Carry = async (job, workers, options) =>
    workers === 1 ? here(job, workers, options) : shareOut(job, this.#take(workers), options);

  /** Ends all threads, whatever they do. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map(async (thread) => thread.end()));
  }

  #take(workers: number): readonly Thread[] {
    const { epochNs, entry = new URL('./worker.js', import.meta.url) } = this.#options;
    while (this.#threads.length < workers) this.#threads.push(new Thread(entry, { epochNs: epochNs() }));
    return this.#threads.slice(0, workers);
  }
}

/** All shards begin at one moment, when every one is ready. As soon as one is lost, the others are stopped. */
const shareOut = async (
  job: Omit<Job, 'shard'>,
  threads: readonly Thread[],
  { clock, signal, live, tables }: CarryOptions,
): Promise<Recording> => {
  const count = threads.length;
  const memory = lockMemory(guardsIn(job.mode.lock), count);
  let unready = count;
  const ready = (): void => {
    if (--unready > 0) return;
    const atUs = micros(clock.now() + aheadUs);
    for (const thread of threads) thread.tell({ kind: 'begin', atUs });
  };
  const abort = (reason: string): void => {
    for (const thread of threads) thread.tell({ kind: 'abort', reason });
  };
  const shares = threads.map(async (thread, index) => {
    const share = { ...job, shard: { index, count } };
    const outcome = await thread.run({ kind: 'job', job: share, tables, memory, live: live.memory }, ready);
    if ('lost' in outcome) abort('a worker was lost');
    return outcome;
  });
  const interrupted = (): void => abort(String(signal.reason));
  if (signal.aborted) interrupted();
  signal.addEventListener('abort', interrupted, { once: true });
  try {
    return merged(await Promise.all(shares));
  } finally {
    signal.removeEventListener('abort', interrupted);
  }
};

const merged = (outcomes: readonly (Recording | Loss)[]): Recording => {
  const [first, ...others] = outcomes.filter((outcome) => 'iterations' in outcome);
  const rest = first === undefined ? undefined : mergeRecordings([first, ...others]);
  const lost = outcomes.flatMap((outcome, index) =>
    'lost' in outcome ? [`worker ${index + 1} of ${outcomes.length} ${outcome.lost}: ${shareIn(index, outcomes)}`] : [],
  );
  const refused = outcomes.flatMap((outcome) => ('refused' in outcome ? outcome.refused : []))[0];
  if (refused !== undefined) throw new ContendError(refused.code, refused.message, refused.hint);
  if (rest === undefined || lost.length > 0) throw new LostShare(lost.join('; '), rest);
  return rest;
};

const shareIn = (index: number, { length }: readonly unknown[]): string =>
  `its share of the users and iterations, every ${ordinal(length)} from number ${index}, is missing`;

const ordinal = (number: number): string => {
  const isTeen = number % 100 > 10 && number % 100 < 14;
  return `${number}${(isTeen ? undefined : ['th', 'st', 'nd', 'rd'][number % 10]) ?? 'th'}`;
};
