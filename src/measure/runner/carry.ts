import { ContendError } from '../../core/errors.ts';
import type { Recording } from '../../core/recording/recording.ts';
import type { Job } from '../../core/slot.ts';
import { runJob, type EngineOptions } from '../engine/engine.ts';

/** What carrying a job needs from the run, wherever it is carried to. */
export type CarryOptions = Omit<EngineOptions, 'start' | 'memory'>;

/**
 * Runs a job, divided among `workers` shards, and gives their recordings merged.
 *
 * @throws {LostShare} if not every shard gave one
 */
export type Carry = (job: Omit<Job, 'shard'>, workers: number, options: CarryOptions) => Promise<Recording>;

/** ERR_WORKER_LOST: a shard gave no recording. */
export class LostShare extends ContendError {
  /** The merged recording of the shards that were not lost. They were stopped when the first one was. */
  readonly rest: Recording | undefined;

  constructor(
    message: string,
    rest: Recording | undefined,
    hint = 'Run it again; if it happens again, with one worker (-w 1).',
  ) {
    super('ERR_WORKER_LOST', message, hint);
    this.rest = rest;
  }
}

/** Runs a job on this thread, as its only shard. */
export const here: Carry = async (job, _workers, options) =>
  runJob(
    { ...job, shard: { index: 0, count: 1 } },
    // There are no other shards to wait for.
    { ...options, start: async () => options.clock.now() },
  );
