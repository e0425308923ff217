import { fail, info, operations } from '../../../src/core/history/history.ts';
import type { History, OperationName } from '../../../src/core/history/history.ts';
import type { Known } from '../../../src/judge/consistency/engines/engine.ts';

/** One row, as a model sees it: what was asked and what was answered; NaN: not said. */
export interface Step {
  readonly f: OperationName;
  readonly value: number;
  readonly operand: number;
  readonly version: number;
}

/** What the data may do, one operation after the other. */
export interface Model<S> {
  readonly init: (initial: number) => S;
  /** The state after the operation; undefined: it cannot be carried out, or not with this answer. */
  readonly step: (state: S, step: Step) => S | undefined;
  readonly equal: (a: S, b: S) => boolean;
}

/** Whether operation a must come before operation b. */
export type Before = (history: History, a: number, b: number) => boolean;

const end = (history: History, row: number): number => (history.status[row] === info ? Infinity : history.ret[row]!);

/** By the one clock: a had ended when b began. */
const realTime: Before = (history, a, b) => end(history, a) < history.call[b]!;

/** By sessions alone; what an operation of unknown outcome did may come after all that its session did later. */
export const sessionOrder: Before = (history, a, b) =>
  history.session[a] === history.session[b] &&
  history.status[a] !== info &&
  (history.call[a]! < history.call[b]! || (history.call[a] === history.call[b] && a < b));

const stepOf = (history: History, row: number): Step => ({
  f: operations[history.f[row]!]!,
  value: history.value[row]!,
  operand: history.operand[row]!,
  version: history.version[row]!,
});

/**
 * Whether there is an order of the rows that the model allows and that keeps `before`: by trying them all.
 *
 * Rows that failed are left out; those of unknown outcome may be. `known.final`, unless NaN, is a read after everything.
 * Exponential: for eight rows or so.
 */
export const isLinearizable = <S>(
  history: History,
  rows: Uint32Array,
  known: Known,
  model: Model<S>,
  before: Before = realTime,
): boolean => {
  const kept = [...rows].filter((row) => history.status[row] !== fail);
  const steps = kept.map((row) => stepOf(history, row));
  const needed = kept.reduce((bits, row, i) => (history.status[row] === info ? bits : bits | (1 << i)), 0);
  // Of each row, those that must have been carried out when it is, if ever.
  const earlier = kept.map((row) =>
    kept.reduce((bits, other, i) => (before(history, other, row) ? bits | (1 << i) : bits), 0),
  );
  const seen = new Map<number, S[]>();
  const last: Step = { f: 'read', value: known.final, operand: NaN, version: NaN };
  const search = (done: number, state: S): boolean => {
    if ((done & needed) === needed && model.step(state, last) !== undefined) return true;
    const states = seen.get(done) ?? [];
    if (states.some((other) => model.equal(other, state))) return false;
    seen.set(done, [...states, state]);
    return steps.some((step, i) => {
      if ((done & (1 << i)) !== 0 || (earlier[i]! & needed & ~done) !== 0) return false;
      const next = model.step(state, step);
      return next !== undefined && search(done | (1 << i), next);
    });
  };
  return search(0, model.init(known.initial));
};

const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));
const said = (answer: number, truth: number): boolean => Number.isNaN(answer) || answer === truth;

/** Reads and writes. */
const register: Model<number> = {
  init: (initial) => initial,
  step: (state, { f, value }) => {
    if (f === 'write') return value;
    return f === 'read' && said(value, state) ? state : undefined;
  },
  equal: same,
};

/** Reads, writes, and writes on condition that the value is the `operand`; an operand that was not said is no condition. */
export const casRegister: Model<number> = {
  ...register,
  step: (state, step) => {
    if (step.f !== 'cas') return register.step(state, step);
    return said(step.operand, state) ? step.value : undefined;
  },
};

/** Adds by `operand`, whose answer may tell the new value, and reads. */
export const counter: Model<number> = {
  init: (initial) => initial,
  step: (state, { f, value, operand }) => {
    const next = f === 'add' ? state + operand : state;
    return (f === 'add' || f === 'read') && said(value, next) ? next : undefined;
  },
  equal: same,
};

/** Takes of `operand` pieces, never more than there are, restocks and reads. */
export const stock: Model<number> = {
  init: (initial) => initial,
  step: (state, { f, value, operand }) => {
    const next = f === 'take' ? state - operand : f === 'restock' ? state + operand : state;
    return next >= 0 && said(value, next) ? next : undefined;
  },
  equal: same,
};

/** A value and its version, NaN: still open, above `over`. */
export interface Versioned {
  readonly value: number;
  readonly version: number;
  readonly over: number;
}

const settle = (state: Versioned, version: number): Versioned | undefined => {
  if (Number.isNaN(version) || version === state.version) return state;
  if (!Number.isNaN(state.version) || version <= state.over) return undefined;
  return { ...state, version };
};

/**
 * A register whose every write raises the version, by whatever amount; the first version may be any. The `operand` of a
 * `cas` is a version. An answer that tells no version leaves it open until a read tells it.
 */
export const versioned: Model<Versioned> = {
  init: (initial) => ({ value: initial, version: NaN, over: -Infinity }),
  step: (state, { f, value, operand, version }) => {
    if (f === 'read') {
      const open = Number.isNaN(state.value) ? { ...state, value } : state;
      return said(value, open.value) ? settle(open, version) : undefined;
    }
    const built = f === 'cas' ? settle(state, operand) : state;
    if (built === undefined) return undefined;
    const over = Number.isNaN(built.version) ? built.over : built.version;
    return settle({ value, version: NaN, over }, version);
  },
  equal: (a, b) => same(a.value, b.value) && same(a.version, b.version) && a.over === b.over,
};
