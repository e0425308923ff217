import { mostTimes, type ChooseStep, type IfStep, type RepeatStep, type ThinkStep } from '../../core/plan/flow.ts';
import { uniform } from '../../core/random.ts';
import { compileValue, TemplateValueError, type Evaluate, type Lookup } from '../../template/compile.ts';
import { parseTemplate } from '../../template/parse.ts';
import type { Pauses } from '../pauses.ts';
import { unsendable, type Parts } from './run.ts';
import type { End, Run, User } from '../user.ts';

/**
 * Which pass of the repeated steps around it a user is in, all of them together: where nothing is repeated, 0. With the seed
 * and the number of the iteration it is what a draw follows from.
 */
export type Pass = (user: User) => number;

/** Outside everything that is repeated. */
export const onePass: Pass = () => 0;

/** A number in [0, 1) that the seed, the iteration and the pass decide. `stream`: which draw of the mode it is. */
export interface Draw {
  readonly seed: number;
  readonly stream: number;
  readonly pass: Pass;
}

const drawn = ({ seed, stream, pass }: Draw, user: User): number => uniform(seed, stream + pass(user), user.iteration);

/** A pause, which ends early where the slot does. */
export const thinking = ({ us: [least, most] }: ThinkStep, draw: Draw, pauses: Pauses): Run => {
  const lengthUs = least === most ? () => least : (user: User): number => least + drawn(draw, user) * (most - least);
  return async (user) => ((await pauses.pause(lengthUs(user))) ? 'completed' : 'interrupted');
};

/**
 * Steps several times over, until one does not complete.
 *
 * @param compile gives the steps, by the pass that they are in
 */
export const repeated = (
  { times }: RepeatStep<unknown>,
  outer: Pass,
  lookup: Lookup<User>,
  compile: (pass: Pass) => Run,
): Run => {
  // By user: each is in one pass.
  const passes: number[] = [];
  const run = compile((user) => outer(user) * mostTimes + passes[user.index]!);
  const again = async (user: User, most: number): Promise<End> => {
    for (let pass = 0; pass < most; pass++) {
      passes[user.index] = pass;
      const end = await run(user);
      if (end !== 'completed') return end;
    }
    return 'completed';
  };
  if (typeof times === 'number') return async (user) => again(user, times);
  const value = valueOf(times, lookup);
  return evaluated('"times"', value, async (user, found) => {
    const count = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
    if (typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= mostTimes) {
      return again(user, count);
    }
    return unsendable(
      user,
      'repeat',
      new TemplateValueError(`"${times}" is not a whole number from 0 to ${mostTimes}`),
    );
  });
};

/** Steps where the condition holds, as it does for all but false, 0, "", null and what is not there; others where it does not. */
export const either = ({ test }: IfStep<unknown>, lookup: Lookup<User>, yes: Run, no: Run): Run =>
  evaluated('if', valueOf(test, lookup), (user, found) => (found ? yes(user) : no(user)));

/** One of several runs, by weight. */
export const chosen = ({ branches }: ChooseStep<unknown>, draw: Draw, runs: readonly Run[]): Run => {
  const whole = branches.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  const upTo = branches.map(({ weight }) => (sum += weight / whole));
  return (user) => {
    const at = drawn(draw, user);
    const found = upTo.findIndex((limit) => at < limit);
    // The shares may add up to a hair less than 1.
    return runs[found === -1 ? runs.length - 1 : found]!(user);
  };
};

/**
 * Steps whose whole time is reported, all that is in it included.
 *
 * @param group its place among the mode's groups
 */
export const timedAs =
  (group: number, run: Run, { tally, clock }: Parts): Run =>
  async (user) => {
    const begunUs = clock.now();
    const end = await run(user);
    tally.group(user, group, clock.now() - begunUs, end);
    return end;
  };

/** Nothing at all. */
export const nothing: Run = () => Promise.resolve('completed');

const valueOf = (template: string, lookup: Lookup<User>): Evaluate<User> =>
  compileValue(parseTemplate(template), lookup);

const evaluated =
  (what: string, value: Evaluate<User>, then: (user: User, found: unknown) => Promise<End>): Run =>
  (user) => {
    let found: unknown;
    try {
      found = value(user);
    } catch (error) {
      return unsendable(user, what, error);
    }
    return then(user, found);
  };
