import { setTimeout as pause } from 'node:timers/promises';
import { ContendError } from '../../core/errors.ts';
import type { Mode } from '../../core/plan/plan.ts';
import type { Recording } from '../../core/recording/recording.ts';
import type { Endpoint, Job, Slot } from '../../core/slot.ts';
import { micros, timerMs } from '../../core/units.ts';
import { drainAfterInterruptUs } from '../engine/engine.ts';
import type { Jars } from '../iteration/cookies.ts';
import { here, LostShare, type Carry, type CarryOptions } from './carry.ts';
import { openOutside, sendAll, type Captured, type Outside, type Reader, type Renew } from './exchanges.ts';
import { keysOfReads, type KeysOfReads } from './keys.ts';
import { finalsOf, none, readValues, type Values } from './values.ts';
import { Observer } from './observer.ts';
import { firstIterationOf, ofRound } from './of-round.ts';
import { preflightLock } from './preflight.ts';
import { readerOf, renewedReader } from './reader.ts';
import { settledOn } from './settle.ts';

/** Which slot, and where it sends its requests. */
export interface SlotOptions extends CarryOptions {
  readonly mode: Mode;
  readonly endpoint: Endpoint;
  /** The cores of this machine that this process may use. */
  readonly cores: number;
  readonly seed: number;
  readonly round: number;
  readonly rounds: number;
  readonly position: number;
  /** The folder for the files of observed operations; absent: nothing is observed. */
  readonly historyFolder?: string | undefined;
  /** How many iterations of the slot to draw; absent: none. */
  readonly samples?: number | undefined;
  /** Carries the job to where it runs: on this thread, as one share, unless given. */
  readonly carry?: Carry;
  /** What it is carried to, if the mode and this machine do not decide that. */
  readonly carriedTo?: Pick<Slot, 'workers' | 'pacing'> | undefined;
}

/**
 * ERR_FINAL_READ, ERR_WORKER_LOST or ERR_SERVE after the load began: the measurement is there, but the final state of the
 * data is unknown.
 */
export class BrokenSlot extends ContendError {
  /** The slot without the values after the load. */
  readonly slot: Slot;

  constructor(slot: Slot, { code, message, hint, output }: ContendError) {
    super(code, message, hint, undefined, output);
    this.slot = slot;
  }
}

/**
 * Measures one mode once: `before`, the values of all keys, the logins, the load, the values again, `after`.
 *
 * @returns `undefined` if the run was interrupted before the load began
 * @throws {ContendError} ERR_BEFORE if the target could not be put into its known state, ERR_FINAL_READ if a value could not
 * be read: a slot that began or ended in an unknown state says nothing about the data; ERR_LOGIN; ERR_REDIS; ERR_WORKER_LOST
 * @throws {BrokenSlot} ERR_FINAL_READ and ERR_WORKER_LOST, if something was measured
 */
