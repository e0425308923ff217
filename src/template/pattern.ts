import { createRequire } from 'node:module';
import type * as Library from 're2js';
import { messageOf } from '../core/errors.ts';
import { TemplateSyntaxError } from './parse.ts';

/** A regular expression that runs in linear time, whatever the pattern and the text: RE2's, without look-around. */
export interface Pattern {
  readonly test: (text: string) => boolean;
  /** The first group of the first match, or the whole match if the pattern has no group. `undefined` if there is no match. */
  readonly first: (text: string) => string | undefined;
}

const load = createRequire(import.meta.url);

/**
 * Compiles a pattern in the notation of RE2.
 *
 * @throws {TemplateSyntaxError}
 * @cost loads the library at the first use, about 30 ms; then about 25 ms per MB searched, and next to nothing for what comes
 * before the text that a match begins with
 */
export const compilePattern = (source: string): Pattern => {
  const { RE2JS } = load('re2js') as typeof Library;
  let compiled: InstanceType<typeof RE2JS>;
  try {
    compiled = RE2JS.compile(source);
  } catch (error) {
    throw new TemplateSyntaxError(messageOf(error).replace(/^error parsing regexp: /, ''), 0);
  }
  const start = literalStart(source);
  const group = compiled.groupCount() > 0 ? 1 : 0;
  const first = (text: string): string | undefined => {
    const from = start === '' ? 0 : text.indexOf(start);
    if (from === -1) return undefined;
    const matcher = compiled.matcher(text);
    return matcher.find(from) ? (matcher.group(group) ?? '') : undefined;
  };
  return { first, test: (text) => first(text) !== undefined };
};

/** What every match begins with, as far as that is obvious. */
const literalStart = (source: string): string => {
  if (source.includes('|')) return '';
  const plain = /^[^\\.+*?()|[\]{}^$]*/.exec(source)![0];
  // A quantifier applies to the character before it.
  return /^[*?{]/.test(source.slice(plain.length)) ? plain.slice(0, -1) : plain;
};
