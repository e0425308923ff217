import type { Recording } from '../../core/recording.ts';
import type { Job } from '../../core/slot.ts';
import { runJob, type EngineOptions } from '../engine/engine.ts';

/** What carrying a job needs of the run, wherever it is carried to. */
export type CarryOptions = Omit<EngineOptions, 'start' | 'memory'>;

/** Runs a job, shared out over `workers` shards, and gives their recordings merged. */
export type Carry = (job: Omit<Job, 'shard'>, workers: number, options: CarryOptions) => Promise<Recording>;

/** Runs a job on this thread, as its only shard. */
export const here = async (job: Omit<Job, 'shard'>, options: CarryOptions): Promise<Recording> =>
  runJob(
    { ...job, shard: { index: 0, count: 1 } },
    // Nobody else to wait for.
    { ...options, start: async () => options.clock.now() },
  );
