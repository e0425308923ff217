import type { Conflict, CriticalStep, Mode, Processing, RequestStep, Step } from '../../core/plan/plan.ts';
import { groupsOf, isSafe, mostUsersOf, opens, requestsOf } from '../../core/plan/plan.ts';
import { stream, uniform } from '../../core/random.ts';
import type { Access } from '../lock/lock.ts';
import type { HistoryLog } from '../record/history-log.ts';
import { usedUp, type SourceParts } from '../data/source.ts';
import { compileAfter, compileContent, compileInTime } from './answer.ts';
import { compileFill } from './fill.ts';
import { compileWatch, keptFor, type SectionWatch } from './observe/observe.ts';
import { severalReads } from './observe/several.ts';
import { copied, sentAtOnce } from './copies.ts';
import type { Pauses } from '../pauses.ts';
import { chosen, either, nothing, onePass, repeated, thinking, timedAs, type Draw, type Pass } from './flow.ts';
import { prepareStep, type Way } from './prepare.ts';
import {
  attempted,
  critical,
  exchanged,
  observed,
  pausing,
  restored,
  retried,
  sentAgain,
  sequence,
  unfit,
  watched,
  type Parts,
} from './run.ts';
import { tokenName, userLookup, variablesOf } from './read/scope.ts';
import type { After, End, Run, User } from '../user.ts';

