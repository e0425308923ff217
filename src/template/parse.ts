import jsep from 'jsep';
import { arityOf, functions } from './functions.ts';

/** A piece of a template: literal text, or an expression. */
export type Part = string | Expression;

/** An expression that was parsed and uses only what the language has. */
export interface Expression {
  readonly source: string;
  readonly root: jsep.CoreExpression;
  /** The variables it reads. */
  readonly names: readonly string[];
}

/** A text split at its `${…}`. */
export interface Template {
  readonly source: string;
  readonly parts: readonly Part[];
  readonly names: readonly string[];
}

/** What is wrong with a template, and at which character. */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError';
  readonly offset: number;
  /** The unknown word, if that is what is wrong, and the known ones. */
  readonly unknown: { readonly word: string; readonly known: readonly string[] } | undefined;

  constructor(message: string, offset: number, unknown?: TemplateSyntaxError['unknown']) {
    super(message);
    this.offset = offset;
    this.unknown = unknown;
  }
}

/** The operators with two sides. */
const binaryOperators = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '==',
  '!=',
  '===',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  '&&',
  '||',
  '??',
] as const;

const unaryOperators = ['-', '+', '!'];
const forbiddenProperties = new Set(['__proto__', 'constructor', 'prototype']);
const deepest = 50;

/**
 * Splits a text at its `${…}`; `$${` stands for a plain `${`.
 *
 * @throws {TemplateSyntaxError} for an unclosed `${`, or an expression that does not parse or uses what the language does not have
 */
export const parseTemplate = (source: string): Template => {
  const parts: Part[] = [];
  let text = '';
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf('${', at);
    if (open === -1) break;
    if (source[open - 1] === '$' && open > at) {
      text += `${source.slice(at, open - 1)}\${`;
      at = open + 2;
      continue;
    }
    text += source.slice(at, open);
    const close = closingBrace(source, open + 2);
    if (close === -1) throw new TemplateSyntaxError('"${" has no closing "}"', open);
    if (text !== '') parts.push(text);
    text = '';
    parts.push(parseExpression(source.slice(open + 2, close), open + 2));
    at = close + 1;
  }
  text += source.slice(at);
  if (text !== '' || parts.length === 0) parts.push(text);
  return { source, parts, names: namesOf(parts) };
};

/**
 * Parses one expression: literals, variables, `a.b`, `a["b"]`, arithmetic, comparison, logic, `?:`, and calls of the
 * language's own functions. No assignment.
 *
 * @param shift added to the offset of an error, for an expression inside a longer text
 * @throws {TemplateSyntaxError}
 */
export const parseExpression = (source: string, shift = 0): Expression => {
  if (source.trim() === '') throw new TemplateSyntaxError('an empty expression', shift);
  let parsed: jsep.Expression;
  try {
    parsed = jsep(source);
  } catch (error) {
    const { description, index } = error as { description?: string; index?: number };
    const ofAll = source.indexOf('[*]');
    if (ofAll >= 0)
      throw new TemplateSyntaxError(
        `"[*]" in "${source}": what each element of a list has is pluck(list, "property")`,
        shift + ofAll,
      );
    throw new TemplateSyntaxError(`${description ?? 'cannot be parsed'} in "${source}"`, shift + (index ?? 0));
  }
  const root = parsed as jsep.CoreExpression;
  const names = new Set<string>();
  check(root, names, source, shift, 0);
  return { source, root, names: [...names] };
};

/** What a path below the body reads: `items[0].id` is the expression `body.items[0].id`, `[0]` is `body[0]`. */
export const bodyExpression = (path: string): string => (path.startsWith('[') ? `body${path}` : `body.${path}`);

/** Whether it only reads the value at one path, such as `body.items[0].id`. */
export const isPath = ({ root }: Expression): boolean => {
  let node: jsep.Expression = root;
  while (node.type === 'MemberExpression') {
    const { object, property, computed } = node as jsep.MemberExpression;
    if (computed && property.type !== 'Literal') return false;
    node = object;
  }
  return node.type === 'Identifier';
};

const namesOf = (parts: readonly Part[]): string[] => [
  ...new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : part.names))),
];

/** Where the expression that starts at `from` ends: the first `}` that is not inside quotes. */
const closingBrace = (source: string, from: number): number => {
  let quote = '';
  for (let at = from; at < source.length; at++) {
    const char = source[at]!;
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '}') return at;
  }
  return -1;
};

const check = (node: jsep.CoreExpression, names: Set<string>, source: string, shift: number, depth: number): void => {
  const refuse = (what: string): never => {
    throw new TemplateSyntaxError(`${what} in "${source}"`, shift);
  };
  if (depth > deepest) refuse(`more than ${deepest} levels`);
  const inside = (child: jsep.Expression): void => check(child as jsep.CoreExpression, names, source, shift, depth + 1);
  switch (node.type) {
    case 'Literal':
      if (node.value instanceof RegExp) refuse('a regular expression');
      return;
    case 'Identifier':
      if (forbiddenProperties.has(node.name)) refuse(`"${node.name}"`);
      names.add(node.name);
      return;
    case 'MemberExpression':
      inside(node.object);
      if (node.computed) return inside(node.property);
      if (forbiddenProperties.has((node.property as jsep.Identifier).name)) {
        refuse(`"${(node.property as jsep.Identifier).name}"`);
      }
      return;
    case 'UnaryExpression':
      if (!unaryOperators.includes(node.operator)) refuse(`the operator "${node.operator}"`);
      return inside(node.argument);
    case 'BinaryExpression':
      if (!(binaryOperators as readonly string[]).includes(node.operator)) refuse(`the operator "${node.operator}"`);
      inside(node.left);
      return inside(node.right);
    case 'ConditionalExpression':
      inside(node.test);
      inside(node.consequent);
      return inside(node.alternate);
    case 'CallExpression':
      checkCall(node, source, shift);
      for (const argument of node.arguments) inside(argument);
      return;
    case 'Compound':
    case 'SequenceExpression':
      return refuse('more than one expression');
    case 'ArrayExpression':
      return refuse('a list');
    case 'ThisExpression':
      return refuse('"this"');
  }
};

const checkCall = ({ callee, arguments: given }: jsep.CallExpression, source: string, shift: number): void => {
  const { name } = callee as jsep.Identifier;
  if (callee.type !== 'Identifier')
    throw new TemplateSyntaxError(`a call of something that is not a function in "${source}"`, shift);
  const at =
    shift + Math.max(0, source.search(new RegExp(`(?<![\\w$.])${name.replaceAll('$', String.raw`\$`)}\\s*\\(`)));
  if (!Object.hasOwn(functions, name)) {
    throw new TemplateSyntaxError(`unknown function "${name}"`, at, { word: name, known: Object.keys(functions) });
  }
  const { parameters } = functions[name]!;
  const [least, most] = arityOf(functions[name]!);
  if (given.length >= least && given.length <= most) return;
  throw new TemplateSyntaxError(`"${name}" takes (${parameters}), and is given ${given.length}`, at);
};
