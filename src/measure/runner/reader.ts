import type { Clock } from '../../core/clock.ts';
import { ContendError } from '../../core/errors.ts';
import type { Mode } from '../../core/plan/plan.ts';
import type { SourceParts } from '../data/source.ts';
import { compileAfter } from '../iteration/answer.ts';
import { compileFill } from '../iteration/fill.ts';
import { sendOne } from '../iteration/login.ts';
import { prepareStep } from '../iteration/prepare.ts';
import { numberName, variablesOf } from '../iteration/read/scope.ts';
import { newUser } from '../user.ts';
import type { Captured, Outside, Reader } from './exchanges.ts';

/** A reader that has logged in has the cookies of its login; any other one has those of `before`. */
const [ofBefore, firstOfLogin] = [0, 1];

/**
 * Makes the reader of a slot. If there is a login, the reader logs in like a user: as one more than there are, so that no
 * user's session ends its own or the other way round. If the target does not know that one, it logs in as the first user.
 *
 * @param before what the steps of `before` have captured
 * @returns `undefined` if it was interrupted
 * @throws {ContendError} ERR_LOGIN
 */
export const readerOf = async (
  mode: Mode,
  parts: SourceParts,
  outside: Outside,
  before: Captured,
  clock: Clock,
): Promise<Reader | undefined> => {
  const { login = [], load } = mode;
  if (login.length === 0 || !asks(mode)) {
    return { known: new Map([...before, [numberName, 1]]), index: ofBefore };
  }
  const problems: string[] = [];
  for (const [place, number] of [load.users, 0].entries()) {
    const index = firstOfLogin + place;
    const found = await logInAs(mode, parts, outside, number, index);
    if ('captured' in found) {
      const known = new Map([...before, ...found.captured, [numberName, number + 1]]);
      return { known, index, loggedInUs: clock.now() };
    }
    if (found.failure === 'aborted') return undefined;
    problems.push(`as user ${number + 1}: ${found.problem}`);
    // A user that the target does not know gets an answer that says so. Without an answer there is no point in trying the next one.
    if (found.failure !== undefined) break;
  }
  throw new ContendError(
    'ERR_LOGIN',
    `login, in mode ${mode.name}, of the reader of values, ${problems.join('; and ')}`,
    'Values are read by one additional user, or else by the first. Make the steps under "login:" succeed for one of them.',
  );
};

/**
 * The reader, logged in again if its login is too old by now; unchanged if that was interrupted.
 *
 * @throws {ContendError} ERR_LOGIN
 */
export const renewedReader = async (reader: Reader, ...how: Parameters<typeof readerOf>): Promise<Reader> => {
  const [{ renewUs = Infinity }, , , , clock] = how;
  const isYoung = reader.loggedInUs === undefined || clock.now() - reader.loggedInUs < renewUs;
  return isYoung ? reader : ((await readerOf(...how)) ?? reader);
};

/** Whether anything but the load is asked of the target. */
const asks = ({ reads, invariant }: Mode): boolean => reads.length > 0 || invariant !== undefined;

type LoggedIn =
  | { readonly captured: Captured }
  /** `failure`: there was no answer to the login. */
  | { readonly problem: string; readonly failure: string | undefined };

const logInAs = async (
  mode: Mode,
  parts: SourceParts,
  outside: Outside,
  number: number,
  index: number,
): Promise<LoggedIn> => {
  const { login = [], data } = mode;
  const places = variablesOf(mode);
  const user = newUser(index, places.size);
  const numberAt = places.get(numberName);
  if (numberAt !== undefined) user.variables[numberAt] = number + 1;
  user.iteration = number;
  compileFill(data, parts)(user);
  const count = (): void => void outside.sent++;
  for (const step of login) {
    const send = prepareStep(step, places, outside.way, count);
    const problem = await sendOne(user, step, send, count, compileAfter(step, places));
    if (problem !== undefined) return { problem, failure: user.exchange.failure };
  }
  const captures = login.flatMap(({ capture }) => Object.keys(capture));
  return { captured: new Map(captures.map((name) => [name, user.variables[places.get(name)!]])) };
};
