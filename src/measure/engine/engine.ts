import pLimit from 'p-limit';
import type { Clock } from '../../core/clock.ts';
import type { Recording } from '../../core/recording.ts';
import { shareOf, type Job } from '../../core/slot.ts';
import { timerMs, type Micros } from '../../core/units.ts';
import { compileIteration } from '../iteration/compile.ts';
import { Pauses } from '../iteration/pauses.ts';
import { newUser } from '../iteration/user.ts';
import { closed } from '../load/closed.ts';
import { FifoGuard } from '../lock/fifo.ts';
import { locks } from '../lock/index.ts';
import type { LockName } from '../lock/syntax.ts';
import { Recorder } from '../record/recorder.ts';
import { transports } from '../transport/index.ts';
import { watchHealth } from './health.ts';
import { live } from './live.ts';

/** What a job needs of the thread it runs on. */
export interface EngineOptions {
  readonly clock: Clock;
  /** Aborted: no iteration begins any more; what is in flight may still drain. */
  readonly signal: AbortSignal;
  /** Counted up with every completed iteration. */
  readonly live: { completed: number };
  /** CPU time of this thread so far. */
  readonly cpuUs: () => number;
  /** Milliseconds since 1970: with the monotonic clock it tells a machine that slept. */
  readonly wallClockMs: () => number;
  /** Called when everything is open: resolves to the moment at which the slot begins, the same for all its shards. */
  readonly start: () => Promise<Micros>;
  /** What the guards of all shards share, zeroed; undefined: there is but one shard. */
  readonly memory?: SharedArrayBuffer | undefined;
}

/** How long an interrupted slot still waits for what is in flight, at most; and how long for the values to be read. */
export const drainAfterInterruptUs = 1_000_000;

/**
 * Runs one job on this thread: warm-up, measured part, drain.
 *
 * At the window's end nothing new begins; what is in flight has `load.drain` to end and is interrupted after that.
 */
export const runJob = async (
  job: Job,
  { clock, signal, cpuUs, start, live: progress }: EngineOptions,
): Promise<Recording> => {
  const { mode, stop, shard } = job;
  const { load } = mode;
  const users = shareOf(load.users, shard);
  const over = new AbortController();
  const transport = transports[mode.transport.name]!({
    endpoint: job.endpoint,
    connectTimeoutUs: mode.timeouts.connectUs,
    clock,
    signal: over.signal,
  });
  const stopOpening = (): void => over.abort();
  signal.addEventListener('abort', stopOpening, { once: true });
  const opened = await transport.open(users);
  signal.removeEventListener('abort', stopOpening);
  const fromUs = (await start()) + load.warmupUs;
  const window = { fromUs, toUs: stop.kind === 'duration' ? fromUs + stop.durationUs : Infinity };
  const recorder = new Recorder({
    steps: mode.steps.flatMap((step) =>
      step.kind === 'critical'
        ? step.steps.map(({ name }, at) => ({ name, opens: at === 0 }))
        : [{ name: step.name, opens: false }],
    ),
    users: load.users,
    isOpen: load.kind === 'open',
    window,
    live: progress,
  });
  for (const time of opened) recorder.connected(time);
  const guarding = { clock, timeoutUs: mode.timeouts.lockUs, signal: over.signal };
  const iteration = compileIteration(mode, {
    transport,
    lock: locks[mode.lock.name as LockName](mode.lock.options, (name) => new FifoGuard(name, guarding)),
    tally: recorder,
    clock,
    pauses: new Pauses(over.signal),
    seed: job.seed,
  });
  const arrivals = closed({
    clock,
    window,
    iterations: stop.kind === 'iterations' ? stop.iterations : Infinity,
    firstIteration: job.firstIteration,
    shard,
    signal,
  });

  const interruptIn = (us: number): NodeJS.Timeout => setTimeout(() => over.abort(), timerMs(us));
  const timers = stop.kind === 'duration' ? [interruptIn(window.toUs - clock.now() + load.drainUs)] : [];
  const interrupted = (): void => {
    window.toUs = Math.min(window.toUs, clock.now());
    timers.push(interruptIn(Math.min(load.drainUs, drainAfterInterruptUs)));
  };
  if (signal.aborted) interrupted();
  signal.addEventListener('abort', interrupted, { once: true });
  const health = watchHealth(window, clock, cpuUs);
  const limit = pLimit(users);
  try {
    const lives = Array.from({ length: users }, async (_, at) =>
      limit(live, newUser(shard.index + at * shard.count, iteration.variables), arrivals, iteration, recorder, clock),
    );
    const ends = await Promise.allSettled(
      lives.map(async (life) =>
        life.catch((error: unknown) => {
          // A bug, not a fault of the network: end the others now instead of after the whole slot.
          over.abort();
          throw error;
        }),
      ),
    );
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    return recorder.finish(health.seen(), arrivals.dropped);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    health.end();
    signal.removeEventListener('abort', interrupted);
    over.abort();
    await transport.close();
  }
};
