import { createRequire } from 'node:module';
import type * as Library from 'json-p3';
import { messageOf } from '../core/errors.ts';
import { compareExactly } from './exact-filters.ts';
import { TemplateSyntaxError } from './parse.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import { TemplateValueError } from './values.ts';

const load = createRequire(import.meta.url);

/**
 * Compiles a JSONPath query (RFC 9535): a function that gives the first match, `undefined` if there is none. Filters compare whole
 * numbers beyond 2^53 digit by digit.
 *
 * @throws {TemplateSyntaxError}
 * @cost loads the library at the first use, about 15 ms
 */
export const compileJsonPath = (source: string): ((value: unknown) => unknown) => {
  const library = load('json-p3') as typeof Library;
  const { JSONPathError } = library;
  try {
    const query = environment().compile(source);
    compareExactly(query, library);
    return (value) => {
      try {
        return query.match(value as Parameters<typeof query.match>[0])?.value;
      } catch (error) {
        if (error instanceof JSONPathError) throw new TemplateValueError(`${source}: ${error.message}`);
        throw error;
      }
    };
  } catch (error) {
    const { token } = error as { readonly token?: { readonly index: number } };
    // The library quotes the query around the error, but the position is clearer.
    throw new TemplateSyntaxError(messageOf(error).replace(/ \('.*$/s, ''), Math.min(token?.index ?? 0, source.length));
  }
};

let shared: Library.JSONPathEnvironment | undefined;

/** With `match` and `search` in linear time: a body may contain the pattern. */
const environment = (): Library.JSONPathEnvironment => {
  if (shared !== undefined) return shared;
  const { JSONPathEnvironment: Environment, FunctionExpressionType: Type } = load('json-p3') as typeof Library;
  shared = new Environment();
  const types = { argTypes: [Type.ValueType, Type.ValueType], returnType: Type.LogicalType };
  shared.functionRegister.set('match', { ...types, call: (text, pattern) => isMatch(text, pattern, true) });
  shared.functionRegister.set('search', { ...types, call: (text, pattern) => isMatch(text, pattern, false) });
  return shared;
};

/** Patterns of filters. Most are used for every item of a list. */
const patterns = new Map<string, Pattern>();
const mostPatterns = 100;

const isMatch = (text: unknown, pattern: unknown, isWhole: boolean): boolean => {
  if (typeof text !== 'string' || typeof pattern !== 'string') return false;
  const whole = isWhole ? `^(?:${pattern})$` : pattern;
  try {
    let compiled = patterns.get(whole);
    if (compiled === undefined) {
      if (patterns.size === mostPatterns) patterns.clear();
      compiled = compilePattern(whole);
      patterns.set(whole, compiled);
    }
    return compiled.test(text);
  } catch (error) {
    // The standard says that an invalid pattern matches nothing.
    if (error instanceof TemplateSyntaxError) return false;
    throw error;
  }
};