export const measureSlot = async (options: SlotOptions): Promise<Slot | undefined> => {
  const {
    mode,
    endpoint,
    cores,
    seed,
    round,
    rounds,
    position,
    signal,
    historyFolder,
    samples,
    carry = here,
  } = options;
  const { workers, pacing } = options.carriedTo ?? settledOn(mode, endpoint, cores);
  const job: Omit<Job, 'shard'> = {
    mode,
    endpoint,
    seed,
    round,
    stop: ofRound(mode.load, round, rounds),
    firstIteration: firstIterationOf(mode.load.stop, round, rounds),
    pacing,
    ...(samples === undefined ? {} : { samples }),
    ...(historyFolder === undefined ? {} : { histories: `${historyFolder}/${mode.name}.${round + 1}` }),
  };
  const around = { ...options, jars: [] };
  const sources = { seed, slot: job, tables: options.tables };
  const keys = keysOfReads(mode, sources, job.stop);
  const ahead = await outside(around, async (requests) => {
    const captured = await putIntoKnownState(options, requests);
    const before = requests.sent;
    try {
      const reader = await readerOf(mode, sources, requests, captured, options.clock);
      const login = requests.sent - before;
      const renew: Renew = async (old, by) => renewedReader(old, mode, sources, by, captured, options.clock);
      const observer = reader === undefined ? undefined : observerOf(around, { reader, renew }, options, job.histories);
      const values = reader === undefined ? none : await readValues(options, keys, requests, reader, 'initial read');
      await observer?.ask('initial read', requests, signal);
      return { before, login, captured, reader, renew, values, observer };
    } catch (error) {
      throw told(error, await sendAfter(around, captured));
    }
  });
  const { captured, reader, renew, observer } = ahead.given;
  if (signal.aborted || reader === undefined) return undefined;
  // It may have been lost since the last slot: report it here, as a thread could only say that it failed.
  await preflightLock(mode, options.clock);
  const slotOf = (recording: Recording, behind: Behind): Slot => ({
    mode: mode.name,
    round,
    position,
    workers,
    pacing,
    finals: finalsOf(ahead.given.values, behind.values),
    ...(behind.isSettled === true && { isSettled: true }),
    recording: withUnmeasured(withAnswers(recording, observer), {
      before: ahead.given.before,
      login: ahead.given.login,
      finalReads: ahead.sent - ahead.given.before - ahead.given.login + behind.sent,
      after: behind.after?.sent,
      observer: observer?.sent,
    }),
    ...(behind.after?.problem === undefined ? {} : { afterProblem: behind.after.problem }),
  });
  try {
    observer?.begin(signal);
    const recording = withoutUnborn(mode, await carry(job, workers, options));
    const isSettled = await settled(mode, signal);
    await observer?.end();
    // A read before everything has taken effect says nothing.
    const read =
      isSettled || mode.settleUs === undefined
        ? await readBehind(around, keys, { reader, renew }, observer)
        : { values: none, sent: 0 };
    const behind = { ...read, isSettled, after: await sendAfter(around, captured) };
    if (behind.problem !== undefined) throw new BrokenSlot(slotOf(recording, behind), behind.problem);
    return slotOf(recording, behind);
  } catch (error) {
    if (error instanceof BrokenSlot) throw error;
    const after = await sendAfter(around, captured);
    if (!(error instanceof LostShare) || error.rest === undefined) throw told(error, after);
    // What the lost share has written is unknown: neither values read now nor the others' operations can be judged by it.
    await observer?.end();
    throw new BrokenSlot(slotOf(withoutHistories(error.rest), { values: none, sent: 0, after }), error);
  } finally {
    await observer?.[Symbol.asyncDispose]();
  }
};

/** Without the users that were never added. */
const withoutUnborn = ({ load }: Mode, recording: Recording): Recording => {
  const { completedByUser } = recording;
  const born = Math.max(load.users, completedByUser.findLastIndex((completed) => completed > 0) + 1);
  return born === completedByUser.length
    ? recording
    : { ...recording, completedByUser: completedByUser.slice(0, born) };
};

/** The reader that reads values or asks, and how it logs in again. */
interface Asking {
  readonly reader: Reader;
  readonly renew: Renew;
}

/** The observer of a mode's invariant; `undefined` if it has none. */
const observerOf = (
  around: Around,
  asking: Asking,
  { openFile }: Pick<SlotOptions, 'openFile'>,
  histories: string | undefined,
): Observer | undefined => {
  const { mode, endpoint, clock, jars } = around;
  const { invariant } = mode;
  if (invariant === undefined || histories === undefined) return undefined;
  return new Observer({
    mode,
    invariant,
    ...asking,
    clock,
    openFile,
    path: `${histories}.observer.history`,
    open: async (signal) => openOutside(mode, endpoint, clock, signal, jars),
  });
};

/** Appends the observer's answers to what the shares have recorded. */
const withAnswers = (recording: Recording, observer: Observer | undefined): Recording =>
  observer === undefined ? recording : { ...recording, histories: [...recording.histories, observer.finish()] };

/** Waits until all changes have taken effect; false if it is not said how long that takes, or the run was interrupted first. */
const settled = async ({ settleUs }: Mode, signal: AbortSignal): Promise<boolean> =>
  settleUs !== undefined && !signal.aborted && pause(timerMs(settleUs), true, { signal }).catch(() => false);

const withoutHistories = (rest: Recording): Recording => ({
  ...rest,
  histories: rest.histories.map((history) => ({ ...history, problem: 'what a lost worker did is not known' })),
});

/**
 * Runs a mode without measuring it, to warm up its target. Everything that was sent is counted as unmeasured.
 *
 * @param us how long
 */
export const warmUp = async (
  options: Omit<SlotOptions, 'round' | 'rounds' | 'position'>,
  us: number,
): Promise<Recording> => {
  const { mode, endpoint, cores, seed, carry = here, carriedTo = settledOn(mode, endpoint, cores) } = options;
  const { sent, given } = await outside(options, async (requests) => putIntoKnownState(options, requests));
  const load = { ...mode.load, warmupUs: micros(us) };
  const stop: Job['stop'] = { kind: 'duration', durationUs: micros(0) };
  const recording = await carry(
    { mode: { ...mode, load }, endpoint, seed, round: 0, stop, firstIteration: 0, pacing: 'relaxed' },
    carriedTo.workers,
    options,
  );
  const after = await sendAfter(options, given);
  return withUnmeasured(recording, { before: sent, login: 0, finalReads: 0, after: after?.sent, observer: undefined });
};

