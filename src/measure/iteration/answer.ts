import { parseJson } from '../../core/exact/parse.ts';
import type { RequestStep } from '../../core/plan/plan.ts';
import { TemplateValueError } from '../../template/compile.ts';
import { compileCaptures, needOfCapture, type CompiledCapture } from './read/capture.ts';
import { compileChecks, firstFailed, needsOfChecks, type CompiledCheck } from './check.ts';
import { isOfJson, mostOf } from './read/need.ts';
import type { Answer } from './read/scope.ts';
import { fail, type After, type End, type User } from '../user.ts';

type Places = ReadonlyMap<string, number>;

/**
 * Compiles what follows a step's answer: whether it is an answer, a conflict, what was expected, what to capture from it,
 * and whether it came in time. A conflict ends an attempt instead of failing it, whatever was expected.
 */
export const compileAfter = (step: RequestStep, places: Places): After => {
  const after = compileContent(step, places);
  const inTime = compileInTime(step);
  if (inTime === undefined) return after;
  return (user) => {
    const end = after(user);
    return end === 'completed' ? inTime(user) : end;
  };
};

/**
 * All of {@link compileAfter} except the check of the answer's time.
 *
 * @param kept how much of the answer is kept for other readers, on top of what the step reads
 */
export const compileContent = (step: RequestStep, places: Places, kept: Kept = 'status'): After => {
  const { name, conflict } = step;
  const isExpected = statusCheck(step);
  const refuse = refusal(step, more(keepOf(step), kept));
  const rest = compileRest(step, places, refuse);
  return (user) => {
    const { failure, status, detail } = user.exchange;
    if (failure !== undefined) {
      return failure === 'aborted' ? 'interrupted' : fail(user, failure, `${name}: ${detail}`);
    }
    if (conflict !== undefined && conflict.includes(status)) return 'conflict';
    if (!isExpected(status)) return refuse(user, 'check', `status ${status}, expected ${expected(step)}`);
    return rest === undefined ? 'completed' : rest(user);
  };
};

/** Fails an answer that came later than the step allows; `undefined` if it allows any time. */
export const compileInTime = ({ name, expect: { withinUs } }: RequestStep): After | undefined => {
  if (withinUs === undefined) return undefined;
  return (user) => {
    const { sentUs, doneUs } = user.exchange;
    if (doneUs - sentUs <= withinUs) return 'completed';
    const why = `it took ${(doneUs - sentUs) / 1000} ms, expected within ${withinUs / 1000} ms`;
    return fail(user, 'check', `${name}: ${why}`, name);
  };
};

type Refuse = (user: User, failure: 'check' | 'capture', why: string) => End;

/**
 * Fails an iteration because of a step's answer. Parts of the exchange that the step did not read may still be an earlier
 * answer's, and are emptied.
 */
const refusal = ({ name }: RequestStep, keep: Kept): Refuse => {
  return (user, failure, why) => {
    if (keep === 'status') user.exchange.head = '';
    if (keep !== 'body') user.exchange.body = '';
    return fail(user, failure, `${name}: ${why}`, name);
  };
};

const statusCheck = ({ expect: { status } }: RequestStep): ((status: number) => boolean) => {
  if (status === undefined) return (actual) => actual < 400;
  const [only] = status;
  return status.length === 1 ? (actual) => actual === only : (actual) => status.includes(actual);
};

const expected = ({ expect: { status } }: RequestStep): string =>
  status === undefined ? 'one below 400' : status.join(' or ');

/** Checks of more than the status, and captures; `undefined` if there are none. */
const compileRest = (step: RequestStep, places: Places, refuse: Refuse): After | undefined => {
  const checks = compileChecks(step, places);
  const captures = compileCaptures(step, places);
  if (checks.length === 0 && captures.length === 0) return undefined;
  const isParsedBy = (all: readonly (CompiledCheck | CompiledCapture)[]): boolean =>
    all.some(({ need }) => isOfJson(need));
  const [isChecked, isParsed] = [isParsedBy(checks), isParsedBy([...checks, ...captures])];
  const parse = [...checks, ...captures].some(({ need }) => need === 'exact') ? parseJson : JSON.parse;
  return (user) => {
    const { exchange } = user;
    const answer: Answer = { exchange, user, body: undefined };
    const unparsed = isParsed ? parseBody(answer, parse) : undefined;
    const failed = (isChecked ? unparsed : undefined) ?? firstFailed(checks, answer);
    if (failed !== undefined) return refuse(user, 'check', failed);
    if (unparsed !== undefined) return refuse(user, 'capture', unparsed);
    return captured(user, captures, answer, refuse);
  };
};

const parseBody = (answer: Answer, parse: (text: string) => unknown): string | undefined => {
  try {
    answer.body = parse(answer.exchange.body);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return `the body is not JSON: ${error.message}`;
    throw error;
  }
};

const captured = (user: User, captures: readonly CompiledCapture[], answer: Answer, refuse: Refuse): End => {
  try {
    for (const { place, value, what } of captures) {
      const found = value(answer);
      if (found === undefined) return refuse(user, 'capture', `the answer has no ${what}`);
      user.variables[place] = found;
    }
    return 'completed';
  } catch (error) {
    if (error instanceof TemplateValueError) return refuse(user, 'capture', error.message);
    throw error;
  }
};

/** How much of an answer is kept. */
export type Kept = 'status' | 'head' | 'body';

const amounts: readonly Kept[] = ['status', 'head', 'body'];

/** The larger of two amounts. */
export const more = (a: Kept, b: Kept): Kept => (amounts.indexOf(a) > amounts.indexOf(b) ? a : b);

/** How much of a step's answer its checks and captures read. */
export const keepOf = (step: RequestStep): Kept => {
  const need = mostOf([...needsOfChecks(step.expect), ...Object.values(step.capture).map(needOfCapture)]);
  return need === 'json' || need === 'exact' ? 'body' : need;
};
