import { isSame, numberIn, wholeIn } from '../core/exact/whole.ts';
import { writeJson } from '../core/exact/write.ts';
import type jsep from 'jsep';
import type { Json } from '../core/json.ts';
import { functions } from './functions.ts';
import { parseTemplate, type Expression, type Template } from './parse.ts';
import { numberOf, present, TemplateValueError, textOf } from './values.ts';

export { TemplateValueError } from './values.ts';

/** A compiled expression: reads what it needs from a scope (a user, an answer) and gives a value. */
export type Evaluate<Scope> = (scope: Scope) => unknown;

/**
 * How a name becomes a read of the scope. Called once per use, at compile time.
 *
 * For `a.b` it is first called with both, so that a scope need not build an `a`. `undefined`: not possible.
 */
export type Lookup<Scope> = (name: string, property?: string) => Evaluate<Scope> | undefined;

/** A compiled text: constant, or a function of the scope. */
export type Text<Scope> = string | ((scope: Scope) => string);

/** Compiles one expression to closures. Nothing is looked up by name at run time. */
export const compileExpression = <Scope>(expression: Expression, lookup: Lookup<Scope>): Evaluate<Scope> =>
  compileNode(expression.root, lookup);

/**
 * Compiles a template to a text. `encode` is applied to each value, not to the text around it.
 *
 * @returns at run time: the text; throws {@link TemplateValueError} if a value is missing, an object or not a finite number
 * @cost a plain `${name}`: one concatenation
 */
export const compileText = <Scope>(
  template: Template,
  lookup: Lookup<Scope>,
  encode: (text: string) => string = same,
): Text<Scope> => {
  let whole: Text<Scope> = '';
  for (const part of template.parts) {
    if (typeof part === 'string') whole = joined(whole, part);
    else {
      const value = compileExpression(part, lookup);
      const text = (scope: Scope): string => encode(textOf(value(scope), part.source));
      whole = joined(whole, part.root.type === 'Literal' ? constant(text) : text);
    }
  }
  return whole;
};

/** A literal is the same for every scope. One that is not text fails when it is read, as any other value does. */
const constant = <Scope>(text: (scope: Scope) => string): Text<Scope> => {
  try {
    return text(undefined as Scope);
  } catch (error) {
    if (error instanceof TemplateValueError) return text;
    throw error;
  }
};

/** Compiles a template to a value: one that is a single expression keeps its type, any other is a text. */
export const compileValue = <Scope>(template: Template, lookup: Lookup<Scope>): Evaluate<Scope> => {
  const [only] = template.parts;
  if (template.parts.length === 1 && typeof only === 'object') {
    const value = compileExpression(only, lookup);
    return (scope) => present(value(scope), only.source);
  }
  const text = compileText(template, lookup);
  return typeof text === 'string' ? () => text : text;
};

/** Compiles JSON with templates in its strings (keys are taken literally) to its serialized text. */
export const compileJson = <Scope>(json: Json, lookup: Lookup<Scope>): Text<Scope> => {
  if (typeof json === 'string') {
    const template = parseTemplate(json);
    if (template.names.length === 0 && template.parts.every((part) => typeof part === 'string')) {
      return JSON.stringify(template.parts.join(''));
    }
    const value = compileValue(template, lookup);
    return (scope) => serialised(value(scope), json);
  }
  if (json === null || typeof json !== 'object') return writeJson(json);
  const list = isList(json);
  let whole: Text<Scope> = list ? '[' : '{';
  const entries: readonly (readonly [string, Json])[] = list
    ? json.map((item) => ['', item] as const)
    : Object.entries(json);
  entries.forEach(([key, item], at) => {
    whole = joined(whole, `${at === 0 ? '' : ','}${list ? '' : `${JSON.stringify(key)}:`}`);
    whole = joined(whole, compileJson(item, lookup));
  });
  return joined(whole, list ? ']' : '}');
};

const isList = (json: readonly Json[] | { readonly [key: string]: Json }): json is readonly Json[] =>
  Array.isArray(json);

const same = (text: string): string => text;

const joined = <Scope>(left: Text<Scope>, right: Text<Scope>): Text<Scope> => {
  if (typeof left === 'string') {
    if (typeof right === 'string') return left + right;
    return left === '' ? right : (scope) => left + right(scope);
  }
  if (typeof right === 'string') return right === '' ? left : (scope) => left(scope) + right;
  return (scope) => left(scope) + right(scope);
};

const serialised = (value: unknown, source: string): string => {
  if (value === undefined) throw new TemplateValueError(`${source} cannot be written as JSON`);
  return writeJson(value);
};

const compileNode = <Scope>(node: jsep.Expression, lookup: Lookup<Scope>): Evaluate<Scope> => {
  const core = node as jsep.CoreExpression;
  switch (core.type) {
    case 'Literal': {
      const value = typeof core.value === 'number' ? numberIn(core.raw) : core.value;
      return () => value;
    }
    case 'Identifier':
      return found(lookup(core.name), core.name);
    case 'MemberExpression': {
      const name = constantProperty(core);
      if (name !== undefined && core.object.type === 'Identifier') {
        const direct = lookup((core.object as jsep.Identifier).name, name);
        if (direct !== undefined) return direct;
      }
      const object = compileNode(core.object, lookup);
      if (name !== undefined) return (scope) => member(object(scope), name);
      const property = compileNode(core.property, lookup);
      return (scope) => member(object(scope), property(scope));
    }
    case 'UnaryExpression':
      return compileUnary(core, lookup);
    case 'BinaryExpression':
      return compileBinary(core, lookup);
    case 'ConditionalExpression': {
      const test = compileNode(core.test, lookup);
      const yes = compileNode(core.consequent, lookup);
      const no = compileNode(core.alternate, lookup);
      return (scope) => (test(scope) ? yes(scope) : no(scope));
    }
    case 'CallExpression':
      return compileCall(core, lookup);
    default:
      throw new Error(`parseExpression lets no ${core.type} through`);
  }
};

