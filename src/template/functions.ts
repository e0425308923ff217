import { isSame, numberIn } from '../core/exact/whole.ts';
import { canonicalJson, writeJson } from '../core/exact/write.ts';
import { createHash, createHmac } from 'node:crypto';
import { percentEncoded } from '../core/octets.ts';
import { numberOf, shown, TemplateValueError } from './values.ts';

/** A function of the language: pure, so that the same seed sends the same traffic. */
export interface TemplateFunction {
  /** Names in order. `to?` is optional, `...` stands for any number of further ones. */
  readonly parameters: string;
  readonly apply: (...values: unknown[]) => unknown;
}

interface Properties {
  readonly [name: string]: unknown;
}

/** Padding makes no longer texts than this: a mistyped length must not take up the memory. */
const longestPadded = 10_000;

const encodings = ['hex', 'base64', 'base64url'] as const;
const algorithms = ['md5', 'sha1', 'sha256', 'sha512'] as const;

/** The functions of expressions, by their name in a scenario. */
export const functions: { readonly [name: string]: TemplateFunction } = {
  upper: { parameters: 'text', apply: (text) => textFor('upper', text).toUpperCase() },
  lower: { parameters: 'text', apply: (text) => textFor('lower', text).toLowerCase() },
  trim: { parameters: 'text', apply: (text) => textFor('trim', text).trim() },
  replace: {
    parameters: 'text, old, new',
    apply: (text, old, by) => {
      const replacement = textFor('replace', by);
      return textFor('replace', text).replaceAll(textFor('replace', old), () => replacement);
    },
  },
  substring: {
    parameters: 'text, from, to?',
    apply: (text, from, to) =>
      textFor('substring', text).slice(
        numberOf(from, 'substring'),
        to === undefined ? undefined : numberOf(to, 'substring'),
      ),
  },
  split: {
    parameters: 'text, separator',
    apply: (text, separator) => textFor('split', text).split(textFor('split', separator)),
  },
  join: {
    parameters: 'list, separator?',
    apply: (list, separator = ',') =>
      listFor('join', list)
        .map((item) => textFor('join', item))
        .join(textFor('join', separator)),
  },
  padStart: {
    parameters: 'text, length, fill?',
    apply: (text, length, fill = ' ') => {
      const wanted = numberOf(length, 'padStart');
      if (!(wanted <= longestPadded)) throw unfit('padStart', `a length up to ${longestPadded}`, length);
      return textFor('padStart', text).padStart(wanted, textFor('padStart', fill));
    },
  },
  length: {
    parameters: 'value',
    apply: (value) => {
      if (typeof value === 'string' || Array.isArray(value)) return value.length;
      throw unfit('length', 'a text or a list', value);
    },
  },
  contains: {
    parameters: 'value, part',
    apply: (value, part) =>
      Array.isArray(value)
        ? value.some((one) => isSame(one, part))
        : textFor('contains', value).includes(textFor('contains', part)),
  },
  pluck: {
    parameters: 'list, property',
    apply: (list, property) => {
      const name = textFor('pluck', property);
      return listFor('pluck', list).map((item, at) => {
        if (typeof item === 'object' && item !== null && Object.hasOwn(item, name)) return (item as Properties)[name];
        throw new TemplateValueError(`"pluck" found no "${name}" in element ${at} of the list`);
      });
    },
  },
  count: {
    parameters: 'list, value',
    apply: (list, value) => listFor('count', list).filter((one) => isSame(one, value)).length,
  },
  unique: {
    parameters: 'list',
    apply: (list) => [...new Map(listFor('unique', list).map((one) => [canonicalJson(one), one])).values()],
  },
  sum: {
    parameters: 'list',
    apply: (list) => listFor('sum', list).reduce<number>((sum, one) => sum + numberOf(one, 'sum'), 0),
  },
  startsWith: {
    parameters: 'text, start',
    apply: (text, start) => textFor('startsWith', text).startsWith(textFor('startsWith', start)),
  },
  endsWith: {
    parameters: 'text, end',
    apply: (text, end) => textFor('endsWith', text).endsWith(textFor('endsWith', end)),
  },
  round: {
    parameters: 'number, digits?',
    apply: (number, digits = 0) => {
      const scale = 10 ** numberOf(digits, 'round');
      return Math.round(numberOf(number, 'round') * scale) / scale;
    },
  },
  floor: { parameters: 'number', apply: (number) => Math.floor(numberOf(number, 'floor')) },
  ceil: { parameters: 'number', apply: (number) => Math.ceil(numberOf(number, 'ceil')) },
  abs: { parameters: 'number', apply: (number) => Math.abs(numberOf(number, 'abs')) },
  min: { parameters: 'number, ...', apply: (...all) => Math.min(...all.map((one) => numberOf(one, 'min'))) },
  max: { parameters: 'number, ...', apply: (...all) => Math.max(...all.map((one) => numberOf(one, 'max'))) },
  number: {
    parameters: 'value',
    apply: (value) => {
      const number = typeof value === 'string' ? numberIn(value) : value;
      if (typeof number === 'bigint' || (typeof number === 'number' && Number.isFinite(number))) return number;
      throw unfit('number', 'what can be read as a number', value);
    },
  },
  string: { parameters: 'value', apply: (value) => textFor('string', value) },
  json: {
    parameters: 'value',
    apply: (value) => {
      if (value === undefined) throw unfit('json', 'a value', value);
      return writeJson(value);
    },
  },
  urlencode: { parameters: 'text', apply: (text) => percentEncoded(textFor('urlencode', text)) },
  base64: { parameters: 'text', apply: (text) => Buffer.from(textFor('base64', text)).toString('base64') },
  base64decode: {
    parameters: 'text',
    apply: (text) => Buffer.from(textFor('base64decode', text), 'base64').toString(),
  },
  md5: { parameters: 'text, encoding?', apply: (text, encoding) => hash('md5', text, encoding) },
  sha1: { parameters: 'text, encoding?', apply: (text, encoding) => hash('sha1', text, encoding) },
  sha256: { parameters: 'text, encoding?', apply: (text, encoding) => hash('sha256', text, encoding) },
  hmac: {
    parameters: 'key, text, algorithm?, encoding?',
    apply: (key, text, algorithm = 'sha256', encoding = 'hex') =>
      createHmac(oneOf('hmac', algorithms, algorithm), textFor('hmac', key))
        .update(textFor('hmac', text))
        .digest(oneOf('hmac', encodings, encoding)),
  },
};

/** How many values a function takes, at least and at most. */
export const arityOf = ({ parameters }: TemplateFunction): readonly [least: number, most: number] => {
  const names = parameters.split(', ');
  const least = names.filter((name) => name !== '...' && !name.endsWith('?')).length;
  return [least, names.includes('...') ? Infinity : names.length];
};

const textFor = (name: string, value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  throw unfit(name, 'a text', value);
};

const listFor = (name: string, value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value as unknown[];
  throw unfit(name, 'a list', value);
};

const unfit = (name: string, wanted: string, given: unknown): TemplateValueError =>
  new TemplateValueError(`"${name}" needs ${wanted} and was given ${shown(given)}`);

const hash = (algorithm: (typeof algorithms)[number], text: unknown, encoding: unknown = 'hex'): string =>
  createHash(algorithm)
    .update(textFor(algorithm, text))
    .digest(oneOf(algorithm, encodings, encoding));

const oneOf = <Word extends string>(name: string, words: readonly Word[], value: unknown): Word => {
  const word = words.find((known) => known === value);
  if (word === undefined) throw unfit(name, `one of ${words.join(', ')}`, value);
  return word;
};
