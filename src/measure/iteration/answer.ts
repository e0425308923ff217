import type { RequestStep } from '../../core/plan/plan.ts';
import { TemplateValueError } from '../../template/compile.ts';
import { compileCaptures, needOfCapture, type CompiledCapture } from './capture.ts';
import { compileChecks, firstFailed, needsOfChecks, type CompiledCheck } from './check.ts';
import { mostOf } from './need.ts';
import type { Answer } from './scope.ts';
import { fail, type After, type End, type User } from '../user.ts';

/**
 * Compiles what follows a step's answer: is it one, is it a conflict, is it what was expected, and what is kept of it.
 * A conflict ends an attempt instead of failing it, whatever was expected.
 */
export const compileAfter = (step: RequestStep, places: ReadonlyMap<string, number>): After => {
  const { name, conflict } = step;
  const isExpected = statusCheck(step);
  const rest = compileRest(step, places);
  const refuse = refusal(step);
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

type Refuse = (user: User, failure: 'check' | 'capture', why: string) => End;

/** Fails an iteration for what a step's answer is. What the step has not read of it may still be an earlier answer's. */
const refusal = (step: RequestStep): Refuse => {
  const { name } = step;
  const keep = keepOf(step);
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

/** Checks of more than the status, and captures; undefined where there are none. */
const compileRest = (step: RequestStep, places: ReadonlyMap<string, number>): After | undefined => {
  const refuse = refusal(step);
  const checks = compileChecks(step, places);
  const captures = compileCaptures(step, places);
  if (checks.length === 0 && captures.length === 0) return undefined;
  const isParsedBy = (all: readonly (CompiledCheck | CompiledCapture)[]): boolean =>
    all.some(({ need }) => need === 'json');
  const [isChecked, isParsed] = [isParsedBy(checks), isParsedBy([...checks, ...captures])];
  return (user) => {
    const { exchange } = user;
    const answer: Answer = { exchange, user, body: undefined };
    const unparsed = isParsed ? parse(answer) : undefined;
    const failed = (isChecked ? unparsed : undefined) ?? firstFailed(checks, answer);
    if (failed !== undefined) return refuse(user, 'check', failed);
    if (unparsed !== undefined) return refuse(user, 'capture', unparsed);
    return captured(user, captures, answer, refuse);
  };
};

const parse = (answer: Answer): string | undefined => {
  try {
    answer.body = JSON.parse(answer.exchange.body);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return `the body is no JSON: ${error.message}`;
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

/** How much of a step's answer somebody reads. */
export const keepOf = (step: RequestStep): 'status' | 'head' | 'body' => {
  const need = mostOf([...needsOfChecks(step.expect), ...Object.values(step.capture).map(needOfCapture)]);
  return need === 'json' ? 'body' : need;
};
