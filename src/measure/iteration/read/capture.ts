import type { Capture, RequestStep } from '../../../core/plan/plan.ts';
import { compileExpression } from '../../../template/compile.ts';
import { compileJsonPath } from '../../../template/json-path.ts';
import { isPath, parseExpression } from '../../../template/parse.ts';
import { compilePattern } from '../../../template/pattern.ts';
import { exactly } from './exactly.ts';
import type { Need } from './need.ts';
import { stepLookup, type Answer } from './scope.ts';

/** A value that is kept from an answer. */
export interface CompiledCapture {
  /** Its place among the user's variables. */
  readonly place: number;
  /** How a report names it. */
  readonly what: string;
  readonly need: Need;
  /** `undefined` if the answer has none. */
  readonly value: (answer: Answer) => unknown;
}

/** Compiles the captures of a step, in its order. */
export const compileCaptures = (step: RequestStep, places: ReadonlyMap<string, number>): readonly CompiledCapture[] =>
  Object.entries(step.capture).map(([name, capture]) => ({ place: places.get(name)!, ...compiled(capture, places) }));

const compiled = (capture: Capture, places: ReadonlyMap<string, number>): Omit<CompiledCapture, 'place'> => {
  const need = needOfCapture(capture);
  if (typeof capture === 'string') {
    const expression = parseExpression(capture);
    return { what: capture, need, value: exactly(expression, compileExpression(expression, stepLookup(places))) };
  }
  const source = capture.options as string;
  if (capture.name === 'jsonpath') {
    const find = compileJsonPath(source);
    return { what: source, need, value: ({ body }) => find(body) };
  }
  const { first } = compilePattern(source);
  return { what: `text that matches ${source}`, need, value: ({ exchange }) => first(exchange.body) };
};

/** What a capture reads from an answer. */
export const needOfCapture = (capture: Capture): Need => {
  if (typeof capture !== 'string') return capture.name === 'jsonpath' ? 'exact' : 'body';
  return needOfExpression(capture);
};

/** What an expression over an answer reads from it. */
export const needOfExpression = (source: string): Need => {
  const expression = parseExpression(source);
  const { names } = expression;
  if (names.includes('body')) return isPath(expression) ? 'json' : 'exact';
  return names.includes('header') ? 'head' : 'status';
};
