import { fail, nothing, ok, operations } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';
import type { Known } from '../engines/engine.ts';

const [read, add, take, restock, cas, append, element] = (
  ['read', 'add', 'take', 'restock', 'cas', 'append', 'element'] as const
).map((f) => operations.indexOf(f)) as [number, number, number, number, number, number, number];

/** What tells the position of an element in a log. */
const told = [append, read, element];

/** A change of a number, in the form that certificates are checked against. */
export interface Change {
  readonly row: number;
  readonly amount: number;
  readonly call: number;
  /** Infinity if its outcome is unknown. */
  readonly ret: number;
  readonly isSure: boolean;
  /** The number after it, by its own answer; NaN if not said. */
  readonly told: number;
}

/** What rows do to a number: a counter, a stock, the length of a log. */
export interface Amounts {
  readonly initial: number;
  readonly final: number;
  readonly changes: readonly Change[];
  /** +1 if all changes add, −1 if all take away, otherwise 0. */
  readonly way: number;
  /** The size of every change; NaN if sizes differ. */
  readonly step: number;
  /** What the number may not fall below: for a stock 0, or its initial value if that was less; −Infinity if there is no floor. */
  readonly floor: number;
  /** What a row saw; NaN if nothing. */
  readonly levelOf: (row: number) => number;
  /** What its own answer said or, if it said nothing, what another row saw. */
  readonly toldOf: (row: number) => number;
}

const zeroed = (value: number): number => (value === nothing ? 0 : value);

/** Reads the rows again, as those of a counter or a stock. */
export const amountsOf = (history: History, known: Known): Amounts => {
  const { f, status, value, operand } = history;
  const amount = (row: number): number => amountOf(f[row]!, operand[row]!, value[row]!);
  const level = (row: number): number => (status[row] === ok && f[row] !== cas ? zeroed(value[row]!) : NaN);
  const changes = changesOf(history, amount, level);
  const isRefused = f.some((one, row) => one === take && status[row] === fail);
  const first = changes[0]?.amount ?? (isRefused ? -1 : 1);
  const isSure = changes.every((change) => change.isSure);
  const sum = changes.reduce((total, change) => total + change.amount, 0);
  const final = zeroed(known.final);
  const read = zeroed(known.initial);
  const initial = Number.isNaN(read) && isSure ? final - sum : read;
  const step = changes.every((one) => one.amount === first) ? first : NaN;
  // A number that no changes can lead to is wrong in itself, and says nothing else.
  const isApart = ({ told }: Change): boolean =>
    ((told - initial) / step) % 1 !== 0 && Number.isFinite((told - initial) / step);
  return {
    initial,
    final,
    changes: changes.map((one) => (isApart(one) ? { ...one, told: NaN } : one)),
    way: changes.every((one) => one.amount >= 0) ? 1 : changes.every((one) => one.amount <= 0) ? -1 : 0,
    step,
    floor: f.some((one) => one === take || one === restock) ? Math.min(0, read) : -Infinity,
    levelOf: level,
    toldOf: level,
  };
};

/**
 * Reads the rows of a log again, as its length. The position at which an element was seen gives the length after its append, if the element
 * was appended once, was seen at no other position, and nothing else was seen there.
 */
export const lengthsOf = (history: History, known: Known, list: Float64Array | undefined): Amounts => {
  const { f, status, value, version } = history;
  const places = new Map<number, Set<number>>();
  const elements = new Map<number, Set<number>>();
  const enter = (map: Map<number, Set<number>>, to: number, one: number): void => {
    map.set(to, (map.get(to) ?? new Set()).add(one));
  };
  const initial = Math.max(0, known.initial || 0);
  const see = (element: number, place: number, isOwn: boolean): void => {
    // What was there before may look like what was appended.
    if (place > initial || isOwn) enter(places, element, place);
    if (place > initial) enter(elements, place, element);
  };
  list?.forEach((one, at) => see(one, at + 1, false));
  const appends = new Map<number, number>();
  for (let row = 0; row < history.length; row++) {
    const [one, at] = [value[row]!, version[row]!];
    if (f[row] === append && status[row] !== fail) appends.set(one, (appends.get(one) ?? 0) + 1);
    if (status[row] !== ok || Number.isNaN(one) || Number.isNaN(at) || !told.includes(f[row]!)) continue;
    if (at < 1 && f[row] !== append) continue;
    see(one, at, f[row] === append);
  }
  const placeOf = (element: number): number => {
    const [place = NaN, ...others] = places.get(element) ?? [];
    return others.length === 0 && (elements.get(place)?.size ?? 1) === 1 && appends.get(element) === 1 ? place : NaN;
  };
  return {
    initial,
    final: list?.length ?? known.final,
    changes: changesOf(
      history,
      () => 1,
      (row) => placeOf(value[row]!),
    ),
    way: 1,
    step: 1,
    floor: -Infinity,
    levelOf: (row) => (f[row] !== read ? placeOf(value[row]!) : status[row] === ok ? version[row]! : NaN),
    toldOf: (row) => (status[row] === ok && !Number.isNaN(version[row]!) ? version[row]! : placeOf(value[row]!)),
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
  if (changes.some(({ amount }) => amount !== changes[0]!.amount)) return changes;
  // If two changes of one size were told the same number, it is unknown which of them is right.
  const times = new Map<number, number>();
  for (const one of changes) times.set(one.told, (times.get(one.told) ?? 0) + 1);
  return changes.map((one) => (times.get(one.told)! > 1 ? { ...one, told: NaN } : one));
};

const amountOf = (f: number, operand: number, value: number): number => {
  const amount = Number.isNaN(operand) ? 1 : operand;
  if (f === add || f === restock) return amount;
  if (f === take) return -amount;
  return f === cas ? zeroed(value) - zeroed(operand) : NaN;
};
