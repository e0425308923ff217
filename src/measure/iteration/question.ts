import { parseJson } from '../../core/exact/parse.ts';
import type { Invariant, RequestStep } from '../../core/plan/plan.ts';
import { compileHolds, type Holds, type Named } from '../../template/holds.ts';
import { parseExpression } from '../../template/parse.ts';
import { onlyRead, readsOf } from '../../template/reads.ts';
import { headerOf, headersOf, numberName } from './read/scope.ts';
import type { Exchange } from '../user.ts';

/** What an invariant reads from the answers to its requests, and whether it holds for that. */
export interface Question {
  readonly needsBody: boolean;
  /**
   * The values that the expressions read, by name, and nothing else.
   *
   * @param valueOf gives the value of a name, captures included
   * @throws {SyntaxError} if the body is read and is not JSON
   */
  readonly read: (exchange: Exchange, valueOf: (name: string) => unknown) => Named;
  /** Whether all expressions hold, or why that cannot be told. */
  readonly holds: Holds;
}

/** Compiles what an invariant reads, so that only what is judged is kept from an answer. */
export const compileQuestion = ({ requests, that }: Invariant): Question => {
  const paths = that.flatMap((source) => readsOf(parseExpression(source)));
  const needsBody = paths.some(([name]) => name === 'body');
  const each = that.map(compileHolds);
  return {
    needsBody,
    read: (exchange, valueOf) => {
      const body = needsBody ? parseJson(exchange.body) : undefined;
      return Object.fromEntries(
        [...new Set(paths.map(([name]) => name))].flatMap((name): [string, unknown][] => {
          const ways = paths.filter(([first]) => first === name).map(([, ...rest]) => rest);
          const value = name === 'body' ? body : (ofAnswer(name, ways, exchange) ?? named(name, requests, valueOf));
          return value === undefined ? [] : [[name, onlyRead(value, ways)]];
        }),
      );
    },
    holds: (values) => {
      for (const holds of each) {
        const found = holds(values);
        if (found !== true) return found;
      }
      return true;
    },
  };
};

const ofAnswer = (name: string, ways: readonly (readonly string[])[], { status, head }: Exchange): unknown => {
  if (name === 'status') return status;
  if (name !== 'header') return undefined;
  if (ways.some(({ length }) => length === 0)) return headersOf(head);
  return Object.fromEntries(
    ways.flatMap(([header]): [string, string][] => {
      const value = headerOf(head, header!.toLowerCase());
      return value === undefined ? [] : [[header!, value]];
    }),
  );
};

/** A variable, what a step of that name has captured, or the reading user itself. */
const named = (name: string, requests: readonly RequestStep[], valueOf: (name: string) => unknown): unknown => {
  const found = valueOf(name);
  if (found !== undefined) return found;
  if (name === 'user') return { number: valueOf(numberName) };
  const captures = requests.find((step) => step.name === name)?.capture;
  return captures === undefined
    ? undefined
    : Object.fromEntries(Object.keys(captures).map((capture) => [capture, valueOf(stepCapture(name, capture))]));
};

/** The name under which a step's capture is kept apart from those of other steps. */
export const stepCapture = (step: string, capture: string): string => `${step}.${capture}`;
