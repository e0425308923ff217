import pLimit from 'p-limit';
import type { Clock } from '../../core/clock.ts';
import { ContendError } from '../../core/errors.ts';
import type { RequestStep } from '../../core/plan/plan.ts';
import { TemplateValueError } from '../../template/compile.ts';
import { compileAfter } from './answer.ts';
import type { Iteration } from './compile.ts';
import { prepareStep, type Way } from './prepare.ts';
import type { Micros } from '../../core/units.ts';
import type { End, User } from '../user.ts';
import { unfit } from './run.ts';

/** How many users of a thread log in at a time: a login is expensive for a server, and is not what is measured. */
export const loginsAtOnce = 32;

/** How the users of a thread log in. */
export interface Login {
  /** Requests sent so far. */
  readonly sent: number;
  /**
   * Sends a user's steps one after the other, for a limited number of users at a time; captures stay among the user's
   * variables.
   *
   * @param isOver asked before each step: true if nothing more is to be sent
   * @param last called when no other user waits
   * @returns why one of them did not end as expected; `user.exchange` then has the details
   */
  enter(user: User, isOver?: () => boolean, last?: () => void): Promise<string | undefined>;
}

/** What a login needs from an iteration, and from the thread it runs on. */
interface LoginParts extends Pick<Iteration, 'places' | 'fill'> {
  readonly way: Way;
  readonly clock: Clock;
}

/** Compiles the steps of `login`. */
export const compileLogin = (login: readonly RequestStep[], { places, fill, way, clock }: LoginParts): Login =>
  new CompiledLogin(login, places, fill, way, clock);

class CompiledLogin implements Login {
  sent = 0;
  readonly #steps;
  readonly #fill: Iteration['fill'];
  readonly #way: Way;
  readonly #clock: Clock;
  readonly #limit = pLimit(loginsAtOnce);
  readonly #count = (): void => void this.sent++;

  constructor(
    login: readonly RequestStep[],
    places: Iteration['places'],
    fill: Iteration['fill'],
    way: Way,
    clock: Clock,
  ) {
    this.#fill = fill;
    this.#way = way;
    this.#clock = clock;
    this.#steps = login.map((step) => ({
      step,
      send: prepareStep(step, places, way, this.#count),
      after: compileAfter(step, places),
    }));
  }

  async enter(user: User, isOver = (): boolean => false, last?: () => void): Promise<string | undefined> {
    return this.#limit(async () => {
      const problem = await this.#send(user, isOver);
      if (this.#limit.pendingCount === 0) last?.();
      return problem;
    });
  }

  async #send(user: User, isOver: () => boolean): Promise<string | undefined> {
    const { iteration } = user;
    // Data variables have the values of the iteration with the user's number.
    user.iteration = user.index;
    this.#fill(user);
    try {
      for (const { step, send, after } of this.#steps) {
        if (isOver()) return undefined;
        const problem = await sendOne(user, step, send, this.#count, after);
        if (problem !== undefined) return problem;
      }
      user.loggedInUs = this.#clock.now();
      this.#way.freshJars?.loggedIn(user);
      return undefined;
    } finally {
      user.iteration = iteration;
    }
  }
}

/**
 * Logs users in. Once one has failed, no other one begins. An interruption ends it early, and quietly.
 *
 * @throws {ContendError} ERR_LOGIN: a user that is not logged in would only be measured failing
 */
export const logIn = async (users: readonly User[], mode: string, login: Login, way: Way): Promise<void> => {
  let failed: { readonly user: User; readonly problem: string } | undefined;
  let isInterrupted = false;
  const isOver = (): boolean => failed !== undefined || isInterrupted;
  // No other user begins: idle connections may hold the worker that the others wait for.
  const last = (): void => closeIdle(way);
  const one = async (user: User): Promise<void> => {
    const problem = await login.enter(user, isOver, last);
    if (problem === undefined) return;
    if (user.exchange.failure === 'aborted') isInterrupted = true;
    else failed ??= { user, problem };
  };
  await Promise.all(users.map(one));
  if (failed === undefined) return;
  throw new ContendError(
    'ERR_LOGIN',
    `login, in mode ${mode}, of user ${failed.user.index + 1}: ${failed.problem}`,
    'contend does not measure with users who are not logged in. Make the steps under "login:" succeed for each of them.',
  );
};

const closeIdle = ({ transport, elsewhere = new Map<string, Way>() }: Way): void => {
  transport.closeIdle();
  for (const way of elsewhere.values()) way.transport.closeIdle();
};

/**
 * Logs a user in again if its login is too old; `undefined`, at once, if it is not. A user that cannot log in does not begin
 * its iteration, which has failed, and tries again before the next.
 */
export type Renewal = (user: User) => Promise<End> | undefined;

/** @param ageUs a login older than this is too old */
export const renewal =
  (login: Login, ageUs: Micros, clock: Clock): Renewal =>
  (user) =>
    clock.now() - user.loggedInUs < ageUs ? undefined : renew(login, user);

const renew = async (login: Login, user: User): Promise<End> => {
  const problem = await login.enter(user);
  if (problem === undefined) return 'completed';
  return user.exchange.failure === 'aborted' ? 'interrupted' : unfit(user, `login, again: ${problem}`);
};

/**
 * Sends one request outside the iterations.
 *
 * @param counted called once it was sent and answered, or failed
 * @returns `undefined`, or why it did not end as expected
 */
export const sendOne = async (
  user: User,
  { name }: RequestStep,
  send: ReturnType<typeof prepareStep>,
  counted: () => void,
  after: ReturnType<typeof compileAfter>,
): Promise<string | undefined> => {
  try {
    const end = await send(user, (answered) => {
      counted();
      return after(answered);
    });
    return end === 'completed' ? undefined : user.exchange.failure === 'aborted' ? 'interrupted' : user.failureText;
  } catch (error) {
    if (error instanceof TemplateValueError) return `${name}: ${error.message}`;
    throw error;
  }
};
