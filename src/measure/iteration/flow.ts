import { mostTimes, type ChooseStep, type IfStep, type RepeatStep, type ThinkStep } from '../../core/plan/flow.ts';
import { uniform } from '../../core/random.ts';
import { compileValue, TemplateValueError, type Evaluate, type Lookup } from '../../template/compile.ts';
import { parseTemplate } from '../../template/parse.ts';
import type { Pauses } from '../pauses.ts';
import { unsendable, type Parts } from './run.ts';
import type { End, Run, User } from '../user.ts';

/**
 * Which pass of the repeated steps around it a user is in, over all of them; 0 where nothing is repeated. A draw follows
 * from this, the seed and the iteration's number.
 */
export type Pass = (user: User) => number;

/** Outside all repeated steps. */
export const onePass: Pass = () => 0;

/** A number in [0, 1) that follows from the seed, the iteration and the pass. `stream`: which draw of the mode it is. */
export interface Draw {
  readonly seed: number;
  readonly stream: number;
  readonly pass: Pass;
}

const drawn = ({ seed, stream, pass }: Draw, user: User): number => uniform(seed, stream + pass(user), user.iteration);

/** A pause, which ends early if the slot does. */
export const thinking = ({ us: [least, most] }: ThinkStep, draw: Draw, pauses: Pauses): Run => {
  const lengthUs = least === most ? () => least : (user: User): number => least + drawn(draw, user) * (most - least);
  return async (user) => ((await pauses.pause(lengthUs(user))) ? 'completed' : 'interrupted');
};

/**
 * Steps repeated until one does not complete.
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

/** Runs `yes` if the condition is true, as is every value except false, 0, "", null and a missing one; otherwise `no`. */
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
    // The shares may add up to slightly less than 1.
    return runs[found === -1 ? runs.length - 1 : found]!(user);
  };
};

/**
 * Steps whose total time is reported, including everything in them.
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

/** Does nothing. */
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
