import type jsep from 'jsep';
import type { Expression } from './parse.ts';

/** The way to a value from a name: `body.items.total` is `['body', 'items', 'total']`. */
export type Path = readonly [name: string, ...properties: string[]];

/**
 * What an expression reads, each path as far as it is written out: `body.rows[n].id` reads `body.rows` and `n`. No path is a
 * continuation of another.
 */
export const readsOf = ({ root }: Expression): readonly Path[] => {
  const all: Path[] = [];
  collect(root, all);
  const isBelow = (path: Path, above: Path): boolean => above.every((part, at) => path[at] === part);
  return all.filter(
    (path, at) => !all.some((other, place) => isBelow(path, other) && (other.length < path.length || place < at)),
  );
};

const collect = (node: jsep.Expression, all: Path[]): void => {
  const path = pathOf(node);
  if (path !== undefined) return void all.push(path);
  for (const inner of innerOf(node)) collect(inner, all);
};

/** The path of a name, or of a property written out after one. `undefined` for anything else. */
const pathOf = (node: jsep.Expression): Path | undefined => {
  if (node.type === 'Identifier') return [(node as jsep.Identifier).name];
  if (node.type !== 'MemberExpression') return undefined;
  const { object, property, computed } = node as jsep.MemberExpression;
  const value = computed ? (property as jsep.Literal).value : (property as jsep.Identifier).name;
  const above = pathOf(object);
  return above === undefined || typeof value !== 'string' ? undefined : [...above, value];
};

const innerOf = (node: jsep.Expression): readonly jsep.Expression[] => {
  const core = node as jsep.CoreExpression;
  switch (core.type) {
    case 'MemberExpression':
      return [core.object, ...(core.computed ? [core.property] : [])];
    case 'UnaryExpression':
      return [core.argument];
    case 'BinaryExpression':
      return [core.left, core.right];
    case 'ConditionalExpression':
      return [core.test, core.consequent, core.alternate];
    case 'CallExpression':
      return core.arguments;
    default:
      return [];
  }
};

/** The values at the ends of these paths, in a value of the same shape that has nothing else. A list stays whole. */
export const onlyRead = (value: unknown, ways: readonly (readonly string[])[]): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (ways.some(({ length }) => length === 0)) return value;
  const names = new Set(ways.map(([name]) => name!));
  const inner = [...names].flatMap((name): [string, unknown][] => {
    if (!Object.hasOwn(value, name)) return [];
    const below = ways.filter(([first]) => first === name).map(([, ...rest]) => rest);
    return [[name, onlyRead((value as { readonly [name: string]: unknown })[name], below)]];
  });
  return Object.fromEntries(inner);
};
