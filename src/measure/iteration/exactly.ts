import { hasLong, parseJson } from '../../core/exact/parse.ts';
import type { Evaluate } from '../../template/compile.ts';
import { isPath, type Expression } from '../../template/parse.ts';
import type { Answer } from './scope.ts';

/**
 * The value of an expression over an answer whose body was parsed by JSON.parse: what may have been rounded is read again,
 * digit for digit. So an answer without whole numbers beyond 2^53 costs no more.
 *
 * An expression that is no {@link isPath} has computed with what was rounded: it needs the body parsed by `parseJson`.
 */
export const exactly = (expression: Expression, value: Evaluate<Answer>): Evaluate<Answer> => {
  if (!isPath(expression) || !expression.names.includes('body')) return value;
  return (answer) => {
    const found = value(answer);
    if (!mayBeRounded(found) || !hasLong(answer.exchange.body)) return found;
    answer.body = parseJson(answer.exchange.body);
    return value(answer);
  };
};

const mayBeRounded = (value: unknown): boolean =>
  typeof value === 'number' ? Math.abs(value) > Number.MAX_SAFE_INTEGER : typeof value === 'object' && value !== null;
