import type { Conflict, CriticalStep, Mode, Processing, RequestStep, Step } from '../../core/plan.ts';
import { requestsOf } from '../../core/plan.ts';
import { stream, uniform } from '../../core/random.ts';
import type { Access } from '../lock/lock.ts';
import { sourceOf, type Source } from '../data/source.ts';
import { compileAfter } from './answer.ts';
import { compileObserved } from './observe.ts';
import type { Pauses } from './pauses.ts';
import { chosen, either, nothing, onePass, repeated, thinking, type Draw, type Pass } from './flow.ts';
import { prepareStep, type Way } from './prepare.ts';
import { attempted, critical, exchanged, restored, retried, sequence, type Parts } from './run.ts';
import { tokenName, userLookup, variablesOf } from './scope.ts';
import type { After, Run, User } from './user.ts';

/** What a mode is compiled with when its slot starts. */
export interface CompileParts extends Parts, Way {
  readonly pauses: Pauses;
  readonly seed: number;
}

/** One pass of a user through a mode's steps, ready to run. */
export interface Iteration {
  /** How many variables a user must have room for. */
  readonly variables: number;
  /** Where each of them stands. */
  readonly places: ReadonlyMap<string, number>;
  /** Gives the user the data values of `user.iteration`. */
  readonly fill: (user: User) => void;
  readonly run: Run;
}

/** Folds a mode's steps, lock, retries, checks and observations into one function. What the mode does not use is not in it. */
export const compileIteration = (mode: Mode, given: CompileParts): Iteration => {
  const places = variablesOf(mode);
  const parts = { ...given, tokenAt: places.get(tokenName) };
  const { seed, pauses, tally } = parts;
  const lookup = userLookup(places);
  const stepNumbers = new Map(requestsOf(mode.steps).map((step, at) => [step.name, at]));
  const request = (step: RequestStep, after?: After): Run => {
    const number = stepNumbers.get(step.name)!;
    const send = prepareStep(step, places, parts, (user) => tally.exchange(user, number));
    const observed = compileObserved(step.name, mode.observe, places, tally);
    return exchanged(number, step.name, send, observed, after, parts);
  };
  const section = (step: CriticalStep, pass: Pass): Run => {
    const { steps, conflict } = step;
    const last = steps.at(-1)!;
    // Nothing to hold and nothing to process: the last answer is followed like every other, without a promise more.
    const isBare = parts.lock.section === undefined && mode.process.us === 0;
    const isParted = !isBare && last.kind === 'request';
    const all = isParted
      ? [...steps.slice(0, -1).map((inner) => piece(inner, pass)), request(last)]
      : steps.map((inner) => piece(inner, pass));
    const requests = steps[0].kind === 'request' ? inOrder(all) : attempted(inOrder(all), parts);
    const after = isParted ? compileAfter(last, places) : undefined;
    const run = isBare ? requests : critical(requests, processed(after, mode.process, parts), accessOf(step), parts);
    if (conflict === undefined) return run;
    const passing = capturesIn(blocksIn(steps)).map((name) => places.get(name)!);
    return restored(run, passing, (attempt) => retried(attempt, conflict.retries, backoff(conflict, parts), parts));
  };
  let draws = 0;
  const draw = (what: string, pass: Pass): Draw => ({ seed, stream: stream(`${what} ${draws++}`), pass });
  const all = (steps: readonly Step[], pass: Pass): Run => inOrder(steps.map((step) => piece(step, pass)));
  const piece = (step: Step, pass: Pass): Run => {
    switch (step.kind) {
      case 'request':
        return request(step, compileAfter(step, places));
      case 'critical':
        return section(step, pass);
      case 'think':
        return thinking(step, draw('think', pass), pauses);
      case 'repeat':
        return repeated(step, pass, lookup, (inner) => all(step.steps, inner));
      case 'if':
        return either(step, lookup, all(step.yes, pass), all(step.no, pass));
      default:
        return chosen(
          step,
          draw('choose', pass),
          step.branches.map(({ steps }) => all(steps, pass)),
        );
    }
  };
  return { variables: places.size, places, fill: filler(mode, seed, places), run: all(mode.steps, onePass) };
};

const inOrder = (pieces: readonly Run[]): Run => {
  const [first, ...others] = pieces;
  return first === undefined ? nothing : sequence([first, ...others]);
};

/** A section of nothing but reads, by the methods of its steps. */
const accessOf = ({ steps }: CriticalStep): Access =>
  requestsOf(steps).every(({ method }) => method === 'GET') ? 'shared' : 'exclusive';

const completed: After = () => 'completed';

/** The last answer's captures and checks, where the section ends with a request, and then the time that processing it takes. */
const processed = (after: After = completed, process: Processing, parts: CompileParts): Run => {
  const { pauses, clock } = parts;
  if (process.us === 0) return async (user) => after(user);
  if (process.kind === 'pause') {
    return async (user) => {
      const end = after(user);
      if (end !== 'completed') return end;
      return (await pauses.pause(process.us)) ? 'completed' : 'interrupted';
    };
  }
  return async (user) => {
    const end = after(user);
    if (end !== 'completed') return end;
    const untilUs = clock.now() + process.us;
    while (clock.now() < untilUs);
    return 'completed';
  };
};

/**
 * Exponential back-off with jitter: before retry k (from 0) a time drawn evenly between `least` and `least` × 2^(k + 1),
 * at most `most`. Drawn by iteration and attempt, so that a seed fixes it.
 */
const backoff = ({ backoffUs: [least, most] }: Conflict, { pauses, seed }: CompileParts) => {
  const ofBackoff = stream('backoff');
  return async (user: User, attempt: number): Promise<boolean> => {
    const upTo = Math.min(most, least * 2 ** (attempt + 1));
    const random = uniform(seed, ofBackoff + attempt, user.iteration);
    return pauses.pause(least + random * Math.max(0, upTo - least));
  };
};

const filler = (mode: Mode, seed: number, places: ReadonlyMap<string, number>): ((user: User) => void) => {
  const sources: Source[] = Object.entries(mode.data).map(([variable, range]) => sourceOf(variable, range, seed));
  const fill = (user: User): void => {
    for (let at = 0; at < sources.length; at++) user.variables[at] = sources[at]!(user.iteration);
  };
  const forgotten = passingCaptures(mode).map((name) => places.get(name)!);
  if (forgotten.length === 0) return fill;
  return (user) => {
    for (const place of forgotten) user.variables[place] = undefined;
    fill(user);
  };
};

/**
 * Captures that an iteration may come by without: what the one before it captured must not stand in for them. What a login
 * has captured is the user's, and stays.
 */
const passingCaptures = ({ steps, login = [] }: Mode): readonly string[] => {
  const ofLogin = capturesIn(login);
  return capturesIn(blocksIn(steps)).filter((name) => !ofLogin.includes(name));
};

const capturesIn = (steps: readonly Step[]): readonly string[] => [
  ...new Set(requestsOf(steps).flatMap(({ capture }) => Object.keys(capture))),
];

const blocksIn = (steps: readonly Step[]): readonly Step[] =>
  steps.flatMap((step) => {
    if (step.kind === 'critical') return blocksIn(step.steps);
    return step.kind === 'request' || step.kind === 'think' ? [] : [step];
  });