/** What a mode is compiled with when its slot starts. */
export interface CompileParts extends Parts, SourceParts, Way {
  readonly pauses: Pauses;
  /** The history that a model's operations enter; `undefined` if no histories are kept. */
  readonly historyOf?: ((model: string) => HistoryLog) | undefined;
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

/** Folds a mode's steps, lock, retries, checks and observations into one function, which contains only what the mode uses. */
export const compileIteration = (mode: Mode, given: CompileParts): Iteration => {
  const places = variablesOf(mode);
  const parts = { ...given, tokenAt: places.get(tokenName) };
  const { seed, pauses, tally } = parts;
  const lookup = userLookup(places);
  const stepNumbers = new Map(requestsOf(mode.steps).map((step, at) => [step.name, at]));
  const groups = groupsOf(mode.steps);
  const { historyOf } = parts;
  const severalOf = severalReads(requestsOf(mode.steps), places);
  const watchOf = (steps: readonly RequestStep[]): SectionWatch | undefined =>
    historyOf === undefined ? undefined : compileWatch(steps, mode.observe, places, historyOf, severalOf);
  const request = (step: RequestStep, watch: SectionWatch | undefined, follow: After | undefined): Run => {
    const number = stepNumbers.get(step.name)!;
    const kept = historyOf === undefined ? 'status' : keptFor(step.name, mode.observe);
    const send = prepareStep(step, places, parts, (user) => tally.exchange(user, number), kept);
    const begin = watch?.steps.get(step.name)?.begin;
    const { retry, copies } = step;
    if (copies !== undefined) {
      const kept = Object.keys(step.capture).map((name) => places.get(name)!);
      return copied(
        { number, name: step.name, copies, kept, users: mostUsersOf(mode.load) },
        send,
        { begin, watch, after: follow },
        given,
      );
    }
    const run = exchanged(number, step.name, send, begin, follow, parts);
    if (retry === undefined) return run;
    return sentAgain(run, retry, backoff(`retry ${number}`, retry.backoffUs, parts), parts);
  };
  const followed = (step: RequestStep, watch: SectionWatch | undefined): After => {
    const one = watch?.steps.get(step.name);
    return one === undefined
      ? compileAfter(step, places)
      : observed(one, compileContent(step, places, keptFor(step.name, mode.observe)), compileInTime(step));
  };
  const section = (step: CriticalStep, way: Inside): Run => {
    const { steps, conflict } = step;
    const last = steps.at(-1)!;
    const watch = watchOf(requestsOf(steps));
    const inner: Inside = { ...way, watch };
    // Nothing to hold and nothing to process: the last answer is handled like any other, without an extra promise.
    const isBare = parts.lock.section === undefined && mode.process.us === 0;
    // Each copy's answer is checked on its own.
    const isParted = !isBare && last.kind === 'request' && last.copies === undefined;
    const parted = isParted ? apart(followed(last, watch), watch?.steps.has(last.name) === true) : undefined;
    const all =
      parted === undefined
        ? steps.map((one) => piece(one, inner))
        : [...steps.slice(0, -1).map((one) => piece(one, inner)), request(last as RequestStep, watch, parted.atOnce)];
    const pieces = listed(all, isBare ? steps : []);
    const requests = opens(steps[0]) ? pieces : attempted(pieces, parts);
    const after = parted?.processed;
    const pass = isBare ? requests : critical(requests, processed(after, mode.process, parts), accessOf(step), parts);
    const run = watch === undefined ? pass : watched(pass, watch, parts);
    if (conflict === undefined) return run;
    const passing = capturesIn(blocksIn(steps)).map((name) => places.get(name)!);
    return restored(run, passing, (attempt) =>
      retried(attempt, conflict.retries, backoff('backoff', conflict.backoffUs, parts), parts),
    );
  };
  let draws = 0;
  const draw = (what: string, pass: Pass): Draw => ({ seed, stream: stream(`${what} ${draws++}`), pass });
  const all = (steps: readonly Step[], way: Inside): Run =>
    listed(
      steps.map((step) => piece(step, way)),
      pacing(way) ? steps : [],
    );
  const alone = (step: RequestStep): Run => {
    const watch = watchOf([step]);
    const run = request(step, watch, followed(step, watch));
    return watch === undefined ? run : watched(run, watch, parts);
  };
  const atOnce = (steps: readonly Step[], way: Inside): Run =>
    sentAtOnce(
      steps.map((step) => ({
        run: piece(step, way),
        kept: requestsOf([step]).flatMap(({ capture }) => Object.keys(capture).map((name) => places.get(name)!)),
      })),
      mostUsersOf(mode.load),
      way.watch,
    );
  const piece = (step: Step, way: Inside): Run => {
    const { pass, watch } = way;
    switch (step.kind) {
      case 'request':
        return way.isInside ? request(step, watch, followed(step, watch)) : alone(step);
      case 'critical':
        return section(step, { ...way, isInside: true });
      case 'think':
        return thinking(step, draw('think', pass), pauses);
      case 'repeat':
        return repeated(step, pass, lookup, (inner) => all(step.steps, { ...way, pass: inner }));
      case 'if':
        return either(step, lookup, all(step.yes, way), all(step.no, way));
      case 'group':
        return timedAs(
          groups.indexOf(step.name),
          step.parallel === true ? atOnce(step.steps, way) : all(step.steps, way),
          parts,
        );
      default:
        return chosen(
          step,
          draw('choose', pass),
          step.branches.map(({ steps }) => all(steps, way)),
        );
    }
  };
  // A lock is released as soon as something has failed.
  const pacing = (way: Inside): boolean => !way.isInside || parts.lock.section === undefined;
  const run = all(mode.steps, { pass: onePass, isInside: false, watch: undefined });
  const fill = filler(mode, parts, places);
  return { variables: places.size, places, fill: beginning(fill, given.freshJars), run: whileThereAreItems(mode, run) };
};

/** Where a step stands: in which pass of the blocks around it, and in which critical section. */
interface Inside {
  readonly pass: Pass;
  readonly isInside: boolean;
  /** What the section does to the data, if that is observed. */
  readonly watch: SectionWatch | undefined;
}

/** @param paced the steps, where the pauses after a failed check are still taken */
const listed = (pieces: readonly Run[], paced: readonly Step[]): Run => {
  const [first, ...others] = pieces;
  if (first === undefined) return nothing;
  const pauses = paced.map(({ kind }) => kind === 'think');
  // A pause with nothing before it is never skipped.
  return pauses.lastIndexOf(true) > pauses.indexOf(false) && pauses.includes(false)
    ? pausing([first, ...others], pauses)
    : sequence([first, ...others]);
};

/** A section of nothing but reads, by the methods of its steps, shares the lock. */
const accessOf = ({ steps }: CriticalStep): Access =>
  requestsOf(steps).every(({ method }) => isSafe(method)) ? 'shared' : 'exclusive';

const completed: After = () => 'completed';

/**
 * What follows the last answer of a section, in two parts: what is done as soon as it arrives, and what is done while it is
 * processed.
 *
 * @param isObserved whether its effect on the data must be known, whatever happens to the lock for its processing: then all
 * is done at once, and the end is passed on when it is processed
 */
const apart = (
  after: After,
  isObserved: boolean,
): { readonly atOnce: After | undefined; readonly processed: After } => {
  if (!isObserved) return { atOnce: undefined, processed: after };
  // By user: each has one request in flight.
  const ends: End[] = [];
  const atOnce: After = (user) => {
    ends[user.index] = after(user);
    return 'completed';
  };
  return { atOnce, processed: (user) => ends[user.index]! };
};

/** The last answer's captures and checks, if the section ends with a request, and then the time that processing takes. */
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
 * Exponential back-off with jitter: before retry k (from 0) a time drawn uniformly between `least` and `least` × 2^(k + 1),
 * at most `most`. Drawn by iteration and attempt, so that a seed fixes it.
 */
const backoff = (what: string, [least, most]: Conflict['backoffUs'], { pauses, seed }: CompileParts) => {
  const ofBackoff = stream(what);
  return async (user: User, attempt: number): Promise<boolean> => {
    const upTo = Math.min(most, least * 2 ** (attempt + 1));
    const random = uniform(seed, ofBackoff + attempt, user.iteration);
    return pauses.pause(least + random * Math.max(0, upTo - least));
  };
};

/** What is done before an iteration begins. */
const beginning = (fill: Iteration['fill'], jars: Way['freshJars']): Iteration['fill'] =>
  jars === undefined
    ? fill
    : (user) => {
        jars.begin(user);
        fill(user);
      };

const filler = (mode: Mode, parts: SourceParts, places: ReadonlyMap<string, number>): ((user: User) => void) => {
  const fill = compileFill(mode.data, parts);
  const forgotten = passingCaptures(mode).map((name) => places.get(name)!);
  if (forgotten.length === 0) return fill;
  return (user) => {
    for (const place of forgotten) user.variables[place] = undefined;
    fill(user);
  };
};

/** If a variable with `unique` has no items left for an iteration, it sends nothing and fails. */
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
      `${spent.name}: this slot's share of its items is used up; "unique" needs one for every iteration of the run`,
    );
  };
};
/**
 * Captures that an iteration may skip: what the previous one captured must not stand in for them. What a login has captured
 * is the user's, and stays.
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
    if (step.kind === 'critical' || step.kind === 'group') return blocksIn(step.steps);
    return step.kind === 'request' || step.kind === 'think' ? [] : [step];
  });
