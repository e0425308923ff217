import type { Clock } from '../../core/clock.ts';
import type { OpenFile } from '../../core/host.ts';
import type { Live } from '../../core/recording/live.ts';
import { groupsOf, mostUsersOf, opens, requestsOf, sectionsOf, type Step } from '../../core/plan/plan.ts';
import type { Recording } from '../../core/recording/recording.ts';
import { shareOf, type Job } from '../../core/slot.ts';
import type { Tables } from '../../core/table.ts';
import { timerMs, type Micros } from '../../core/units.ts';
import { compileIteration } from '../iteration/compile.ts';
import { compileLogin, logIn, renewal } from '../iteration/login.ts';
import { wayOf } from '../iteration/prepare.ts';
import { numberName } from '../iteration/read/scope.ts';
import { Pauses } from '../pauses.ts';
import { newUser, type User } from '../user.ts';
import { arrivalsOf } from '../load/of-job.ts';
import { HistoryLogs } from '../record/history-log.ts';
import { Recorder } from '../record/recorder.ts';
import { openElsewhere, openTransport } from '../transport/index.ts';
import { runUsers } from './crew.ts';
import { watchHealth } from './health.ts';
import { lockOf } from './lock-of.ts';

/** What a job needs from the thread it runs on. */
export interface EngineOptions {
  readonly clock: Clock;
  /** Once aborted, no new iterations start; those in flight may still drain. */
  readonly signal: AbortSignal;
  /** Where this shard counts what has ended. */
  readonly live: Live;
  /** CPU time of this thread so far. */
  readonly cpuUs: () => number;
  /** Makes the files of observed operations. */
  readonly openFile: OpenFile;
  /** Milliseconds since 1970: compared with the monotonic clock, it shows whether the machine slept. */
  readonly wallClockMs: () => number;
  /** Called when everything is open: resolves to the moment at which the slot begins, the same for all its shards. */
  readonly start: () => Promise<Micros>;
  /** The rows of the files that the job's variables read, by the names that the variables use. */
  readonly tables: Tables;
  /** Memory that the guards of all shards share, zeroed; `undefined` with only one shard. */
  readonly memory?: SharedArrayBuffer | undefined;
}

/** How long an interrupted slot still waits at most for iterations in flight, and then for the values to be read. */
export const drainAfterInterruptUs = 1_000_000;

/**
 * Runs one job on this thread: the logins of its users, warm-up, measured part, drain.
 *
 * Rejects with ERR_LOGIN, ERR_REDIS, or a bug. At the window's end no new iterations start; those in flight get `load.drain`
 * to end and are then interrupted.
 */
export const runJob = async (
  job: Job,
  { clock, signal, cpuUs, wallClockMs, openFile, start, live, tables, memory }: EngineOptions,
): Promise<Recording> => {
  const { mode, stop, shard } = job;
  const { load } = mode;
  const users = shareOf(mostUsersOf(load), shard);
  const over = new AbortController();
  const sent = { endpoint: job.endpoint, clock, signal: over.signal };
  const transport = await openTransport(mode, sent);
  const elsewhere = await openElsewhere(mode, sent);
  /** Before anything is measured, an interruption has nothing to wait for and ends the work at once. */
  const interruptible = async <Given>(prepare: () => Promise<Given>): Promise<Given> => {
    const stop = (): void => over.abort();
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await prepare();
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
  // Set once the slot has begun. Everything that takes time comes before that, as the first arrivals may be due at once.
  const window = { fromUs: Infinity, toUs: Infinity, middleUs: -Infinity };
  const opening = new Set<Step>(
    sectionsOf(mode.steps)
      .map(({ steps }) => steps[0])
      .filter(opens),
  );
  const recorder = new Recorder({
    steps: requestsOf(mode.steps).map((step) => ({ name: step.name, opens: opening.has(step) })),
    groups: groupsOf(mode.steps),
    users: mostUsersOf(load),
    isOpen: load.kind === 'open',
    window,
    stages: load.stages,
    live,
    ...(job.samples === undefined
      ? {}
      : { draw: { size: job.samples, seed: job.seed, mode: mode.name, round: job.round, worker: shard.index } }),
  });
  const lock = lockOf(mode, { clock, signal: over.signal, memory, threads: shard.count });
  const histories =
    job.histories === undefined ? undefined : new HistoryLogs(`${job.histories}.${shard.index + 1}`, openFile);
  const way = await wayOf(mode, job.endpoint, transport, elsewhere);
  const iteration = compileIteration(mode, {
    ...way,
    lock,
    tally: recorder,
    clock,
    pauses: new Pauses(over.signal),
    seed: job.seed,
    historyOf: histories === undefined ? undefined : (model) => histories.of(model),
    slot: job,
    tables,
  });
  const crew = Array.from({ length: users }, (_, at) => newUser(shard.index + at * shard.count, iteration.variables));
  const numberAt = iteration.places.get(numberName);
  if (numberAt !== undefined) for (const user of crew) user.variables[numberAt] = user.index + 1;

  const timers: NodeJS.Timeout[] = [];
  const last = new AbortController();
  const endNow = (): void => {
    last.abort();
    over.abort();
  };
  const interruptIn = (us: number): void => void timers.push(setTimeout(endNow, timerMs(us)));
  const interrupted = (): void => {
    window.toUs = Math.min(window.toUs, clock.now());
    interruptIn(Math.min(load.drainUs, drainAfterInterruptUs));
    last.abort();
  };
  try {
    await lock.open?.();
    const login = mode.login === undefined ? undefined : compileLogin(mode.login, { ...iteration, way, clock });
    const enter = async (...entering: readonly User[]): Promise<void> => {
      if (login !== undefined) await logIn(entering, mode.name, login, way);
    };
    const renew = login === undefined || mode.renewUs === undefined ? undefined : renewal(login, mode.renewUs, clock);
    if (!signal.aborted) await interruptible(async () => enter(...crew.slice(0, shareOf(load.users, shard))));
    window.fromUs = (await start()) + load.warmupUs;
    if (stop.kind === 'duration') {
      window.toUs = window.fromUs + stop.durationUs;
      window.middleUs = window.fromUs + stop.durationUs / 2;
      interruptIn(window.toUs - clock.now() + load.drainUs);
    }
    if (signal.aborted) interrupted();
    signal.addEventListener('abort', interrupted, { once: true });
    const arrivals = arrivalsOf(job, {
      clock,
      window,
      signal: last.signal,
      onDropped: (dueUs) => recorder.dropped(dueUs),
    });
    const health = watchHealth({ window, clock, cpuUs, wallClockMs, idleUs: () => arrivals.idleUs });
    try {
      const parts = {
        load,
        shard,
        arrivals,
        iteration,
        tally: recorder,
        clock,
        window,
        signal: last.signal,
        live,
        enter,
        renew,
      };
      // A bug, not a fault of the network: end the other users now instead of after the whole slot.
      await runUsers(crew, parts, () => {
        last.abort();
        over.abort();
      });
      const recording = recorder.finish(health.seen(), arrivals.dropped, histories?.finish());
      const { connections } = transport;
      return {
        ...recording,
        ...(connections === undefined ? {} : { connections }),
        ...(login === undefined ? {} : { unmeasured: { ...recording.unmeasured, login: login.sent } }),
      };
    } finally {
      health.end();
    }
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener('abort', interrupted);
    last.abort();
    over.abort();
    await lock.close?.();
    for (const one of [transport, ...elsewhere.values()]) await one.close();
  }
};
