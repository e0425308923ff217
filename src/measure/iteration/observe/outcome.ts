import { parseJson } from '../../../core/exact/parse.ts';
import { fail, info, ok } from '../../../core/history/history.ts';
import type { Observation, RequestStep } from '../../../core/plan/plan.ts';
import { compileExpression, TemplateValueError, type Evaluate, type Lookup } from '../../../template/compile.ts';
import { parseExpression } from '../../../template/parse.ts';
import { stepLookup, type Answer } from '../read/scope.ts';
import type { End, Exchange, User } from '../../user.ts';

/**
 * What an operation's own `refused:` and `done:` say of an answer. `empty`: done, and there was nothing. `open`: neither
 * done nor refused, or they cannot tell.
 */
export type Word = 'refused' | 'empty' | 'done' | 'open';

/** A status that promises that something will be done. */
export const accepted = 202;

/** 202 is not done yet, and 207 holds a status for each of several parts: neither says that all of it was done. */
const openStatuses: readonly number[] = [accepted, 207];

/**
 * What became of a request that changes data: `ok`: done; `fail`: certainly not done; `info`: unknown; `undefined`: it was
 * never sent. Decided in this order:
 *
 * 1. No answer: unknown, if it may have been sent.
 * 2. What `refused:` says, then what `empty:` says, and then what a true `done:` says.
 * 3. 408 and 5xx may come after the work was done; any other 4xx says that it was not.
 * 4. `done:` that is false, or that could not tell: unknown.
 * 5. 2xx is done, and so is a 3xx that the step expects, if the step accepted the answer: everything that it expects and
 *    captures was there, and it was no conflict. Not 207, and 202 only where the operation settles.
 *
 * Otherwise unknown.
 *
 * @param end what the step made of the answer, apart from the time that it took: a late answer is still an answer
 * @param named statuses that the step expects by number
 * @param settles whether what was accepted is done after a while
 */
export const outcomeOf = (
  { failure, status, maybeApplied }: Exchange,
  end: End,
  named: readonly number[] = [],
  word?: Word,
  settles = false,
): number | undefined => {
  if (failure !== undefined) return maybeApplied ? info : undefined;
  if (word === 'refused') return fail;
  if (word === 'done' || word === 'empty') return ok;
  if (status >= 400) return status >= 500 || status === 408 ? info : fail;
  if (word === 'open' || end !== 'completed') return info;
  if (status === accepted && settles) return ok;
  return (status < 300 ? !openStatuses.includes(status) : named.includes(status)) ? ok : info;
};

/** What `refused:` and `done:` of an operation say of a user's answer. */
export type Say = (user: User) => Word | undefined;

type Words = Pick<Observation, 'done' | 'refused' | 'empty' | 'usuallyRefused' | 'isRefusedByConflict'>;

/**
 * Compiles what an operation itself says of its answers; `undefined` if it says nothing.
 *
 * `refused:` is asked of every answer, `done:` of those below 400: an error has no `errors` in its body either. A `done:`
 * that reads `status` knows what it is doing, and is asked of all answers. A conflict is no refusal unless `refused:` names
 * it.
 *
 * @param unclear called for each answer below 400 for which an expression could not tell, with the reason
 */
export const compileSay = (
  { done, refused, empty = [], usuallyRefused, isRefusedByConflict }: Words,
  { conflict }: RequestStep,
  places: ReadonlyMap<string, number>,
  unclear: (why: string) => void,
): Say | undefined => {
  const usual = (usuallyRefused ?? []).filter(
    (status) => isRefusedByConflict === true || conflict?.includes(status) !== true,
  );
  const statuses = typeof refused === 'string' ? [] : (refused ?? usual);
  const isRefused = typeof refused === 'string' ? compileTest('refused', refused, places) : undefined;
  const empties = typeof empty === 'string' ? [] : empty;
  const isEmpty = typeof empty === 'string' ? compileTest('empty', empty, places) : undefined;
  const isDone = done === undefined ? undefined : compileTest('done', done, places);
  const readsStatus = done !== undefined && parseExpression(done).names.includes('status');
  const ofStatus = ({ exchange: { failure, status } }: User): Word | undefined => {
    if (failure !== undefined) return undefined;
    if (statuses.includes(status)) return 'refused';
    return empties.includes(status) ? 'empty' : undefined;
  };
  if (isRefused === undefined && isEmpty === undefined && isDone === undefined)
    return statuses.length + empties.length === 0 ? undefined : ofStatus;
  return (user) => {
    const { exchange } = user;
    if (exchange.failure !== undefined) return undefined;
    const word = ofStatus(user);
    if (word !== undefined) return word;
    const isError = exchange.status >= 400;
    const answer: Answer = { exchange, user, body: unparsed };
    const refusal = isRefused?.(answer);
    if (refusal === true) return 'refused';
    const nothing = isEmpty?.(answer);
    if (nothing === true) return 'empty';
    const isAsked = isDone !== undefined && (!isError || readsStatus);
    const doing = isAsked ? isDone(answer) : undefined;
    if (doing === true) return 'done';
    const why = [refusal, nothing, doing].find((one) => typeof one === 'string');
    if (typeof why === 'string' && !isError) unclear(why);
    return typeof why === 'string' || isAsked ? 'open' : undefined;
  };
};

/** Whether the expression is true, as is every value except false, 0, "", null and a missing one; or why it cannot tell. */
type Test = (answer: Answer) => boolean | string;

const compileTest = (key: string, source: string, places: ReadonlyMap<string, number>): Test => {
  const value = compileExpression(parseExpression(source), lazily(places));
  return (answer) => {
    try {
      return Boolean(value(answer));
    } catch (error) {
      if (error instanceof TemplateValueError) return `"${key}: ${source}": ${error.message}`;
      throw error;
    }
  };
};

/** Stands for a body that has not been read yet. */
const unparsed = Symbol('unparsed');

/**
 * Looks names up as a check does, except that the body is only parsed when it is first read: `status == 204 || body.ok` may
 * not need it.
 */
const lazily = (places: ReadonlyMap<string, number>): Lookup<Answer> => {
  const lookup = stepLookup(places);
  return (name, property) => (name === 'body' && property === undefined ? parsedBody : lookup(name, property));
};

const parsedBody: Evaluate<Answer> = (answer) => {
  if (answer.body !== unparsed) return answer.body;
  try {
    answer.body = parseJson(answer.exchange.body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new TemplateValueError(`the body is not JSON: ${error.message}`);
  }
  return answer.body;
};
