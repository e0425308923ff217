import { fail, type History, nameOf, nothing, ok, operations } from '../../../../core/history/history.ts';
import { canonicalJson } from '../../../../core/exact/write.ts';
import { parseJson } from '../../../../core/exact/parse.ts';
import type { LogLists } from '../lists/places.ts';

const [addOf, removeOf, readOf] = (['add', 'remove', 'read'] as const).map((f) => operations.indexOf(f)) as [
  number,
  number,
  number,
];

/** What was done with one element, as rows, including those of unknown outcome. */
export interface Element {
  readonly adds: number[];
  readonly removes: number[];
}

/** What was seen of a set: the row that saw it, −1 for the final read, and how often each element was there, by its JSON. */
export interface Seen {
  readonly row: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** A set, by its elements as JSON. */
export interface Elements {
  readonly all: ReadonlyMap<string, Element>;
  readonly seen: readonly Seen[];
  /** What was there at first; `undefined` if unknown. */
  readonly initial: ReadonlySet<string> | undefined;
}

/** The operations on a set, element by element. */
export const elementsOf = (history: History, rows: ArrayLike<number>, { initial, final }: LogLists): Elements => {
  const { f, status, value } = history;
  const all = new Map<string, Element>();
  const of = (text: string): Element => {
    const known = all.get(text) ?? { adds: [], removes: [] };
    all.set(text, known);
    return known;
  };
  const textsOf = (list: Float64Array): readonly string[] => Array.from(list, (one) => textOf(history, one));
  // A list seen twice is parsed once.
  const lists = new Map<number, ReadonlyMap<string, number>>();
  const seen: Seen[] = [];
  for (const row of Array.from(rows)) {
    if (status[row] === fail || Number.isNaN(value[row]!)) continue;
    if (f[row] === addOf) of(textOf(history, value[row]!)).adds.push(row);
    else if (f[row] === removeOf) of(textOf(history, value[row]!)).removes.push(row);
    else if (f[row] === readOf && status[row] === ok) {
      const counts = lists.get(value[row]!) ?? countsOf(listIn(history, value[row]!));
      lists.set(value[row]!, counts);
      seen.push({ row, counts });
    }
  }
  if (final !== undefined) seen.push({ row: -1, counts: countsOf(textsOf(final)) });
  for (const one of initial ?? []) of(textOf(history, one));
  return { all, seen, initial: initial === undefined ? undefined : new Set(textsOf(initial)) };
};

const textOf = ({ names }: History, value: number): string => {
  if (value === nothing) return 'null';
  return nameOf(value) < 0 ? String(value) : (names[nameOf(value)] ?? String(value));
};

/** A whole set is one value of a history: a list in the order of its elements' JSON. */
const listIn = (history: History, value: number): readonly string[] => {
  const list = nameOf(value) < 0 ? undefined : parseJson(history.names[nameOf(value)]!);
  return Array.isArray(list) ? list.map((one) => canonicalJson(one)) : [];
};

const countsOf = (texts: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
};
