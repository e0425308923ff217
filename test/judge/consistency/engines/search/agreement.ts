import fc from 'fast-check';
import { expect } from 'vitest';
import type { Clock } from '../../../../../src/core/clock.ts';
import {
  fail,
  type History,
  info,
  nothing,
  ok,
  operations,
  type OperationName,
} from '../../../../../src/core/history/history.ts';
import { micros } from '../../../../../src/core/units.ts';
import { customMachine } from '../../../../../src/judge/consistency/engines/search/custom.ts';
import {
  counterMachine,
  type MachineOf,
  registerMachine,
  stockMachine,
} from '../../../../../src/judge/consistency/engines/search/machine.ts';
import { search } from '../../../../../src/judge/consistency/engines/search/search.ts';
import { casRegister, counter, isLinearizable, type Model, stock } from '../../oracle.ts';

/** One operation of a small history, as it is drawn. */
export interface Line {
  readonly f: OperationName;
  readonly session: number;
  readonly call: number;
  readonly ret: number;
  readonly status: number;
  readonly value: number;
  readonly operand: number;
}

/** The history of one key that these lines are. */
export const historyOf = (lines: readonly Line[]): History => ({
  length: lines.length,
  key: new Uint32Array(lines.length),
  session: Uint32Array.from(lines, ({ session }) => session),
  f: Uint8Array.from(lines, ({ f }) => operations.indexOf(f)),
  status: Uint8Array.from(lines, ({ status }) => status),
  call: Float64Array.from(lines, ({ call }) => call),
  ret: Float64Array.from(lines, ({ ret, status }) => (status === info ? Infinity : ret)),
  value: Float64Array.from(lines, ({ value }) => value),
  operand: Float64Array.from(lines, ({ operand }) => operand),
  version: new Float64Array(lines.length).fill(NaN),
  keys: ['k'],
  names: [],
});

/** Every row of it. */
export const allRows = ({ length }: History): Uint32Array => Uint32Array.from({ length }, (_, row) => row);

const stopped: Clock = { now: () => micros(0) };
/** No limit but 64 MiB. */
export const unlimited = { clock: stopped, untilUs: 1, mostBytes: 2 ** 26 };

/** Few values, few moments: so that equal times, equal values and reads of nothing come often. */
const linesOf = (words: readonly OperationName[], values: readonly number[], operands: readonly number[]) =>
  fc.array(
    fc
      .record({
        f: fc.constantFrom(...words),
        session: fc.nat(2),
        call: fc.nat(9),
        length: fc.nat(5),
        status: fc.constantFrom(ok, ok, ok, ok, info, fail),
        value: fc.constantFrom(...values),
        operand: fc.constantFrom(...operands),
      })
      .map(({ call, length, ...line }): Line => ({
        ...line,
        call,
        ret: call + length,
        // Where there was no answer, it told nothing.
        value: line.status === info && ['add', 'take', 'restock'].includes(line.f) ? NaN : line.value,
      })),
    { minLength: 1, maxLength: 7 },
  );

interface Case {
  readonly name: string;
  readonly machine: MachineOf;
  readonly model: Model<number>;
  readonly initial: number;
  readonly isRegister: boolean;
  readonly lines: fc.Arbitrary<Line[]>;
}

/** What the search is held against trying all orders on. */
export const cases: readonly Case[] = [
  {
    name: 'a register with compare-and-swap',
    machine: registerMachine,
    model: casRegister,
    initial: nothing,
    isRegister: true,
    lines: linesOf(['read', 'write', 'cas'], [1, 2, nothing], [1, 2, nothing]),
  },
  {
    name: 'a counter of several amounts whose answers tell the value',
    machine: counterMachine,
    model: counter,
    initial: 0,
    isRegister: false,
    lines: linesOf(['read', 'add', 'add'], [0, 1, 2, 3, NaN], [1, 2, -1]),
  },
  {
    name: 'a stock',
    machine: stockMachine,
    model: stock,
    initial: 2,
    isRegister: false,
    lines: linesOf(['read', 'take', 'take', 'restock'], [0, 1, 2, NaN], [1, 2]),
  },
  {
    name: 'a custom register',
    machine: (history) =>
      customMachine(
        history,
        {
          init: { now: null },
          step: (state, { f, value, expect: expected }) => {
            const { now } = state as { readonly now: unknown };
            if (f === 'write') return { now: value };
            if (f === 'cas') return now === expected ? { now: value } : undefined;
            return now === value ? state : undefined;
          },
        },
        'k',
        2 ** 26,
      ),
    model: casRegister,
    initial: nothing,
    isRegister: false,
    lines: linesOf(['read', 'write', 'cas'], [1, 2, nothing], [1, 2, nothing]),
  },
];

/** Asserts that the search says of so many drawn histories what trying all orders says. */
export const expectAgreement = ({ machine, model, initial, lines }: Case, histories: number): void => {
  fc.assert(
    fc.property(lines, (given) => {
      const history = historyOf(given);
      const known = { initial, final: NaN };
      const rows = allRows(history);
      const found = search(history, rows, machine(history, known), unlimited);
      expect(found.outcome).toBe(isLinearizable(history, rows, known, model) ? 'legal' : 'illegal');
    }),
    { numRuns: histories },
  );
};
