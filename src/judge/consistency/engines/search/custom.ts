import { serialize } from 'node:v8';
import { ContendError, messageOf } from '../../../../core/errors.ts';
import {
  type History,
  operations,
  type OperationName,
  type Outcome,
  outcomes,
  valueOf,
} from '../../../../core/history/history.ts';
import { type Machine, refused, TooManyStates } from './machine.ts';

/** An operation as a custom model sees it. What was not said is absent; `null` is "nothing there". */
export interface CustomOperation {
  readonly key: string;
  readonly session: string | number;
  readonly f: OperationName;
  readonly status: Outcome;
  readonly value?: unknown;
  readonly expect?: unknown;
  readonly delta?: number;
  readonly version?: unknown;
}

/** What an object may do, one operation after the other, as defined by a user's module. */
export interface CustomModel {
  /** The state before the first operation, or a function of the key that makes it. */
  readonly init: unknown;
  /** The state after an operation, or `undefined` if it cannot happen in this state. It must not change the state it is given. */
  readonly step: (state: unknown, operation: CustomOperation) => unknown;
  /** Whether two states are the same; if not given, states with equal contents are. */
  readonly equal?: (a: unknown, b: unknown) => unknown;
  /** In addition to `equal`: a text or a number that equal states share. Saves calling `equal` for all pairs. */
  readonly hash?: (state: unknown) => unknown;
}

/**
 * The machine of one key for a custom model.
 *
 * `step` is called once for each state and row. Plain states are frozen, so that a step that changes what it was given is reported instead
 * of believed.
 *
 * @param mostBytes for the remembered states, by their size as text
 * @throws {TooManyStates} from a step, if there are more
 * @throws {ContendError} ERR_USAGE, here or from a step, if the model's own code throws
 */
export const customMachine = (history: History, model: CustomModel, key: string, mostBytes: number): Machine => {
  const { init, step, equal, hash } = model;
  const states: unknown[] = [];
  const alike = new Map<unknown, number[]>();
  let bytes = 0;
  const numberOf = (state: unknown): number => {
    const name = equal === undefined ? contentOf(state) : (hash?.(state) ?? '');
    const numbers = alike.get(name) ?? [];
    if (numbers.length === 0) alike.set(name, numbers);
    const known = numbers.find((one) => equal === undefined || Boolean(equal(states[one], state)));
    if (known !== undefined) return known;
    bytes += bytesOfState + (typeof name === 'string' ? name.length : 0);
    if (bytes > mostBytes) throw new TooManyStates();
    numbers.push(states.length);
    return states.push(frozen(state)) - 1;
  };
  const operationsByRow = new Map<number, CustomOperation>();
  const operationOf = (row: number): CustomOperation => {
    const known = operationsByRow.get(row) ?? Object.freeze(operationAt(history, row));
    operationsByRow.set(row, known);
    return known;
  };
  const steps = new Map<number, number>();
  const initial = guarded('init', () =>
    numberOf(typeof init === 'function' ? (init as (key: string) => unknown)(key) : init),
  );
  return {
    initial,
    asksForSession: true,
    step: (state, row) => {
      const pair = state * history.length + row;
      const known = steps.get(pair);
      if (known !== undefined) return known;
      const next = guarded('step', () => {
        const after = step(states[state], operationOf(row));
        return after === undefined ? refused : numberOf(after);
      });
      // Only a cache: it must not grow with the search.
      if (steps.size >= mostSteps) steps.clear();
      steps.set(pair, next);
      return next;
    },
  };
};

const mostSteps = 500_000;
/** For a small state, including its entries in tables. */
const bytesOfState = 300;

const guarded = <T>(name: string, code: () => T): T => {
  try {
    return code();
  } catch (error) {
    if (error instanceof TooManyStates) throw error;
    throw new ContendError(
      'ERR_USAGE',
      `the custom model's ${name} threw: ${messageOf(error)}`,
      'step(state, operation) returns a new state, or undefined if the operation cannot happen; it must not change the old one.',
      error,
    );
  }
};

/**
 * The contents of a state as a key: equal keys, equal states. The same properties in another order make another state, which costs only
 * time.
 */
const contentOf = (state: unknown): unknown => {
  if (typeof state === 'string') return `"${state}`;
  return typeof state === 'object' && state !== null ? serialize(state).toString('latin1') : state;
};

const frozen = (state: unknown): unknown => {
  if (typeof state !== 'object' || state === null || ArrayBuffer.isView(state) || Object.isFrozen(state)) return state;
  Object.freeze(state);
  for (const part of Object.values(state)) frozen(part);
  return state;
};

const operationAt = (history: History, row: number): CustomOperation => {
  const { value, operand, version, f, status } = history;
  const name = operations[f[row]!]!;
  const said = (field: string, number: number): object =>
    Number.isNaN(number) ? {} : { [field]: valueOf(history, number) };
  return {
    key: history.keys[history.key[row]!] ?? '',
    session: history.session[row]!,
    f: name,
    status: outcomes[status[row]!]!,
    ...said('value', value[row]!),
    ...said(name === 'cas' ? 'expect' : 'delta', operand[row]!),
    ...said('version', version[row]!),
  };
};
