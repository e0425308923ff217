import type { Part } from '../../template/parse.ts';

/** The names that are read without a default: of those that may be missing, any on the left of a `??` are left out. */
export const withoutDefault = (
  parts: readonly Part[],
  names: readonly string[],
  maybe: ReadonlySet<string> | undefined,
): readonly string[] => {
  if (maybe === undefined || maybe.size === 0) return names;
  const bare = new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : bareIn(part.root))));
  return names.filter((name) => !maybe.has(name) || bare.has(name));
};

/** The names of an expression's tree that are read without a default. */
const bareIn = (node: unknown): readonly string[] => {
  if (typeof node !== 'object' || node === null) return [];
  const { type, name, operator, left, right, property, computed, ...others } = node as {
    readonly [key: string]: unknown;
  };
  if (type === 'Identifier') return [String(name)];
  const values = Object.values(others).flatMap(bareIn);
  // The name of a property is not a variable.
  if (type === 'MemberExpression') return [...values, ...(computed === true ? bareIn(property) : [])];
  const isDefaulted = operator === '??' && isRead(left);
  return [...values, ...(isDefaulted ? [] : bareIn(left)), ...bareIn(right)];
};

/** Whether it is a name, or a property of one. */
const isRead = (node: unknown): boolean => {
  const { type, object, computed } = (node ?? {}) as { readonly [key: string]: unknown };
  return type === 'Identifier' || (type === 'MemberExpression' && computed !== true && isRead(object));
};
