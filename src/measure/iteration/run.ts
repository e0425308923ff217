import type { Clock } from '../../core/clock.ts';
import type { Retry } from '../../core/plan/plan.ts';
import type { FailureClass } from '../../core/recording/failure.ts';
import type { Access, Guard, Hold, Lock, Refusal } from '../lock/lock.ts';
import type { Tally } from '../record/tally.ts';
import type { Send } from '../transport/transport.ts';
import { TemplateValueError } from '../../template/compile.ts';
import type { SectionWatch, StepWatch } from './observe/observe.ts';
import { fail, type After, type End, type Run, type User } from '../user.ts';

/** What the pieces of a compiled iteration close over. */
export interface Parts {
  readonly lock: Lock;
  readonly tally: Tally;
  readonly clock: Clock;
  /** Where the fencing token of a lease goes among a user's variables; `undefined` if the lock has none. */
  readonly tokenAt?: number | undefined;
}

/**
 * Sends one request, counts it, and handles its answer, if that is done here.
 *
 * @param step its place among the mode's requests
 * @param begin called before it is sent, if the step is observed
 * @cost no promise in addition to the send's own
 */
export const exchanged = (
  step: number,
  name: string,
  send: Send,
  begin: StepWatch['begin'] | undefined,
  after: After | undefined,
  { tally }: Parts,
): Run => {
  const answered: After = (user) => {
    tally.exchange(user, step);
    return after === undefined ? 'completed' : after(user);
  };
  return (user) => {
    try {
      begin?.(user);
      return send(user, answered);
    } catch (error) {
      return unsendable(user, name, error);
    }
  };
};

/**
 * Handles the answer of an observed step: what became of its operation follows from what the step made of the answer.
 *
 * @param inTime fails a step that took too long, which says nothing about what was done
 */
export const observed =
  ({ look, done }: StepWatch, after: After, inTime: After | undefined): After =>
  (user) => {
    look?.(user);
    const end = after(user);
    done(user, end);
    return end === 'completed' && inTime !== undefined ? inTime(user) : end;
  };

/** Ends a piece that could not begin because a template had no value. @param name what could not begin */
export const unsendable = async (user: User, name: string, error: unknown): Promise<End> => {
  if (!(error instanceof TemplateValueError)) throw error;
  return unfit(user, `${name}: ${error.message}`);
};

/** Fails an iteration that lacks a value for what it would send. */
export const unfit = async (user: User, why: string): Promise<End> => {
  // A user with nothing to wait for would try again forever, and block the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  return fail(user, 'capture', why);
};

/** One piece after the other, until one does not complete. */
export const sequence = (pieces: readonly [Run, ...Run[]]): Run => {
  if (pieces.length === 1) return pieces[0];
  return async (user) => {
    // An iterator would be garbage in every iteration.
    for (let at = 0; at < pieces.length; at++) {
      const end = await pieces[at]!(user);
      if (end !== 'completed') return end;
    }
    return 'completed';
  };
};

/**
 * Like {@link sequence}, but after an unexpected answer the pauses that follow it are still taken: a user that is turned
 * away reads the page, too, and a failing target does not get more requests for it.
 *
 * @param isPause for each piece, whether it is a pause
 */
export const pausing =
  (pieces: readonly [Run, ...Run[]], isPause: readonly boolean[]): Run =>
  async (user) => {
    for (let at = 0; at < pieces.length; at++) {
      const end = await pieces[at]!(user);
      if (end === 'completed') continue;
      if (end !== 'failed' || (user.failure !== 'check' && user.failure !== 'capture')) return end;
      for (let next = at + 1; next < pieces.length; next++)
        if (isPause[next] && (await pieces[next]!(user)) !== 'completed') return end;
      return end;
    }
    return 'completed';
  };

/** A pass through a critical section that is not opened by a request of its own, so that it has to be counted. */
export const attempted =
  (run: Run, { tally }: Parts): Run =>
  (user) => {
    tally.attempt(user);
    return run(user);
  };

/**
 * A critical section under the mode's lock.
 *
 * @param requests the section's steps up to the last byte of the last answer
 * @param processed that answer's captures and checks, and the mode's `process`
 * @param access what its steps need: a section that only reads may share
 */
export const critical = (requests: Run, processed: Run, access: Access, parts: Parts): Run => {
  const { section, processing, nested } = parts.lock;
  const both = sequence([requests, processed]);
  if (section === undefined) return both;
  if (processing === undefined) return timed(async (user) => inside(section, access, user, both, parts), parts);
  const process: Run = async (user) => inside(processing, access, user, processed, parts);
  if (nested === true) {
    const all = sequence([requests, process]);
    return timed(async (user) => inside(section, access, user, all, parts), parts);
  }
  return timed(async (user) => {
    // Join the second queue before leaving the first, so that answers are processed in the order of the requests.
    let next: Promise<End> | undefined;
    const handOver: Run = async (holder) => {
      const end = await requests(holder);
      if (end === 'completed') next = process(holder);
      return end;
    };
    const end = await inside(section, access, user, handOver, parts);
    return next ?? end;
  }, parts);
};

/** Times a pass through a critical section: all its waits for locks, and the rest, under them. */
const timed =
  (run: Run, { tally, clock }: Parts): Run =>
  async (user) => {
    user.lockWaitUs = 0;
    const askedUs = clock.now();
    const end = await run(user);
    tally.section(user, user.lockWaitUs, clock.now() - askedUs - user.lockWaitUs);
    return end;
  };

