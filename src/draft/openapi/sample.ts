import type { Json } from '../../core/json.ts';
import { shortestSecret } from '../../core/mask.ts';
import type { Notes } from '../notes.ts';
import { isSecret, isShort, type Environment } from '../secrets.ts';
import type { Room } from '../room.ts';
import { isKey, plain } from '../text.ts';
import { listOf, nodeOf, textOf, type Node, type OpenApi } from './document.ts';
import { isNumber, sampleNumber, sampleText, unmet } from './scalars.ts';
import { flat, namedValue, typeOf } from './schema.ts';

/** What is needed to make samples. */
export interface Sampling {
  readonly document: OpenApi;
  readonly environment: Environment;
  /** Expressions for properties with these names. */
  readonly variables: ReadonlyMap<string, string>;
  readonly notes: Notes;
  /** Like `variables`, but only for the top-level properties of a body. */
  readonly own?: ReadonlyMap<string, string>;
  /** Shared by all bodies of a draft. */
  readonly room: Room;
}

const mostValues = 300;
const deepest = 8;
/** For a value that the document spells out. A scenario allows a little more, as its steps are lists themselves. */
const deepestExample = 40;
/** Below this depth, optional values are left out. */
const deepestOptional = 3;
const longestText = 4000;

/** A value that a schema allows, with its texts as templates: the example if there is one, otherwise made from type, format and bounds. */
export const sampleOf = (schema: unknown, name: string, sampling: Sampling): Json => {
  const { document, environment, variables, notes, room, own = new Map<string, string>() } = sampling;
  let left = Math.min(mostValues, room.values);
  const before = left;

  const value = (given: unknown, key: string, depth = 0): Json => {
    left--;
    if (left < 0) return null;
    if (depth > deepestExample) {
      notes.left(`an example that is nested deeper than ${deepestExample} levels`);
      return null;
    }
    if (typeof given === 'string') {
      const variable = (depth === 1 ? own.get(key) : undefined) ?? variables.get(key);
      if (variable !== undefined && key !== '') return `\${${variable}}`;
      if (isSecret(key, given) && given.length < longestText)
        return `\${${environment.secret(key, `${key} of the document`, key, isShort(key, given))}}`;
      return plain(given.length > longestText ? 'sample' : given);
    }
    if (typeof given === 'number') {
      const variable = depth === 1 ? own.get(key) : undefined;
      if (variable !== undefined) return `\${${variable}}`;
      return isSecret(key, String(given)) ? numberOf(key, isShort(key, String(given))) : isNumber(given) ? given : 0;
    }
    if (typeof given === 'boolean' || given === null) return given;
    if (Array.isArray(given)) return given.slice(0, 50).map((item) => value(item, key, depth + 1));
    return Object.fromEntries(entriesOf(given).map(([inner, one]) => [inner, value(one, inner, depth + 1)]));
  };

  const numberOf = (key: string, short: boolean): Json =>
    `\${number(${environment.secret(key, `${key} of the document`, key, short)})}`;

  const make = (given: unknown, key: string, depth: number, open: readonly string[]): Json | undefined => {
    left--;
    const { node, references, mark } = flat(document, given);
    if (references.some((reference) => open.includes(reference)) || depth > deepest || left < 0) return undefined;
    const variable = (depth === 1 ? own.get(key) : undefined) ?? (depth <= 2 ? variables.get(key) : undefined);
    const type = typeOf(node);
    if (variable !== undefined && key !== '' && type !== 'object' && type !== 'array')
      return type === 'string' ? `\${string(${variable})}` : `\${${variable}}`;
    const named = namedValue(node);
    if (named !== undefined && (mark === undefined || typeof named.value !== 'object')) return value(named.value, key);
    const inside = [...open, ...references];
    if (type === 'array') return items(node, key, depth, inside);
    if (type === 'object') return properties(node, mark, depth, inside);
    if (type === 'integer' || type === 'number')
      return isSecret(key, 'x') ? numberOf(key, isShortIn(key, node)) : sampleNumber(node);
    if (type === 'boolean') return true;
    if (type === 'null') return null;
    if (textOf(node['format']) === 'password' || isSecret(key, 'x'))
      return `\${${environment.secret(key === '' ? 'password' : key, `${key} of the document`, key, isShortIn(key, node))}}`;
    const { text, fits } = sampleText(node);
    if (!fits) notes.guessed(`${key === '' ? name : key}: ${unmet(node)}`);
    return plain(text);
  };

  const items = (node: Node, key: string, depth: number, open: readonly string[]): Json => {
    const least = typeof node['minItems'] === 'number' ? node['minItems'] : 0;
    const count = Math.max(1, Math.min(least, 20));
    const made = Array.from({ length: count }, () => make(node['items'], key, depth + 1, open));
    const all = made.flatMap((one) => (one === undefined ? [] : [one]));
    return node['uniqueItems'] === true ? different(all, flat(document, node['items']).node) : all;
  };

  const properties = (
    node: Node,
    mark: { readonly property: string; readonly value: string } | undefined,
    depth: number,
    open: readonly string[],
  ): Json => {
    const required = new Set(listOf(node['required']));
    const made = entriesOf(nodeOf(node['properties'])).flatMap(([key, inner]): readonly (readonly [string, Json])[] => {
      const {
        node: own,
        node: { readOnly, deprecated },
      } = flat(document, inner);
      if (key === mark?.property) return [[key, markIn(own, mark.value)]];
      const isNeeded = required.has(key);
      if (readOnly === true || (!isNeeded && (deprecated === true || depth >= deepestOptional))) return [];
      const one = make(inner, key, depth + 1, open);
      // A circle ends at an optional property. If none is optional, an empty object is the best there is.
      return one === undefined ? (isNeeded ? [[key, {}]] : []) : [[key, one]];
    });
    // A required property that is not described may be anything.
    const known = nodeOf(node['properties']);
    const others = node['additionalProperties'];
    const rest = [...required].flatMap((key): readonly (readonly [string, Json])[] => {
      if (typeof key !== 'string' || Object.hasOwn(known, key) || !isKey(key) || others === false) return [];
      return [[key, make(nodeOf(others), key, depth + 1, open) ?? 'sample']];
    });
    const all = Object.fromEntries([...made, ...rest.filter(([key]) => key !== mark?.property)]);
    return mark === undefined || Object.hasOwn(all, mark.property) || !isKey(mark.property)
      ? all
      : { [mark.property]: plain(mark.value), ...all };
  };

  const made = make(schema, name, 0, []) ?? {};
  room.values -= before - Math.max(0, left);
  room.characters -= JSON.stringify(made).length;
  if (room.characters >= 0) return made;
  notes.left(`a value for ${name === '' ? 'a body' : name}, which is too long`);
  return {};
};

