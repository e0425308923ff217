import type { Clock } from '../../core/clock.ts';
import { shareOf, type Job } from '../../core/slot.ts';
import { Pauses } from '../pauses.ts';
import type { Arrivals } from './arrivals.ts';
import { closed } from './closed.ts';
import { open } from './open.ts';
import { pacers } from './pacer.ts';
import { Schedule } from './schedule.ts';

/** What a job's arrivals need from the slot that runs it. */
export interface SlotParts {
  readonly clock: Clock;
  /** An interruption moves `toUs` to the time at which it happened. */
  readonly window: { readonly fromUs: number; readonly toUs: number };
  /** Aborted at the slot's end or when it is interrupted, whichever comes first: no new iterations start. */
  readonly signal: AbortSignal;
  /** Called for every measured arrival of an open load that no user took. */
  readonly onDropped?: (dueUs: number) => void;
}

/** The arrivals of a job's shard, as its load specifies. Made when the window is known. */
export const arrivalsOf = (job: Job, { clock, window, signal, onDropped }: SlotParts): Arrivals => {
  const { mode, stop, shard, seed, round, firstIteration } = job;
  const { load } = mode;
  const iterations = stop.kind === 'iterations' ? stop.iterations : Infinity;
  if (load.kind === 'closed') {
    const { thinkUs } = load;
    const pauses = new Pauses(signal);
    return closed({ clock, window, iterations, firstIteration, shard, signal, thinkUs, pauses, seed });
  }
  const { arrival, ratePerSecond, stages, warmupUs, queue } = load;
  return open({
    clock,
    schedule: new Schedule({
      arrival,
      ratePerSecond,
      stages,
      seed,
      round,
      warmupUs,
      fromUs: window.fromUs,
      iterations,
      firstIteration,
      shard,
    }),
    pacer: pacers[job.pacing],
    window,
    users: shareOf(load.users, shard),
    queue: queue === null ? null : shareOf(queue, shard),
    signal,
    onDropped,
  });
};
