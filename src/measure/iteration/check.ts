import { isSame } from '../../core/exact/whole.ts';
import { writeJson } from '../../core/exact/write.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Choice, Json } from '../../core/json.ts';
import type { Expect, RequestStep } from '../../core/plan/plan.ts';
import {
  compileExpression,
  compileText,
  compileValue,
  TemplateValueError,
  type Evaluate,
} from '../../template/compile.ts';
import { bodyExpression, parseExpression, parseTemplate } from '../../template/parse.ts';
import { compilePattern } from '../../template/pattern.ts';
import { needOfExpression } from './read/capture.ts';
import { exactly } from './read/exactly.ts';
import type { Need } from './read/need.ts';
import { headerOf, stepLookup, type Answer } from './read/scope.ts';

/** Something that an answer must be, apart from its status and its time. */
export interface CompiledCheck {
  readonly need: Need;
  /** Why the answer fails the check, in words; `undefined` if it passes. */
  readonly failed: (answer: Answer) => string | undefined;
}

type Places = ReadonlyMap<string, number>;

/** Compiles what a step expects of an answer's content, the cheapest checks first. */
export const compileChecks = ({ expect }: RequestStep, places: Places): readonly CompiledCheck[] => [
  ...Object.entries(expect.headers ?? {}).map(([name, wanted]) => header(name, wanted, places)),
  ...(expect.size === undefined ? [] : [size(expect.size)]),
  ...(expect.text ?? []).map((wanted) => bodyText(wanted, places)),
  ...Object.entries(expect.body ?? {}).map(([path, wanted]) => bodyValue(path, wanted, places)),
  ...(expect.that ?? []).map((source) => that(source, places)),
];

/** What the checks of a step read from its answers. */
export const needsOfChecks = ({ headers, size, text, body, that }: Expect): readonly Need[] => [
  ...(headers === undefined ? [] : ['head' as const]),
  ...(size === undefined ? [] : ['body' as const]),
  ...(text === undefined ? [] : ['body' as const]),
  ...(body === undefined ? [] : ['json' as const]),
  ...(that ?? []).map(needOfExpression),
];

const size = ({ from, to }: NonNullable<Expect['size']>): CompiledCheck => ({
  need: 'body',
  failed: ({ exchange }) => {
    const bytes = Buffer.byteLength(exchange.body);
    if (bytes >= from && bytes <= to) return undefined;
    return `the body has ${bytes} bytes, expected ${from === to ? from : `${from} to ${to}`}`;
  },
});

const header = (name: string, wanted: Choice, places: Places): CompiledCheck => {
  const fits = textFits(wanted, places);
  return {
    need: 'head',
    failed: (answer) => {
      const value = headerOf(answer.exchange.head, name);
      const expected = fits(value, answer);
      return expected === undefined
        ? undefined
        : `header ${name} is ${value === undefined ? 'missing' : shown(value)}, expected ${expected}`;
    },
  };
};

/** What was expected, if the value does not match; otherwise `undefined`. */
const textFits = (
  { name, options }: Choice,
  places: Places,
): ((value: string | undefined, answer: Answer) => string | undefined) => {
  if (name === 'present') {
    if (options === true) return (value) => (value === undefined ? 'one' : undefined);
    return (value) => (value === undefined ? undefined : 'none');
  }
  if (name === 'matches') {
    const { test } = compilePattern(options as string);
    return (value) => (value !== undefined && test(value) ? undefined : `what matches ${options as string}`);
  }
  const text = compileText(parseTemplate(options as string), stepLookup(places));
  const textOf = typeof text === 'string' ? () => text : text;
  return (value, answer) => {
    const wanted = textOf(answer);
    if (name === 'contains') return value?.includes(wanted) === true ? undefined : `what contains ${shown(wanted)}`;
    return value === wanted ? undefined : shown(wanted);
  };
};

const bodyText = (wanted: Choice, places: Places): CompiledCheck => {
  const fits = textFits(wanted, places);
  return {
    need: 'body',
    failed: (answer) => {
      const { body } = answer.exchange;
      const expected = fits(body, answer);
      return expected === undefined ? undefined : `the body is ${shown(body)}, expected ${expected}`;
    },
  };
};

const bodyValue = (path: string, wanted: Json, places: Places): CompiledCheck => {
  const source = bodyExpression(path);
  const expression = parseExpression(source);
  const actual = exactly(expression, compileExpression(expression, stepLookup(places)));
  const expected = compileExpected(wanted, places);
  return {
    // The expected value may use the body, too.
    need: writeJson(wanted).includes('body') ? 'exact' : needOfExpression(source),
    failed: (answer) => {
      const [is, should] = [actual(answer), expected(answer)];
      if (isSame(is, should) || isDeepStrictEqual(is, should)) return undefined;
      return `${source} is ${shown(is)}, expected ${shown(should)}`;
    },
  };
};

/** Compiles JSON with templates in its strings to a value. */
const compileExpected = (json: Json, places: Places): Evaluate<Answer> => {
  if (typeof json === 'string') return compileValue(parseTemplate(json), stepLookup(places));
  if (json === null || typeof json !== 'object') return () => json;
  const entries = Object.entries(json).map(([key, inner]) => [key, compileExpected(inner, places)] as const);
  if (Array.isArray(json)) return (answer) => entries.map(([, value]) => value(answer));
  return (answer) => Object.fromEntries(entries.map(([key, value]) => [key, value(answer)]));
};

const that = (source: string, places: Places): CompiledCheck => {
  const value = compileExpression(parseExpression(source), stepLookup(places));
  return {
    need: needOfExpression(source),
    failed: (answer) => (value(answer) === true ? undefined : `${source} does not hold`),
  };
};

/** Runs checks until one fails. A missing value fails its check. */
export const firstFailed = (checks: readonly CompiledCheck[], answer: Answer): string | undefined => {
  try {
    for (const { failed } of checks) {
      const why = failed(answer);
      if (why !== undefined) return why;
    }
    return undefined;
  } catch (error) {
    if (error instanceof TemplateValueError) return error.message;
    throw error;
  }
};

const longestShown = 120;

const shown = (value: unknown): string => {
  const text = value === undefined ? 'missing' : writeJson(value);
  return text.length > longestShown ? `${text.slice(0, longestShown - 1)}…` : text;
};
