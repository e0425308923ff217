import { fail, info, operations } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';

const [read, write, cas] = (['read', 'write', 'cas'] as const).map((f) => operations.indexOf(f)) as [
  number,
  number,
  number,
];

/** With more operations than this, not all orders are tried. */
const mostOperations = 20;
const mostTried = 200_000;

/** Which orders of operations on a register are allowed, and what else is known. */
export interface OrderRules {
  /** Whether the first of two must come before the second. */
  readonly before: (a: number, b: number) => boolean;
  /** Whether the operand of a compare-and-swap is a version, and a write raises the version; otherwise the operand is a value. */
  readonly byVersion: boolean;
  /** Whether a compare-and-swap may have been built on anything, because none of these operations wrote what it was built on. */
  readonly isFree?: (row: number) => boolean;
  readonly initial: number;
  /** What a read after everything finds; NaN if it does not matter. */
  readonly final: number;
}

/** A register: its value, and its version. A write whose answer has no version leaves it open, above `over`. */
interface State {
  readonly value: number;
  readonly version: number;
  readonly over: number;
}

/** Whether some order of these few operations is allowed; `undefined` if there are too many to try. */
export const hasOrder = (history: History, rows: readonly number[], rules: OrderRules): boolean | undefined => {
  const kept = rows.filter((row) => history.status[row] !== fail && !(isUnknown(history, row) && isRead(history, row)));
  if (kept.length > mostOperations) return undefined;
  const needed = bits(kept, (row) => !isUnknown(history, row));
  const earlier = kept.map((row) => bits(kept, (other) => rules.before(other, row)));
  const seen = new Set<string>();
  let tried = 0;
  const walk = (done: number, state: State): boolean => {
    if ((done & needed) === needed && isSame(rules.final, state.value)) return true;
    const place = `${done} ${state.value} ${state.version} ${state.over}`;
    if (seen.has(place) || ++tried > mostTried) return false;
    seen.add(place);
    return kept.some((row, at) => {
      if ((done & (1 << at)) !== 0 || (earlier[at]! & needed & ~done) !== 0) return false;
      const next = after(history, row, state, rules);
      return next !== undefined && walk(done | (1 << at), next);
    });
  };
  const found = walk(0, { value: rules.initial, version: NaN, over: -Infinity });
  return !found && tried > mostTried ? undefined : found;
};

const isRead = ({ f }: History, row: number): boolean => f[row] === read;
const isUnknown = ({ status }: History, row: number): boolean => status[row] === info;
const isSame = (said: number, is: number): boolean => Number.isNaN(said) || said === is;

const bits = (rows: readonly number[], isIn: (row: number) => boolean): number =>
  rows.reduce((sum, row, at) => (isIn(row) ? sum | (1 << at) : sum), 0);

const after = (
  { f, value, operand, version }: History,
  row: number,
  state: State,
  { byVersion, isFree }: OrderRules,
): State | undefined => {
  const told = byVersion ? version[row]! : NaN;
  if (f[row] === read) return isSame(value[row]!, state.value) ? settled(state, told) : undefined;
  if (f[row] !== write && f[row] !== cas) return undefined;
  const isSwap = f[row] === cas && isFree?.(row) !== true;
  if (isSwap && !byVersion && !isSame(operand[row]!, state.value)) return undefined;
  const base = isSwap && byVersion ? settled(state, operand[row]!) : state;
  if (base === undefined) return undefined;
  const over = Number.isNaN(base.version) ? base.over : base.version;
  return settled({ value: value[row]!, version: NaN, over }, told);
};

/** The state once the version is known to be this one. */
const settled = (state: State, version: number): State | undefined => {
  if (Number.isNaN(version) || version === state.version) return state;
  return Number.isNaN(state.version) && version > state.over ? { ...state, version } : undefined;
};