/** The discriminator's value, with the upper and lower case that its property allows. */
const markIn = (property: Node, value: string): Json => {
  const allowed = listOf(property['const'] === undefined ? property['enum'] : [property['const']]);
  if (allowed.length === 0 || allowed.includes(value)) return value;
  const same = allowed.find((one) => typeof one === 'string' && one.toLowerCase() === value.toLowerCase());
  return (same ?? allowed[0]) as Json;
};

/** Distinct items for a list: other values of its enumeration, the next number, a text with its number. */
const different = (items: readonly Json[], node: Node): readonly Json[] => {
  const some = listOf(node['enum']) as readonly Json[];
  const made = items.map((item, at): Json => {
    if (some.length > 0) return some[at % some.length]!;
    if (typeof item === 'number') return item + at * (typeof node['multipleOf'] === 'number' ? node['multipleOf'] : 1);
    if (typeof item === 'string' && node['format'] === 'uuid' && at > 0)
      return `${item.slice(0, -2)}${(at % 256).toString(16).padStart(2, '0')}`;
    return typeof item === 'string' && at > 0 && !item.includes('${') && node['format'] === undefined
      ? `${item.slice(0, Math.max(1, item.length - String(at).length))}${at}`
      : item;
  });
  return made.filter((item, at) => made.findIndex((one) => JSON.stringify(one) === JSON.stringify(item)) === at);
};

/** Whether a schema says that a secret is too short to mask. */
const isShortIn = (key: string, node: Node): boolean =>
  isShort(key, '') ||
  (textOf(node['pattern']) !== undefined && sampleText(node).fits && sampleText(node).text.length < shortestSecret) ||
  (typeof node['maxLength'] === 'number' && node['maxLength'] < shortestSecret) ||
  (typeof node['maximum'] === 'number' && node['maximum'] < 1000);

/** An example that a document spells out, as {@link sampleOf} gives values. */
export const exampleOf = (given: unknown, sampling: Sampling): Json => sampleOf({ const: given }, '', sampling);

const entriesOf = (value: object | undefined): readonly (readonly [string, unknown])[] =>
  Object.entries(value ?? {}).filter(([key]) => isKey(key) && key.length <= 200);
