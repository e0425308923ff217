import { fail, nothing, ok, operations } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';
import type { Known } from '../engines/engine.ts';

const [read, add, take, restock, cas, append, element] = (
  ['read', 'add', 'take', 'restock', 'cas', 'append', 'element'] as const
).map((f) => operations.indexOf(f)) as [number, number, number, number, number, number, number];

/** A change of a number, as a certificate is held against it. */
export interface Change {
  readonly row: number;
  readonly amount: number;
  readonly call: number;
  /** Infinity where nobody knows whether it was done. */
  readonly ret: number;
  readonly isSure: boolean;
  /** What it was afterwards, by its answer; NaN: not said. */
  readonly told: number;
}

/** What rows do to a number: a counter, a stock, the length of a log. */
export interface Amounts {
  readonly initial: number;
  readonly final: number;
  readonly changes: readonly Change[];
  /** +1: all changes add; −1: all take away; 0: neither. */
  readonly way: number;
  /** What every change amounts to; NaN: they are of several sizes. */
  readonly step: number;
  /** Below what the number may not fall: of a stock 0, or what it was at first where that was less; −Infinity: nothing. */
  readonly floor: number;
  /** What a row saw; NaN: nothing. */
  readonly levelOf: (row: number) => number;
}

const zeroed = (value: number): number => (value === nothing ? 0 : value);

/** Reads the rows anew, of a counter or a stock. */
export const amountsOf = (history: History, known: Known): Amounts => {
  const { f, status, value, operand } = history;
  const amount = (row: number): number => amountOf(f[row]!, operand[row]!, value[row]!);
  const level = (row: number): number => (status[row] === ok && f[row] !== cas ? zeroed(value[row]!) : NaN);
  const changes = changesOf(history, amount, level);
  const isRefused = f.some((one, row) => one === take && status[row] === fail);
  const first = changes[0]?.amount ?? (isRefused ? -1 : 1);
  const isSure = changes.every((change) => change.isSure);
  const sum = changes.reduce((total, change) => total + change.amount, 0);
  const [initial, final] = [zeroed(known.initial), zeroed(known.final)];
  return {
    initial: Number.isNaN(initial) && isSure ? final - sum : initial,
    final,
    changes,
    way: changes.every((one) => one.amount >= 0) ? 1 : changes.every((one) => one.amount <= 0) ? -1 : 0,
    step: changes.every((one) => one.amount === first) ? first : NaN,
    floor: f.some((one) => one === take || one === restock) ? Math.min(0, initial) : -Infinity,
    levelOf: level,
  };
};

/** Reads the rows of a log anew: its length. Where an element was seen tells the length after its append. */
export const lengthsOf = (history: History, known: Known, list: Float64Array | undefined): Amounts => {
  const { f, status, value, version } = history;
  const places = new Map<number, number>();
  const see = (element: number, place: number): void => {
    if (!Number.isNaN(element) && !Number.isNaN(place) && !places.has(element)) places.set(element, place);
  };
  list?.forEach((element, at) => see(element, at + 1));
  for (const kind of [append, read, element])
    for (let row = 0; row < history.length; row++)
      if (f[row] === kind && status[row] === ok) see(value[row]!, version[row]!);
  const level = (row: number): number => {
    if (f[row] === read) return status[row] === ok ? version[row]! : NaN;
    return places.get(value[row]!) ?? NaN;
  };
  return {
    initial: Math.max(0, known.initial || 0),
    final: list?.length ?? known.final,
    changes: changesOf(history, () => 1, level),
    way: 1,
    step: 1,
    floor: -Infinity,
    levelOf: level,
  };
};

const changesOf = (
  { length, f, status, call, ret }: History,
  amountIn: (row: number) => number,
  levelOf: (row: number) => number,
): readonly Change[] => {
  const changes: Change[] = [];
  for (let row = 0; row < length; row++) {
    if (f[row] === read || f[row] === element || status[row] === fail) continue;
    const amount = amountIn(row);
    const isSure = status[row] === ok;
    if (!Number.isNaN(amount))
      changes.push({ row, amount, call: call[row]!, ret: isSure ? ret[row]! : Infinity, isSure, told: levelOf(row) });
  }
  return changes;
};

const amountOf = (f: number, operand: number, value: number): number => {
  const amount = Number.isNaN(operand) ? 1 : operand;
  if (f === add || f === restock) return amount;
  if (f === take) return -amount;
  return f === cas ? zeroed(value) - zeroed(operand) : NaN;
};
