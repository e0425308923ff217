/** A map, its values not checked yet. */
export type Map = { readonly [key: string]: unknown };

/** A value as a map; empty for anything else. */
export const mapOf = (value: unknown): Map =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Map) : {};
/** A value as a list; empty for anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
/** A value as text; empty for anything else. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** Fills in the variables of a text. */
export type Fill = (text: string) => string;

/** Names and values that are switched on. */
export const pairsOf = (list: unknown, fill: Fill): readonly (readonly [string, string])[] => {
  // In the first formats, headers are one text.
  if (typeof list === 'string')
    return list.split('\n').flatMap((line) => {
      const [, name, value] = /^([^:]+):(.*)$/.exec(line.trim()) ?? [];
      return name === undefined ? [] : [[name.trim(), fill(value!.trim())] as const];
    });
  return listOf(list)
    .map(mapOf)
    .filter((one) => one['disabled'] !== true && textOf(one['key']) !== '')
    .map((one) => [fill(textOf(one['key'])), fill(textOf(one['value']))] as const);
};
