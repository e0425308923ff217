import { numberIn } from '../../../core/exact/whole.ts';
import { absent } from '../../../core/history/history.ts';
import { inOrder } from '../../../core/history/sets.ts';
import type { Observed } from '../../../core/plan/plan.ts';
import { compileExpression, compileValue, TemplateValueError, type Lookup } from '../../../template/compile.ts';
import { parseExpression, parseTemplate } from '../../../template/parse.ts';
import type { HistoryLog } from '../../record/history-log.ts';
import type { User } from '../../user.ts';
import { needOfExpression } from '../read/capture.ts';
import { exactly } from '../read/exactly.ts';
import type { Need } from '../read/need.ts';
import { answerLookup, userLookup, type Answer } from '../read/scope.ts';

/** What one column of an operation's row is filled with. */
export interface Said {
  readonly isAnswered: boolean;
  readonly need: Need;
  /** Before the request: notes what it says. */
  send(user: User): void;
  /**
   * After it; without an answer if the operation was not done, or the answer says nothing here.
   *
   * @param told the version in the answer, which may explain why this value is missing
   */
  take(user: number, answer: Answer | undefined, step: string, told?: number): number;
}

const nothingSaid: Said = { isAnswered: false, need: 'status', send: () => undefined, take: () => absent };

/**
 * Compiles what fills one column of an operation's row.
 *
 * @param isName whether the value is compared by its text alone
 * @param known further names that an expression may use
 */
export const compileSaid = (
  what: Observed | undefined,
  places: ReadonlyMap<string, number>,
  log: HistoryLog,
  isName: boolean,
  known?: Lookup<Answer>,
): Said => {
  if (what === undefined) return nothingSaid;
  if ('sent' in what) {
    const template = compileValue(parseTemplate(what.sent), userLookup(places));
    // By user: each has one request in flight.
    const sent: number[] = [];
    return {
      isAnswered: false,
      need: 'status',
      send: (user) => {
        const value = template(user);
        sent[user.index] = log.value(what.isAmount ? amountOf(value, what.sent) : isName ? named(value) : value);
      },
      take: (user) => sent[user]!,
    };
  }
  const answered = compileAnswered(what, known)!;
  const { isNoneAtZero = false, isSet = false } = what;
  return {
    isAnswered: true,
    need: answered.need,
    send: () => undefined,
    take: (_user, answer, step, told) => {
      if (answer === undefined) return absent;
      const found = answered.in(answer);
      if (isSet) {
        if (Array.isArray(found)) return log.value(inOrder(found));
        log.unreadable(`an answer to ${step} has no list at ${answered.source}`);
        return absent;
      }
      if (found === undefined && !(isNoneAtZero && told === 0))
        log.unreadable(`an answer to ${step} has no ${answered.source}`);
      return log.value(found);
    },
  };
};

/** A value that answers contain. */
export interface Answered {
  readonly source: string;
  readonly need: Need;
  /** `undefined` if the answer does not have it. */
  readonly in: (answer: Answer) => unknown;
}

/**
 * Compiles a value that an answer contains; `undefined` if the column does not come from the answer.
 *
 * @param known further names that the expression may use
 */
export const compileAnswered = (what: Observed | undefined, known?: Lookup<Answer>): Answered | undefined => {
  if (what === undefined || !('answered' in what)) return undefined;
  const source = what.answered;
  const expression = parseExpression(source);
  const lookup: Lookup<Answer> = (name, property) => known?.(name, property) ?? answerLookup(name, property);
  const value = exactly(expression, compileExpression(expression, lookup), true);
  return { source, need: needOfExpression(source), in: (answer) => evaluate(value, answer) };
};

/** `undefined` if the answer does not have it. */
const evaluate = (value: (answer: Answer) => unknown, answer: Answer): unknown => {
  try {
    return value(answer);
  } catch (error) {
    if (error instanceof TemplateValueError) return undefined;
    throw error;
  }
};

/** The account 7 is the account "7": a text that is a number becomes that number. */
const named = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  const number = numberIn(value);
  return String(number) === value ? number : value;
};

const amountOf = (value: unknown, source: string): number => {
  const number = typeof value === 'string' ? numberIn(value) : value;
  if (typeof number === 'bigint')
    throw new TemplateValueError(`"${source}" is ${number}, beyond 2^53: put it in quotes or count in smaller numbers`);
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw new TemplateValueError(`"${source}" is not a number`);
  if (Number.isSafeInteger(number)) return number;
  throw new TemplateValueError(`"${source}" is ${number}, which is not a whole number: count in the smallest unit`);
};
