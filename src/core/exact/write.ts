import { LongFraction } from './fraction.ts';
import { wholeIn } from './whole.ts';

/**
 * A value as JSON, as `JSON.stringify` writes it, but that a `bigint` is its digits. `null` where there is nothing to write.
 *
 * @param space as many blanks for each level; 0: all in one line
 * @cost that of JSON.stringify where there is no `bigint` in it; of a number a fifth of that
 */
export const writeJson = (value: unknown, space = 0): string => {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  try {
    return JSON.stringify(value, null, space) ?? 'null';
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return written(value, { gap: ' '.repeat(space), inOrder: false }, '\n');
  }
};

/**
 * A value as JSON with the keys of every object in order: the same text for what says the same. A whole number beyond 2^53 is
 * its digits, however it came to be.
 *
 * @cost that of JSON.stringify, except objects, which are copied
 */
export const canonicalJson = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(wholeIn(value) ?? JSON.stringify(value) ?? 'null');
  try {
    return JSON.stringify(value, inOrder) ?? 'null';
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return written(value, { gap: '', inOrder: true }, '\n');
  }
};

/** From here on a number is no longer written in digits alone, so that it is told what it stands for. */
const longest = 1e21;

const inOrder = (_key: string, value: unknown): unknown => {
  if (typeof value === 'number') return Math.abs(value) >= longest ? (wholeIn(value) ?? value) : value;
  return typeof value !== 'object' || value === null || Array.isArray(value) ? value : sorted(value);
};

const sorted = (value: object): object =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

interface Style {
  readonly gap: string;
  readonly inOrder: boolean;
}

/** @param line what a new line of this level begins with */
const written = (value: unknown, style: Style, line: string): string => {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof LongFraction) return value.digits;
  if (style.inOrder && typeof value === 'number') return canonicalJson(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const isList = Array.isArray(value);
  const inner = line + style.gap;
  const items = isList
    ? value.map((one: unknown) => written(one, style, inner))
    : Object.entries(style.inOrder ? sorted(value) : value)
        .filter(([, one]) => one !== undefined)
        .map(([key, one]) => `${JSON.stringify(key)}:${style.gap === '' ? '' : ' '}${written(one, style, inner)}`);
  const [open, close] = isList ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  return style.gap === ''
    ? `${open}${items.join(',')}${close}`
    : `${open}${inner}${items.join(`,${inner}`)}${line}${close}`;
};
