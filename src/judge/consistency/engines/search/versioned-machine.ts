import { ok, operations } from '../../../../core/history/history.ts';
import { type MachineOf, refused, TooManyStates } from './machine.ts';

const [read, cas] = (['read', 'cas'] as const).map((f) => operations.indexOf(f)) as [number, number];

/** The most states: each is kept in a Map by its contents. */
const mostStates = 2 ** 20;

/** `value` is NaN if unknown. `version` is NaN if no answer has told it yet; then it is above `over`. */
interface State {
  readonly value: number;
  readonly version: number;
  readonly over: number;
}

/**
 * A register whose compare-and-swaps are built on versions, numbers that rise with every write, of which some were not told: a write makes
 * one above the previous version, and the first answer that tells it settles it.
 */
export const versionedMachine: MachineOf = (history, { initial }) => {
  const { f, status, value, operand, version } = history;
  const states: State[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (state: State): number => {
    const name = `${state.value} ${state.version} ${state.over}`;
    const known = numbers.get(name);
    if (known !== undefined) return known;
    if (states.length >= mostStates) throw new TooManyStates();
    numbers.set(name, states.length);
    return states.push(state) - 1;
  };
  const settled = (state: State, told: number): State | undefined => {
    if (Number.isNaN(told) || told === state.version) return state;
    if (!Number.isNaN(state.version) || told <= state.over) return undefined;
    return { value: state.value, version: told, over: NaN };
  };
  const after = (state: State, row: number): State | undefined => {
    const told = status[row] === ok ? version[row]! : NaN;
    const said = value[row]!;
    if (f[row] === read) {
      if (Number.isNaN(said) || said === state.value) return settled(state, told);
      return Number.isNaN(state.value) ? settled({ ...state, value: said }, told) : undefined;
    }
    const base = f[row] === cas ? settled(state, operand[row]!) : state;
    if (base === undefined) return undefined;
    return settled({ value: said, version: NaN, over: Number.isNaN(base.version) ? base.over : base.version }, told);
  };
  return {
    initial: numberOf({ value: initial, version: NaN, over: -Infinity }),
    step: (state, row) => {
      const next = after(states[state]!, row);
      return next === undefined ? refused : numberOf(next);
    },
    onlyLooks: (row) => f[row] === read,
  };
};
