import { parseJson } from '../../../core/exact/parse.ts';
import { absent, fail, info, nothing, ok, operations } from '../../../core/history/history.ts';
import type { Observation, Observed, RequestStep } from '../../../core/plan/plan.ts';
import { compileText } from '../../../template/compile.ts';
import { parseExpression, parseTemplate } from '../../../template/parse.ts';
import type { HistoryLog } from '../../record/history-log.ts';
import type { End, User } from '../../user.ts';
import { userLookup } from '../read/scope.ts';
import { accepted, compileSay, outcomeOf, type Word } from './outcome.ts';
import { compileAnswered, compileSaid, type Said } from './said.ts';
import { severalReads, type Several } from './several.ts';

/** What a step does to the data, seen from both sides of its request. */
export interface StepWatch {
  /**
   * Before it is sent: notes the key and what the request says.
   *
   * @throws {TemplateValueError} if a template has no value: nothing is to be sent then
   */
  readonly begin: (user: User) => void;
  /** After the exchange, before captures: notes what the operation's own expressions say of the answer. */
  readonly look?: (user: User) => void;
  /** After the step has handled the answer; see {@link outcomeOf} for `end`. */
  readonly done: (user: User, end: End) => void;
}

/** What a critical section, or a request outside all of them, does to the data. */
export interface SectionWatch {
  /** The observed steps among its own. */
  readonly steps: ReadonlyMap<string, StepWatch>;
  /** A pass through it is over; it asked for its lock at `askedUs`. */
  readonly passed: (user: User, askedUs: number, endedUs: number) => void;
  /** A copy of the user is about to send what the user does, within the user's pass. */
  readonly joined: (copy: User, user: User) => void;
}

/** How much of an answer observations read, on top of its captures. */
export const keptFor = (step: string, all: readonly Observation[]): 'status' | 'head' | 'body' => {
  const names = all
    .filter((one) => isOf(step, one))
    .flatMap(({ value, operand, version, list, done, refused, empty }) => [
      ...[value, operand, version, list].flatMap(answeredNames),
      ...[done, refused, empty].flatMap((text) => (typeof text === 'string' ? parseExpression(text).names : [])),
    ]);
  if (names.includes('body')) return 'body';
  return names.includes('header') ? 'head' : 'status';
};

const isOf = (name: string, { step, steps }: Observation): boolean => steps?.includes(name) ?? step === name;

const answeredNames = (what: Observed | undefined): readonly string[] =>
  what !== undefined && 'answered' in what ? parseExpression(what.answered).names : [];

const [readOf, sectionOf] = [operations.indexOf('read'), operations.indexOf('section')];
const noKey = -1;

interface Watch extends StepWatch {
  readonly log: HistoryLog;
  /** By user: the key of the operation that this pass has begun, or {@link noKey}. */
  readonly keys: number[];
}

/**
 * Compiles the observations of a section's steps; `undefined` if there are none.
 *
 * @param logOf the history that a model's operations enter
 * @param severalOf the reads over several steps, which may lie in several sections
 */
export const compileWatch = (
  steps: readonly RequestStep[],
  all: readonly Observation[],
  places: ReadonlyMap<string, number>,
  logOf: (model: string) => HistoryLog,
  severalOf = severalReads(steps, places),
): SectionWatch | undefined => {
  // By user: when the first request of the pass was sent.
  const firstSentUs: (number | undefined)[] = [];
  const watched = steps.flatMap((step) =>
    all
      .filter((one) => isOf(step.name, one))
      .map((one) => ({
        step: step.name,
        // An invariant counts the requests that may have broken it, not passes.
        isOfPass: one.operation !== 'change',
        watch: watchOne(one, step, places, logOf(one.model), firstSentUs, severalOf(one)),
      })),
  );
  if (watched.length === 0) return undefined;
  const marksFirst: StepWatch = {
    begin: () => undefined,
    done: (user) => {
      firstSentUs[user.index] ??= user.exchange.sentUs;
    },
  };
  const spans = all.some((one) => one.spansSection && steps.some(({ name }) => name === one.step));
  const stepWatches = steps.flatMap(({ name }): (readonly [string, StepWatch])[] => {
    const own = watched.filter(({ step }) => step === name).map(({ watch }) => watch);
    // Any step may come first, as a pass may skip some of them.
    const each = spans ? [marksFirst, ...own] : own;
    return each.length === 0 ? [] : [[name, together(each)]];
  });
  const passed = passing(watched.filter(({ isOfPass }) => isOfPass).map(({ watch }) => watch));
  return {
    steps: new Map(stepWatches),
    passed: (user, askedUs, endedUs) => {
      passed(user, askedUs, endedUs);
      firstSentUs[user.index] = undefined;
    },
    joined: (copy, user) => {
      firstSentUs[copy.index] = firstSentUs[user.index];
    },
  };
};

