import type { Conflict, CriticalStep, Mode, Processing, RequestStep } from '../../core/plan.ts';
import { requestsOf } from '../../core/plan.ts';
import { stream, uniform } from '../../core/random.ts';
import type { Access } from '../lock/lock.ts';
import type { HistoryLog } from '../record/history-log.ts';
import type { Transport } from '../transport/transport.ts';
import { sourceOf, usedUp, type Source, type SourceParts } from '../data/source.ts';
import { compileAfter } from './answer.ts';
import { compileWatch, keptFor, type SectionWatch } from './observe.ts';
import type { Pauses } from './pauses.ts';
import { compileRequest } from './request.ts';
import { critical, exchanged, retried, sequence, unfit, watched, type Parts } from './run.ts';
import { tokenName, variablesOf } from './scope.ts';
import type { After, Run, User } from './user.ts';

/** What a mode is compiled with when its slot starts. */
export interface CompileParts extends Parts, SourceParts {
  readonly transport: Transport;
  readonly pauses: Pauses;
  /** The history that a model's operations enter; undefined: nobody wants to know. */
  readonly historyOf?: ((model: string) => HistoryLog) | undefined;
}

/** One pass of a user through a mode's steps, ready to run. */
export interface Iteration {
  /** How many variables a user must have room for. */
  readonly variables: number;
  /** Gives the user the data values of `user.iteration`. */
  readonly fill: (user: User) => void;
  readonly run: Run;
}

/** Folds a mode's steps, lock, retries, checks and observations into one function. What the mode does not use is not in it. */
export const compileIteration = (mode: Mode, given: CompileParts): Iteration => {
  const places = variablesOf(mode);
  const parts = { ...given, tokenAt: places.get(tokenName) };
  const stepNumbers = new Map(requestsOf(mode.steps).map((step, at) => [step.name, at]));
  const { historyOf } = parts;
  const watchOf = (steps: readonly RequestStep[]): SectionWatch | undefined =>
    historyOf === undefined ? undefined : compileWatch(steps, mode.observe, places, historyOf);
  const request = (step: RequestStep, watch: SectionWatch | undefined, after?: After): Run => {
    const compiled = compileRequest(step, places);
    const keep = historyOf === undefined ? compiled.keep : more(compiled.keep, keptFor(step.name, mode.observe));
    const send = parts.transport.prepare({ ...compiled, keep });
    return exchanged(stepNumbers.get(step.name)!, step.name, send, watch?.steps.get(step.name), after, parts);
  };
  const section = (step: CriticalStep): Run => {
    const { conflict } = step;
    const after = step.steps.map((inner) => compileAfter(inner, places));
    const watch = watchOf(step.steps);
    const last = step.steps.length - 1;
    // Nothing to hold and nothing to process: the last answer is followed like every other, without a promise more.
    const isBare = parts.lock.section === undefined && mode.process.us === 0;
    const [first, ...others] = step.steps.map((inner, at) =>
      request(inner, watch, at === last && !isBare ? undefined : after[at]!),
    );
    const requests = sequence([first!, ...others]);
    const pass = isBare
      ? requests
      : critical(requests, processed(after[last]!, mode.process, parts), accessOf(step), parts);
    const run = watch === undefined ? pass : watched(pass, watch, parts);
    return conflict === undefined ? run : retried(run, conflict.retries, backoff(conflict, parts), parts);
  };
  const alone = (step: RequestStep): Run => {
    const watch = watchOf([step]);
    const run = request(step, watch, compileAfter(step, places));
    return watch === undefined ? run : watched(run, watch, parts);
  };
  const [first, ...others] = mode.steps.map((step) => (step.kind === 'critical' ? section(step) : alone(step)));
  const run = sequence([first!, ...others]);
  return { variables: places.size, fill: filler(mode, parts), run: whileThereAreItems(mode, run) };
};

const kept = ['status', 'head', 'body'] as const;

/** The one of which more of the answer is kept. */
const more = (a: (typeof kept)[number], b: (typeof kept)[number]): (typeof kept)[number] =>
  kept.indexOf(a) > kept.indexOf(b) ? a : b;

/** A section of nothing but reads, by the methods of its steps. */
const accessOf = ({ steps }: CriticalStep): Access =>
  steps.every(({ method }) => method === 'GET') ? 'shared' : 'exclusive';

/** The last answer's captures and checks, and then the time that processing it takes. */
const processed = (after: After, process: Processing, parts: CompileParts): Run => {
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

const filler = (mode: Mode, parts: SourceParts): ((user: User) => void) => {
  const sources: Source[] = Object.entries(mode.data).map(([name, variable]) => sourceOf(name, variable, parts));
  return (user) => {
    for (let at = 0; at < sources.length; at++) user.variables[at] = sources[at]!(user.iteration);
  };
};

/** An iteration for which a variable with `unique` has nothing left sends nothing and fails. */
const whileThereAreItems = ({ data }: Mode, run: Run): Run => {
  const bounded = Object.entries(data).flatMap(([name, { pick }], place) =>
    pick?.name === 'unique' ? [{ name, place }] : [],
  );
  if (bounded.length === 0) return run;
  return async (user) => {
    const spent = bounded.find(({ place }) => user.variables[place] === usedUp);
    if (spent === undefined) return run(user);
    return unfit(
      user,
      `${spent.name}: this slot's share of its items is used up; "unique" takes one for every iteration of the run`,
    );
  };
};
