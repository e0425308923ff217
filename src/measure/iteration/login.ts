import pLimit from 'p-limit';
import { ContendError } from '../../core/errors.ts';
import type { RequestStep } from '../../core/plan/plan.ts';
import { TemplateValueError } from '../../template/compile.ts';
import { compileAfter } from './answer.ts';
import type { Iteration } from './compile.ts';
import { prepareStep, type Way } from './prepare.ts';
import type { User } from '../user.ts';

/** So many users of a thread log in at a time: a login is dear to a server, and is not what is measured. */
const loginsAtOnce = 32;

/**
 * Logs users in, each with the steps of `login` one after the other; captures stay among the user's variables. After the
 * first user who could not, no other one begins.
 *
 * @returns how many requests were sent; an interruption ends it early, and quietly
 * @throws {ContendError} ERR_LOGIN: a user who is not logged in would be measured failing
 */
export const logIn = async (
  users: readonly User[],
  mode: string,
  login: readonly RequestStep[],
  { places, fill }: Pick<Iteration, 'places' | 'fill'>,
  way: Way,
): Promise<number> => {
  if (login.length === 0) return 0;
  let sent = 0;
  const steps = login.map((step) => ({
    step,
    send: prepareStep(step, places, way, () => void sent++),
    after: compileAfter(step, places),
  }));
  let failed: { readonly user: User; readonly problem: string } | undefined;
  let isInterrupted = false;
  const one = async (user: User): Promise<void> => {
    // Data variables have the values of the iteration with the user's own number.
    user.iteration = user.index;
    fill(user);
    for (const { step, send, after } of steps) {
      if (failed !== undefined || isInterrupted) return;
      const problem = await sendOne(user, step, send, () => void sent++, after);
      if (problem === undefined) continue;
      if (user.exchange.failure === 'aborted') isInterrupted = true;
      else failed ??= { user, problem };
    }
  };
  const limit = pLimit(loginsAtOnce);
  const inTurn = async (user: User): Promise<void> => {
    await one(user);
    // Nobody else begins: what is idle may hold the worker that the others wait for.
    if (limit.pendingCount === 0) way.transport.closeIdle();
  };
  await Promise.all(users.map(async (user) => limit(inTurn, user)));
  if (failed === undefined) return sent;
  throw new ContendError(
    'ERR_LOGIN',
    `login, in mode ${mode}, of user ${failed.user.index + 1}: ${failed.problem}`,
    'Nothing is measured with users who are not logged in. Make the steps under "login:" succeed for each of them.',
  );
};

/**
 * Sends one request outside the iterations.
 *
 * @param counted is told once it was sent and answered, or failed
 * @returns undefined, or why it did not end as expected
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
