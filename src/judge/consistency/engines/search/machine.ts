import { type History, info, ok, operations } from '../../../../core/history/history.ts';
import type { Known } from '../engine.ts';
import { numberOf } from '../amounts/ledger.ts';

/** Returned for an operation that is not legal in a state. */
export const refused = -1;

/** What an object may do, one operation after the other: its states are numbers from 0 on. */
export interface Machine {
  readonly initial: number;
  /**
   * The state after the operation in a row of the history, or {@link refused}. Always the same for the same state and row.
   *
   * @cost runs for every step of a search
   */
  readonly step: (state: number, row: number) => number;
  /** Whether an operation leaves every state in which it is legal as it is, apart from an unknown one. */
  readonly onlyLooks?: (row: number) => boolean;
  /** Whether it matters which session asked; false unless given: two operations with the same contents are then alike. */
  readonly asksForSession?: boolean;
}

/** An object has more states than can be remembered: the search gives up. */
export class TooManyStates extends Error {
  override readonly name = 'TooManyStates';
}

/** For numbers: a Map holds at most four times as many. */
const mostStates = 2 ** 22;

/** Makes the machine of one key. */
export type MachineOf = (history: History, known: Known) => Machine;

const [read, write, cas, take] = (['read', 'write', 'cas', 'take'] as const).map((f) => operations.indexOf(f)) as [
  number,
  number,
  number,
  number,
];

/** States that are values: each value has one number, in the order in which they come. NaN stands for an unknown value. */
const statesOf = (initial: number): { readonly values: number[]; readonly of: (value: number) => number } => {
  const values: number[] = [initial];
  const numbers = new Map([[initial, 0]]);
  const of = (value: number): number => {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    if (values.length >= mostStates) throw new TooManyStates();
    numbers.set(value, values.length);
    return values.push(value) - 1;
  };
  return { values, of };
};

/** A register: `read`, `write` and `cas`, which is done only if the value is the one it was built on, if it says so. */
export const registerMachine: MachineOf = ({ f, value, operand }, { initial }) => {
  const { values, of } = statesOf(initial);
  const step = (state: number, row: number): number => {
    const [now, said] = [values[state]!, value[row]!];
    if (f[row] === write) return of(said);
    if (f[row] === cas)
      return Number.isNaN(now) || Number.isNaN(operand[row]!) || now === operand[row] ? of(said) : refused;
    if (Number.isNaN(said) || said === now) return state;
    return Number.isNaN(now) ? of(said) : refused;
  };
  return { initial: 0, step, onlyLooks: (row) => f[row] === read };
};

/** The same, but a refused `cas` is visible too ({@link withRefusals}): something else was there. */
export const refusingRegisterMachine: MachineOf = (history, { initial }) => {
  const { f, value, operand, version } = history;
  const { values, of } = statesOf(initial);
  const isRefusal = (row: number): boolean => f[row] === cas && version[row] === wasRefused;
  const step = (state: number, row: number): number => {
    const [now, said] = [values[state]!, value[row]!];
    if (isRefusal(row)) return now === operand[row] ? refused : state;
    if (f[row] === write) return of(said);
    if (f[row] === cas)
      return Number.isNaN(now) || Number.isNaN(operand[row]!) || now === operand[row] ? of(said) : refused;
    if (Number.isNaN(said) || said === now) return state;
    return Number.isNaN(now) ? of(said) : refused;
  };
  return { initial: 0, step, onlyLooks: (row) => f[row] === read || isRefusal(row) };
};

/**
 * A number that is changed by amounts: `add`, `take` and `restock` (1 if none is given), replaced by a `cas` if it is what that was built
 * on, and read. An answer that tells the new value is checked against it.
 *
 * @param isStock nothing is taken that is not there
 */
const amountMachine =
  (isStock: boolean): MachineOf =>
  ({ f, status, value, operand, version }, { initial }) => {
    const { values, of } = statesOf(numberOf(initial));
    const isRefusal = (row: number): boolean => f[row] === take && version[row] === wasRefused;
    const step = (state: number, row: number): number => {
      // A missing answer told nothing.
      const [now, said] = [values[state]!, status[row] === info ? NaN : numberOf(value[row]!)];
      const amount = Number.isNaN(operand[row]!) ? 1 : operand[row]!;
      if (isStock && isRefusal(row)) return now < amount ? state : refused;
      if (f[row] === cas) return now === numberOf(amount) ? of(numberOf(value[row]!)) : refused;
      const next = f[row] === read ? now : f[row] === take ? now - amount : now + amount;
      if (isStock && f[row] === take && next < 0) return refused;
      if (Number.isNaN(said)) return of(next);
      return Number.isNaN(next) || next === said ? of(said) : refused;
    };
    return { initial: 0, step, onlyLooks: (row) => f[row] === read || (isStock && isRefusal(row)) };
  };

/** A counter: `add`, `cas` and `read`. */
export const counterMachine: MachineOf = amountMachine(false);

/** A stock that never falls below 0: `take`, `restock` and `read`, and refusals if they are shown ({@link withRefusals}). */
export const stockMachine: MachineOf = amountMachine(true);

/** In the column of versions, which is unused for a stock and for a register told apart by values: the operation was refused. */
const wasRefused = 1;

/**
 * The history with refused operations as ones that saw why, instead of operations without effect: for a stock, that too few were left; for
 * a register, that something else was there.
 */
export const withRefusals = (history: History, refusals: Uint32Array): History => {
  const [status, version] = [history.status.slice(), new Float64Array(history.length).fill(NaN)];
  for (const row of refusals) [status[row], version[row]] = [ok, wasRefused];
  return { ...history, status, version };
};
