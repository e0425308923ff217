import { hasLong, hasManyDigits, parseDigits, parseJson } from '../../../core/exact/parse.ts';
import type { Evaluate } from '../../../template/compile.ts';
import { isPath, type Expression } from '../../../template/parse.ts';
import type { Answer } from './scope.ts';

/**
 * The value of an expression over an answer whose body was parsed by JSON.parse: a value that may have been rounded is read
 * again, digit for digit. So an answer without whole numbers beyond 2^53 costs nothing extra.
 *
 * @param isCompared the value is compared with others and not computed with, so a rounded fraction must differ from an exact
 * one, see {@link parseDigits}
 *
 * An expression that is no {@link isPath} has already computed with rounded values: it needs the body parsed by `parseJson`.
 */
export const exactly = (expression: Expression, value: Evaluate<Answer>, isCompared = false): Evaluate<Answer> => {
  if (!isPath(expression) || !expression.names.includes('body')) return value;
  return (answer) => {
    const found = value(answer);
    if (!mayBeRounded(found, isCompared)) return found;
    const { body } = answer.exchange;
    if (hasLong(body) || (isCompared && hasManyDigits(body))) {
      answer.body = isCompared ? parseDigits(body) : parseJson(body);
      return value(answer);
    }
    return found;
  };
};

/** A fraction of up to fifteen digits is exactly what was read. */
const mayBeRounded = (value: unknown, isCompared: boolean): boolean => {
  if (typeof value !== 'number') return typeof value === 'object' && value !== null;
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return true;
  return isCompared && !Number.isInteger(value) && String(value).length > 15;
};
