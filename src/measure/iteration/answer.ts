import type { RequestStep } from '../../core/plan.ts';
import { compileExpression, TemplateValueError, type Evaluate } from '../../template/compile.ts';
import { parseExpression } from '../../template/parse.ts';
import { answerLookup, type Answer } from './scope.ts';
import { fail, type After, type End, type User } from './user.ts';

/**
 * Compiles what follows a step's answer: is it one, is it a conflict, is it what was expected, and what is kept of it.
 * A conflict ends an attempt instead of failing it, whatever was expected.
 */
export const compileAfter = (step: RequestStep, places: ReadonlyMap<string, number>): After => {
  const { conflict } = step;
  const isExpected = statusCheck(step);
  const capture = compileCaptures(step, places);
  return (user) => {
    const { failure, status, detail } = user.exchange;
    if (failure !== undefined) {
      return failure === 'aborted' ? 'interrupted' : fail(user, failure, `${step.name}: ${detail}`);
    }
    if (conflict !== undefined && conflict.includes(status)) return 'conflict';
    if (!isExpected(status)) return fail(user, 'check', `${step.name}: status ${status}, expected ${expected(step)}`);
    return capture === undefined ? 'completed' : capture(user);
  };
};

const statusCheck = ({ expect: { status } }: RequestStep): ((status: number) => boolean) => {
  if (status === undefined) return (actual) => actual < 400;
  const [only] = status;
  return status.length === 1 ? (actual) => actual === only : (actual) => status.includes(actual);
};

const expected = ({ expect: { status } }: RequestStep): string =>
  status === undefined ? 'one below 400' : status.join(' or ');

const compileCaptures = (step: RequestStep, places: ReadonlyMap<string, number>): After | undefined => {
  const captures = Object.entries(step.capture).map(([name, source]) => {
    const expression = parseExpression(source);
    const value: Evaluate<Answer> = compileExpression(expression, answerLookup);
    return { place: places.get(name)!, value, source, readsBody: expression.names.includes('body') };
  });
  if (captures.length === 0) return undefined;
  const readsBody = captures.some((capture) => capture.readsBody);
  return (user) => {
    const answer: Answer = { exchange: user.exchange, body: undefined };
    try {
      if (readsBody) answer.body = JSON.parse(user.exchange.body);
      for (const { place, value, source } of captures) {
        const found = value(answer);
        if (found === undefined) return fail(user, 'capture', `${step.name}: the answer has no ${source}`);
        user.variables[place] = found;
      }
    } catch (error) {
      return captureFailed(user, step, error);
    }
    return 'completed';
  };
};

const captureFailed = (user: User, step: RequestStep, error: unknown): End => {
  if (error instanceof TemplateValueError) return fail(user, 'capture', `${step.name}: ${error.message}`);
  if (error instanceof SyntaxError) return fail(user, 'capture', `${step.name}: the body is no JSON: ${error.message}`);
  throw error;
};

/** How much of a step's answer somebody reads. */
export const keepOf = (step: RequestStep): 'status' | 'head' | 'body' => {
  const names = Object.values(step.capture).flatMap((source) => parseExpression(source).names);
  if (names.includes('body')) return 'body';
  return names.includes('header') ? 'head' : 'status';
};
