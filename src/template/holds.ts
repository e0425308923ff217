import type jsep from 'jsep';
import { compileExpression, TemplateValueError, type Evaluate, type Lookup } from './compile.ts';
import { parseExpression, type Expression } from './parse.ts';

/** Values by name, as in JSON. */
export interface Named {
  readonly [name: string]: unknown;
}

/** Whether an expression holds, or why that is unknown. */
export type Holds = (values: Named) => boolean | string;

/**
 * Compiles an expression that says what is correct: it holds if it is `true`, and does not if it is `false`. It decides nothing if
 * it compares a missing value, or is neither `true` nor `false`: `body.debit == body.credit` does not hold for an answer that has
 * neither.
 */
export const compileHolds = (source: string): Holds => {
  const expression = parseExpression(source);
  const value = compiled(expression.root);
  const missing = compileMissing(expression.root);
  return (values) => {
    try {
      const found = value(values);
      const gap = missing(values);
      if (gap !== undefined) return `${source}: ${gap} is not there`;
      return typeof found === 'boolean' ? found : `${source} is ${kindOf(found)}, neither true nor false`;
    } catch (error) {
      if (error instanceof TemplateValueError) return `${source}: ${error.message}`;
      throw error;
    }
  };
};

const kindOf = (value: unknown): string => (value === undefined ? 'not there' : (JSON.stringify(value) ?? 'no value'));

const lookup: Lookup<Named> = (name, property) => (property === undefined ? (values) => values[name] : undefined);

const compiled = (root: jsep.Expression): Evaluate<Named> => compileExpression({ root } as Expression, lookup);

/** What is compared but missing, on the branch that the evaluation takes. `undefined`: nothing. */
type Missing = (values: Named) => string | undefined;

const nothing: Missing = () => undefined;

const compileMissing = (node: jsep.Expression): Missing => {
  const core = node as jsep.CoreExpression;
  switch (core.type) {
    case 'UnaryExpression':
      return compileMissing(core.argument);
    case 'CallExpression':
      return anyOf(core.arguments.map(compileMissing));
    case 'ConditionalExpression': {
      const [test, yes, no] = [core.test, core.consequent, core.alternate].map(compileMissing) as [
        Missing,
        Missing,
        Missing,
      ];
      const value = compiled(core.test);
      return (values) => test(values) ?? (value(values) ? yes(values) : no(values));
    }
    case 'BinaryExpression':
      return compileMissingOf(core);
    default:
      return nothing;
  }
};

const compileMissingOf = ({ operator, left, right }: jsep.BinaryExpression): Missing => {
  const [ofLeft, ofRight] = [compileMissing(left), compileMissing(right)];
  const [first, second] = [compiled(left), compiled(right)];
  switch (operator) {
    case '&&':
      return (values) => ofLeft(values) ?? (first(values) ? ofRight(values) : undefined);
    case '||':
      return (values) => ofLeft(values) ?? (first(values) ? undefined : ofRight(values));
    case '??':
      return (values) =>
        ofLeft(values) ?? (first(values) === undefined || first(values) === null ? ofRight(values) : undefined);
    case '==':
    case '===':
    case '!=':
    case '!==':
      // The question is whether it is there at all.
      if (isNull(left) || isNull(right)) return nothing;
      return (values) => {
        if (first(values) === undefined) return textOf(left);
        return second(values) === undefined ? textOf(right) : (ofLeft(values) ?? ofRight(values));
      };
    default:
      return anyOf([ofLeft, ofRight]);
  }
};

const isNull = (node: jsep.Expression): boolean => node.type === 'Literal' && (node as jsep.Literal).value === null;

const anyOf =
  (all: readonly Missing[]): Missing =>
  (values) => {
    for (const one of all) {
      const found = one(values);
      if (found !== undefined) return found;
    }
    return undefined;
  };

/** A path as written; for anything else, what it is. */
const textOf = (node: jsep.Expression): string => {
  if (node.type === 'Identifier') return (node as jsep.Identifier).name;
  if (node.type !== 'MemberExpression') return 'a side of it';
  const { object, property, computed } = node as jsep.MemberExpression;
  if (!computed) return `${textOf(object)}.${(property as jsep.Identifier).name}`;
  return `${textOf(object)}[${property.type === 'Literal' ? (property as jsep.Literal).raw : '…'}]`;
};
