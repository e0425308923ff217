/** Says what is wrong with a value, and where in the document; nothing where it is right. */
export type Shape = (value: unknown, path: string) => string | undefined;

/** A value of a type of JSON. */
export const kind =
  (name: 'string' | 'number' | 'boolean'): Shape =>
  (value, path) =>
    typeof value === name ? undefined : `"${path}" ${value === undefined ? 'is missing' : `is not a ${name}`}`;

/** A text. */
export const text = kind('string');
/** A number. */
export const number = kind('number');

/** One of these values. */
export const oneOf =
  (...words: readonly unknown[]): Shape =>
  (value, path) =>
    words.includes(value) ? undefined : `"${path}" is not one of ${words.join(', ')}`;

/** That, or `null`. */
export const maybe =
  (shape: Shape): Shape =>
  (value, path) =>
    value === null ? undefined : shape(value, path);

/** That, or nothing at all. */
export const optional =
  (shape: Shape): Shape =>
  (value, path) =>
    value === undefined ? undefined : shape(value, path);

/** Whatever it is. */
export const anything: Shape = () => undefined;

const isMap = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const first = (found: Iterable<string | undefined>): string | undefined => {
  for (const wrong of found) if (wrong !== undefined) return wrong;
  return undefined;
};

/** A list of those. */
export const list =
  (shape: Shape): Shape =>
  (value, path) =>
    Array.isArray(value)
      ? first(value.map((one, at) => shape(one, `${path}[${at}]`)))
      : `"${path}" ${value === undefined ? 'is missing' : 'is not a list'}`;

/** A map of whatever names to those. */
export const mapOf =
  (shape: Shape): Shape =>
  (value, path) =>
    isMap(value)
      ? first(Object.entries(value).map(([key, one]) => shape(one, `${path}.${key}`)))
      : `"${path}" ${value === undefined ? 'is missing' : 'is not a map'}`;

/** A shape of every field that a type has: the compiler asks for those that are forgotten. */
export type Fields<T> = { readonly [field in keyof T]-?: Shape };

/** A map with these fields, and perhaps others. */
export const fields =
  (shapes: { readonly [field: string]: Shape }): Shape =>
  (value, path) => {
    if (!isMap(value))
      return path === '' ? 'it is not a map' : `"${path}" ${value === undefined ? 'is missing' : 'is not a map'}`;
    const inside = path === '' ? '' : `${path}.`;
    return first(Object.entries<Shape>(shapes).map(([field, shape]) => shape(value[field], inside + field)));
  };