/** Reports when each pass through a section asked for its lock (or began, if there is none) and when it was over. */
export const watched =
  (run: Run, { passed }: SectionWatch, { clock }: Parts): Run =>
  async (user) => {
    // Without a lock it stays 0.
    user.lockWaitUs = 0;
    const askedUs = clock.now();
    const end = await run(user);
    passed(user, askedUs, clock.now());
    return end;
  };

const inside = async (
  guard: Guard,
  access: Access,
  user: User,
  run: Run,
  { tally, clock, tokenAt }: Parts,
): Promise<End> => {
  const askedUs = clock.now();
  user.queue = 0;
  let got: Hold | Promise<Hold>;
  try {
    got = guard.acquire(user, access);
  } catch (error) {
    return unsendable(user, `the key of the ${guard.name} lock`, error);
  }
  const hold = got instanceof Promise ? await got : got;
  const heldUs = clock.now();
  const { queue } = user;
  user.lockWaitUs += heldUs - askedUs;
  user.spent.lockWaitUs += heldUs - askedUs;
  if (hold.refused !== undefined) return refused(user, guard.name, heldUs - askedUs, hold.refused);
  if (tokenAt !== undefined) user.variables[tokenAt] = hold.token;
  try {
    return await run(user);
  } finally {
    const left = hold.release();
    if (left instanceof Promise && (await left) === 'lapsed') tally.lapsed(guard.name);
    tally.lock(user, guard.name, heldUs - askedUs, clock.now() - heldUs, queue);
  }
};

const refused = (user: User, lock: string, waitedUs: number, why: Refusal): End => {
  if (why === 'aborted') return 'interrupted';
  if (why === 'too late') return fail(user, 'lock', `${lock} lock not obtained within ${waitedUs / 1000} ms`);
  return fail(user, why.failure, why.text);
};

/**
 * Sends a request again while it ends as `retry` says. Each try is counted, timed, observed and checked like any other. The
 * last one decides how the step ended.
 *
 * @param pause the back-off before try n + 1; false: the slot is over
 */
export const sentAgain =
  (
    run: Run,
    { statuses, failures, times }: Retry,
    pause: (user: User, again: number) => Promise<boolean>,
    { clock }: Parts,
  ): Run =>
  async (user) => {
    const { exchange, spent } = user;
    for (let again = 0; ; again++) {
      // If this request cannot be sent, the answer to the previous one says nothing about it.
      exchange.status = 0;
      exchange.failure = undefined;
      const end = await run(user);
      const { failure, status } = exchange;
      const isFailed = failure !== undefined && (failures as readonly FailureClass[]).includes(failure);
      if (again === times || !(isFailed || statuses.includes(status))) return end;
      const askedUs = clock.now();
      const goesOn = await pause(user, again);
      spent.retriesUs += clock.now() - askedUs;
      if (!goesOn) return 'interrupted';
      spent.again++;
    }
  };

/**
 * Runs a critical section again from its first step while it ends in a conflict. This is outside the lock: every attempt
 * queues again.
 *
 * @param retries n: n + 1 attempts, then the iteration has failed as `gave-up`
 * @param pause the back-off before attempt n + 1; false: the slot is over
 */
export const retried =
  (run: Run, retries: number, pause: (user: User, attempt: number) => Promise<boolean>, { tally, clock }: Parts): Run =>
  async (user) => {
    const { spent } = user;
    for (let attempt = 0; ; attempt++) {
      const begunUs = clock.now();
      const { retriesUs, lockWaitUs, serviceUs, connectUs, serverLockUs, serverQueryUs, requests } = spent;
      const end = await run(user);
      if (end !== 'conflict') return end;
      tally.conflict(user);
      spent.wasted += spent.requests - requests;
      // Everything an attempt with a conflict took counts as retries, whatever it was spent on.
      spent.lockWaitUs = lockWaitUs;
      spent.serviceUs = serviceUs;
      spent.connectUs = connectUs;
      spent.serverLockUs = serverLockUs;
      spent.serverQueryUs = serverQueryUs;
      const isLast = attempt === retries;
      const goesOn = isLast || (await pause(user, attempt));
      spent.retriesUs = retriesUs + clock.now() - begunUs;
      if (isLast) return fail(user, 'gave-up', `still a conflict after ${retries} retries`);
      if (!goesOn) return 'interrupted';
    }
  };

/**
 * Attempts that each begin with the same values of some variables: what an attempt that ended in a conflict captured on one
 * branch must not stand in for a capture that the next attempt skips.
 *
 * @param places of those variables
 * @param again runs attempts until one does not end in a conflict
 */
export const restored = (attempt: Run, places: readonly number[], again: (attempt: Run) => Run): Run => {
  if (places.length === 0) return again(attempt);
  // By user: each is in one section.
  const kept: unknown[][] = [];
  const attempts = again((user) => {
    const values = kept[user.index]!;
    for (let at = 0; at < places.length; at++) user.variables[places[at]!] = values[at];
    return attempt(user);
  });
  return (user) => {
    kept[user.index] = places.map((place) => user.variables[place]);
    return attempts(user);
  };
};