const together = (each: readonly StepWatch[]): StepWatch =>
  each.length === 1
    ? each[0]!
    : {
        begin: (user) => {
          for (const one of each) one.begin(user);
        },
        ...(each.some(({ look }) => look !== undefined) && {
          look: (user) => {
            for (const one of each) one.look?.(user);
          },
        }),
        done: (user, end) => {
          for (const one of each) one.done(user, end);
        },
      };

/** A row for each key that the pass has touched, once for each history. */
const passing =
  (watches: readonly Watch[]): SectionWatch['passed'] =>
  (user, askedUs, endedUs) => {
    for (let at = 0; at < watches.length; at++) {
      const { log, keys } = watches[at]!;
      const key = keys[user.index] ?? noKey;
      if (key === noKey || isTouched(watches, at, log, key, user.index)) continue;
      const waitedNs = user.lockWaitUs > 0 ? user.lockWaitUs * 1000 : absent;
      log.append(key, numberOf(user.index), sectionOf, ok, askedUs, endedUs, absent, waitedNs, absent);
    }
    for (const { keys } of watches) keys[user.index] = noKey;
  };

/** A session has the number that templates give its user: `user.number`. */
const numberOf = (index: number): number => index + 1;

const isTouched = (watches: readonly Watch[], before: number, log: HistoryLog, key: number, user: number): boolean => {
  for (let at = 0; at < before; at++) if (watches[at]!.log === log && watches[at]!.keys[user] === key) return true;
  return false;
};

const watchOne = (
  observation: Observation,
  step: RequestStep,
  places: ReadonlyMap<string, number>,
  log: HistoryLog,
  firstSentUs: readonly (number | undefined)[],
  several: Several | undefined,
): Watch => {
  const { operation, spansSection, usuallyRefused, settleUs } = observation;
  const settlesUs = settleUs ?? 0;
  const key = compileText(parseTemplate(observation.key), userLookup(places));
  const said = (['value', 'operand', 'version'] as const).map((column) =>
    compileSaid(observation[column], places, log, operation === 'transfer' && column !== 'operand', several?.lookup),
  );
  const [value, operand, version] = said as [Said, Said, Said];
  const list = compileAnswered(observation.list);
  const needs = [...said.map(({ need }) => need), ...(list === undefined ? [] : [list.need])];
  const parse = needs.includes('exact') ? parseJson : needs.includes('json') ? JSON.parse : undefined;
  const answers = said.some((one) => one.isAnswered) || list !== undefined;
  const f = operations.indexOf(operation);
  const keys: number[] = [];
  const say = compileSay(observation, step, places, (why) => log.unclear(`an answer to ${step.name}: ${why}`));
  const named = step.expect.status;
  // By user, for its current answer.
  const words: (Word | undefined)[] = [];
  return {
    log,
    keys,
    ...(say !== undefined && {
      look: (user) => {
        words[user.index] = say(user);
      },
    }),
    begin: (user) => {
      // A pass is counted by the step it is read with.
      if (step.name !== observation.step) return;
      keys[user.index] = log.key(typeof key === 'string' ? key : key(user));
      value.send(user);
      operand.send(user);
      version.send(user);
    },
    done: (user, end) => {
      const { exchange, index } = user;
      const word = say === undefined ? undefined : words[index];
      const outcome = outcomeOf(exchange, end, named, word, settleUs !== undefined);
      // A read without an answer says nothing, and there is nothing to say of a request that was never sent.
      if (several !== undefined && !several.answered(step.name, user, outcome === ok)) return;
      if (outcome === undefined || (f === readOf && outcome !== ok)) return;
      if (outcome === fail && usuallyRefused !== undefined && word !== 'refused') return;
      const answer =
        answers && outcome === ok && word !== 'empty'
          ? { exchange, user, body: parse === undefined ? undefined : bodyOf(exchange.body, parse) }
          : undefined;
      if (list !== undefined && answer !== undefined) {
        const found = list.in(answer);
        if (Array.isArray(found))
          log.appendList(keys[index]!, numberOf(index), exchange.sentUs, exchange.doneUs, found);
        else log.unreadable(`an answer to ${step.name} has no list at ${list.source}`);
        return;
      }
      if (word === 'empty') {
        log.append(keys[index]!, numberOf(index), f, ok, exchange.sentUs, exchange.doneUs, nothing, absent, absent);
        return;
      }
      const told = version.take(index, answer, step.name);
      log.append(
        keys[index]!,
        numberOf(index),
        f,
        outcome,
        spansSection ? firstSentUs[index]! : (several?.sentUs(user) ?? exchange.sentUs),
        outcome === info
          ? Infinity
          : exchange.doneUs + (exchange.status === accepted && word !== 'done' ? settlesUs : 0),
        value.take(index, answer, step.name, told),
        operand.take(index, answer, step.name),
        told,
      );
    },
  };
};

/** A body that is not JSON has no values. */
const bodyOf = (text: string, parse: (text: string) => unknown): unknown => {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
};