const compileCall = <Scope>(node: jsep.CallExpression, lookup: Lookup<Scope>): Evaluate<Scope> => {
  const { apply } = functions[(node.callee as jsep.Identifier).name]!;
  const values = node.arguments.map((argument) => compileNode(argument, lookup));
  const [first, second] = values;
  if (values.length === 1) return (scope) => apply(first!(scope));
  if (values.length === 2) return (scope) => apply(first!(scope), second!(scope));
  return (scope) => apply(...values.map((value) => value(scope)));
};

const found = <Scope>(read: Evaluate<Scope> | undefined, name: string): Evaluate<Scope> => {
  // Reading a scenario has already refused unknown names.
  if (read === undefined) throw new Error(`nothing is called "${name}" here`);
  return read;
};

const constantProperty = ({ computed, property }: jsep.MemberExpression): string | undefined => {
  if (!computed) return (property as jsep.Identifier).name;
  const { value } = property as jsep.Literal;
  return property.type === 'Literal' && typeof value === 'string' ? value : undefined;
};

/** An own property, or `undefined`: a scenario can reach nothing inherited. */
const member = (object: unknown, property: unknown): unknown => {
  if (typeof object === 'string' && property === 'length') return object.length;
  if (typeof object !== 'object' || object === null) return undefined;
  const key = typeof property === 'number' || typeof property === 'bigint' ? String(property) : property;
  return typeof key === 'string' && Object.hasOwn(object, key)
    ? (object as { [key: string]: unknown })[key]
    : undefined;
};

const compileUnary = <Scope>(node: jsep.UnaryExpression, lookup: Lookup<Scope>): Evaluate<Scope> => {
  const value = compileNode(node.argument, lookup);
  if (node.operator === '!') return (scope) => !value(scope);
  const sign = node.operator === '-' ? -1 : 1;
  // A sign in front of digits belongs to the number.
  const long = node.argument.type === 'Literal' ? value(undefined as Scope) : undefined;
  if (typeof long === 'bigint') return () => BigInt(sign) * long;
  return (scope) => sign * numberOf(value(scope), node.operator);
};

const compileBinary = <Scope>(node: jsep.BinaryExpression, lookup: Lookup<Scope>): Evaluate<Scope> => {
  const left = compileNode(node.left, lookup);
  const right = compileNode(node.right, lookup);
  const { operator } = node;
  const arithmetic =
    (apply: (a: number, b: number) => unknown): Evaluate<Scope> =>
    (scope) =>
      apply(numberOf(left(scope), operator), numberOf(right(scope), operator));
  const comparison =
    (holds: (a: number | bigint | string, b: number | bigint | string) => boolean): Evaluate<Scope> =>
    (scope) => {
      const [a, b] = [left(scope), right(scope)];
      return typeof a === 'string' && typeof b === 'string'
        ? holds(a, b)
        : typeof a === 'bigint' || typeof b === 'bigint'
          ? holds(comparable(a, operator), comparable(b, operator))
          : holds(numberOf(a, operator), numberOf(b, operator));
    };
  switch (operator) {
    case '+':
      return (scope) => sum(left(scope), right(scope));
    case '-':
      return arithmetic((a, b) => a - b);
    case '*':
      return arithmetic((a, b) => a * b);
    case '/':
      return arithmetic((a, b) => a / b);
    case '%':
      return arithmetic((a, b) => a % b);
    case '<':
      return comparison((a, b) => a < b);
    case '<=':
      return comparison((a, b) => a <= b);
    case '>':
      return comparison((a, b) => a > b);
    case '>=':
      return comparison((a, b) => a >= b);
    case '==':
    case '===':
      return (scope) => isEqual(left(scope), right(scope));
    case '!=':
    case '!==':
      return (scope) => !isEqual(left(scope), right(scope));
    case '&&':
      return (scope) => left(scope) && right(scope);
    case '||':
      return (scope) => left(scope) || right(scope);
    case '??':
      return (scope) => left(scope) ?? right(scope);
    default:
      throw new Error(`parseExpression lets no ${operator} through`);
  }
};

/** A missing value equals null: `body.errors == null` holds for an answer without errors. */
const isEqual = (a: unknown, b: unknown): boolean => isSame(a ?? null, b ?? null);

/** A number for comparison with a whole one beyond 2^53: exact. */
const comparable = (value: unknown, operator: string): number | bigint => wholeIn(value) ?? numberOf(value, operator);

const sum = (left: unknown, right: unknown): unknown => {
  if (typeof left === 'string' || typeof right === 'string') return textOf(left, '+') + textOf(right, '+');
  return numberOf(left, '+') + numberOf(right, '+');
};
