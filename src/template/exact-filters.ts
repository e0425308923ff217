import type * as Library from 'json-p3';
import { isSame, wholeIn, wholeOf } from '../core/exact/whole.ts';

type Expression = Library.jsonpath.expressions.FilterExpression;

/**
 * Makes the filters of a JSONPath query compare whole numbers beyond 2^53 digit by digit: a `bigint` in the searched value with a
 * literal of as many digits in the query. The library itself only knows numbers, and still compares everything else.
 */
export const compareExactly = (query: Library.JSONPathQuery, library: typeof Library): void => {
  for (const { selectors } of query.segments)
    for (const selector of selectors) if ('expression' in selector) amend(selector.expression as Expression, library);
};

const amend = (expression: Expression, library: typeof Library): void => {
  const { expressions: of } = library.jsonpath;
  if (expression instanceof of.LogicalExpression) amend(expression.expression, library);
  else if (expression instanceof of.PrefixExpression) amend(expression.right, library);
  else if (expression instanceof of.FunctionExtension) for (const one of expression.args) amend(one, library);
  else if (expression instanceof of.FilterQuery) compareExactly(expression.path, library);
  else if (expression instanceof of.NumberLiteral) {
    const { value } = expression.token;
    // As in JSON, a value written with an exponent is a number.
    const long = /e/iu.test(value) ? undefined : wholeOf(value);
    if (long !== undefined) expression.evaluate = () => long as never;
  } else if (expression instanceof of.InfixExpression) {
    const { left, right, operator } = expression;
    amend(left, library);
    amend(right, library);
    if (expression.logical) return;
    expression.evaluate = (context) => {
      const [a, b] = [only(left.evaluate(context), library), only(right.evaluate(context), library)];
      return typeof a === 'bigint' || typeof b === 'bigint' ? compareLong(a, operator, b) : of.compare(a, operator, b);
    };
  }
};

/** The value of a query that found one node, as the library passes it to a comparison. */
const only = (value: unknown, { JSONPathNodeList: NodeList }: typeof Library): unknown =>
  value instanceof NodeList && value.nodes.length === 1 ? value.nodes[0]!.value : value;

const compareLong = (a: unknown, operator: string, b: unknown): boolean => {
  const isEqual = isSame(a, b);
  if (operator === '==') return isEqual;
  if (operator === '!=') return !isEqual;
  const [left, right] = [ordered(a), ordered(b)];
  // Numbers have no order relative to texts or missing values.
  if (left === undefined || right === undefined) return false;
  if (operator.startsWith('<')) return left < right || (operator === '<=' && isEqual);
  return left > right || (operator === '>=' && isEqual);
};

const ordered = (value: unknown): number | bigint | undefined =>
  wholeIn(value) ?? (typeof value === 'number' ? value : undefined);