/** Adds a problem of `after` to an error, as there is no slot to report it. */
const told = (error: unknown, after: After | undefined): unknown =>
  error instanceof ContendError && after?.problem !== undefined
    ? new ContendError(error.code, `${error.message}; and after: ${after.problem}`, error.hint, error)
    : error;

interface Around extends Pick<SlotOptions, 'mode' | 'endpoint' | 'tables' | 'clock' | 'signal'> {
  /** The cookies of the requests around one slot. */
  readonly jars?: Jars;
}

/** Sends requests outside the load, on separate connections, and counts them. */
const outside = async <Given>(
  { mode, endpoint, clock, signal, jars }: Around,
  then: (requests: Outside) => Promise<Given>,
): Promise<{ readonly given: Given; readonly sent: number }> => {
  const requests = await openOutside(mode, endpoint, clock, signal, jars);
  try {
    return { given: await then(requests), sent: requests.sent };
  } finally {
    await requests.close();
  }
};

interface Behind {
  readonly values: Values;
  /** All changes have taken effect. */
  readonly isSettled?: boolean;
  readonly sent: number;
  readonly problem?: ContendError;
  readonly after?: After | undefined;
}

/** What became of the steps of `after`. */
interface After {
  readonly sent: number;
  readonly problem?: string;
}

/** The values after the load. */
const readBehind = async (
  options: Around,
  keys: KeysOfReads,
  { reader, renew }: Asking,
  observer: Observer | undefined,
): Promise<Behind> =>
  behind(options, async (requests) => {
    try {
      const values = await readValues(options, keys, requests, await renew(reader, requests), 'final read');
      await observer?.ask('final read', requests, options.signal);
      return { values, sent: requests.sent };
    } catch (problem) {
      if (!(problem instanceof ContendError)) throw problem;
      return { values: none, sent: requests.sent, problem };
    }
  });

/**
 * Sends the steps of `after`, if there are any, even after a load that was cut short. A problem is reported and costs
 * nothing of the slot, which was over.
 */
const sendAfter = async (options: Around, captured: Captured): Promise<After | undefined> => {
  const { after = [] } = options.mode;
  if (after.length === 0) return undefined;
  return behind(options, async (requests) => {
    const { problem } = await sendAll(after, requests, captured);
    return { sent: requests.sent, ...(problem === undefined ? {} : { problem }) };
  });
};

/** Sends requests after the load. An interruption leaves them some time: a measurement is worth more with its final values. */
const behind = async <Given>(
  { mode, endpoint, clock, signal, jars }: Around,
  then: (requests: Outside) => Promise<Given>,
): Promise<Given> => {
  const late = new AbortController();
  const arm = (): void => void setTimeout(() => late.abort(), timerMs(drainAfterInterruptUs)).unref();
  if (signal.aborted) arm();
  else signal.addEventListener('abort', arm, { once: true });
  const requests = await openOutside(mode, endpoint, clock, late.signal, jars);
  try {
    return await then(requests);
  } finally {
    signal.removeEventListener('abort', arm);
    await requests.close();
  }
};

/** @returns what the steps of `before` have captured */
const putIntoKnownState = async ({ mode: { name, before }, signal }: Around, requests: Outside): Promise<Captured> => {
  const { captured, problem } = await sendAll(before, requests);
  if (problem === undefined || signal.aborted) return captured;
  throw new ContendError(
    'ERR_BEFORE',
    `before, in mode ${name}: ${problem}`,
    'contend does not measure a target in an unknown state. Make the steps under "before:" succeed first.',
  );
};

/** What was sent around a slot; `after` is `undefined` if it has no steps. */
interface Sent {
  readonly before: number;
  readonly login: number;
  readonly finalReads: number;
  readonly after: number | undefined;
  /** `undefined` if no invariant is asked during the load. */
  readonly observer: number | undefined;
}

const withUnmeasured = (recording: Recording, { before, login, finalReads, after, observer }: Sent): Recording => {
  const { unmeasured } = recording;
  return {
    ...recording,
    unmeasured: {
      ...unmeasured,
      before,
      finalReads,
      ...(unmeasured.login === undefined && login === 0 ? {} : { login: (unmeasured.login ?? 0) + login }),
      ...(after === undefined ? {} : { after }),
      ...(observer === undefined ? {} : { observer }),
    },
  };
};
