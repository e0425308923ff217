/** Words that no variable may be called: they belong to answers, locks, the environment and expressions. */
const reserved = new Set([
  'body',
  'header',
  'status',
  'lock',
  'env',
  'key',
  'user',
  'true',
  'false',
  'null',
  'this',
  'constructor',
  'prototype',
  '__proto__',
]);

/** Gives unique names. */
export interface Names {
  /** A variable's name from a text: `order-id` becomes `orderId`, with a number if that is taken. */
  readonly variable: (text: string) => string;
  /** A step's name, with a number if that is taken. */
  readonly step: (text: string) => string;
}

/** Names of one draft. */
export const newNames = (): Names => {
  const variables = new Set<string>();
  const steps = new Set<string>();
  return {
    variable: (text) => unique(camelCase(text), variables, reserved, ''),
    step: (text) => unique(text === '' ? 'request' : text, steps, new Set(), ' '),
  };
};

const unique = (wanted: string, taken: Set<string>, refused: ReadonlySet<string>, between: string): string => {
  let name = wanted;
  for (let copy = 2; taken.has(name) || refused.has(name); copy++) name = `${wanted}${between}${copy}`;
  taken.add(name);
  return name;
};

const camelCase = (text: string): string => {
  const words = text.match(/[A-Za-z0-9]+/g) ?? [];
  const joined = words.map((word, at) => (at === 0 ? lowerFirst(word) : upperFirst(word))).join('');
  const name = /^[A-Za-z]/.test(joined) ? joined : `value${upperFirst(joined)}`;
  return name.slice(0, 40);
};

/** With a lower-case first letter; `ID` becomes `id`. */
const lowerFirst = (word: string): string =>
  /^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1);

const upperFirst = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The singular: `categories` becomes `category`. */
export const singular = (word: string): string => {
  if (/ies$/i.test(word)) return word.replace(/ies$/i, 'y');
  if (/(ss|us|is)$/i.test(word)) return word;
  return word.replace(/(?<=(?:ch|sh|x|z|ss))es$|s$/i, '');
};
