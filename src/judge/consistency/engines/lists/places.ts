import { fail, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { isWholeRead, readOfElement } from '../../../../core/history/whole-lists.ts';
import type { Contradiction } from '../engine.ts';
import { plural } from '../phrase.ts';
import { doubles, integers, words } from '../columns/scratch.ts';
import { ValueTable } from '../columns/value-table.ts';

/** The elements of a log in order, as numbers of the history's columns; `undefined` if not known. */
export interface LogLists {
  /** Before the first operation. */
  readonly initial: Float64Array | undefined;
  /** After everything had ended, including those from before the first operation. */
  readonly final: Float64Array | undefined;
}

/** A log whose elements are checked against each other. */
export interface PlacedLog {
  readonly history: History;
  readonly rows: Uint32Array;
  readonly appends: Uint32Array;
  readonly reads: Uint32Array;
  /** The length before the first operation; NaN if not known. */
  readonly known: number;
  readonly lists: LogLists;
}

const [append, elementOf] = (['append', 'element'] as const).map((f) => operations.indexOf(f)) as [number, number];
/** Used as rows that saw an element: the final list, the initial list, and none at all. */
const [finalList, initialList, nobody] = [-1, -2, -3];

/**
 * What is wrong with the elements of a log regardless of the clock: each is at one position, each position has one, and it is one that was
 * appended.
 *
 * @param initial the length before the first operation, 0 if it is not known
 * @param places filled in: for each append, the position at which its element was seen
 */
export const judgePlaces = (log: PlacedLog, initial: number, places: Float64Array): readonly Contradiction[] => {
  const { history, rows, appends, reads, lists } = log;
  const findings = new Map<string, { rows: readonly number[]; because: string; count: number }>();
  const report = (rule: string, rows: readonly number[], because: string): void => {
    const before = findings.get(rule);
    const shown = rows.filter((row) => row >= 0);
    findings.set(
      rule,
      before === undefined ? { rows: shown, because, count: 1 } : { ...before, count: before.count + 1 },
    );
  };
  const elementsAppended = new ValueTable(appends.length);
  // For each element the append that put it there: if there are several, one that is done, otherwise the first that may be.
  const by = words(appends.length);
  // Elements whose position cannot be tied to an append: two appended them, or they were seen at two positions, or with others.
  const unsure = new Set<number>();
  for (let i = 0; i < appends.length; i += 1) {
    const element = history.value[appends[i]!]!;
    if (Number.isNaN(element)) continue;
    const count = elementsAppended.count;
    const place = elementsAppended.add(element);
    if (place === count) by[place] = i;
    else {
      const [one, other] = [appends[i]!, appends[by[place]!]!];
      if (history.status[one] !== fail && history.status[other] !== fail) unsure.add(place);
      if (isLikelier(history, one, other)) by[place] = i;
    }
  }
  const appendOf = (element: number): number | undefined => by[elementsAppended.find(element)];
  const elements = history.f.includes(elementOf)
    ? rows.filter((row) => history.f[row] === elementOf)
    : new Uint32Array();
  const seenBy = integers(appends.length).fill(nobody);
  // If the initial length is unknown, elements without a known append were there before: ahead of all that were appended.
  const firstOfOurs = Number.isNaN(log.known) ? firstPlaceOf(log, elements, appendOf) : 0;
  // Positions far beyond what can have been appended are wrong by their length; those from before tell whole lists apart.
  const isWhole = elements.length > 0 || lists.initial !== undefined || lists.final !== undefined;
  const told = toldRange(log);
  const from = isWhole ? 0 : Number.isNaN(log.known) ? (told?.from ?? initial) : initial;
  const reach = elements.reduce((most, row) => Math.max(most, history.version[row]!), told?.to ?? 0);
  const positions = Math.max(appends.length + initial, lists.final?.length ?? 0, reach) - from;
  const there = doubles(positions);
  const seenThere = integers(positions).fill(nobody);
  const seeElement = (element: number, place: number, row: number): void => {
    const append = appendOf(element);
    // Without an acknowledged append, the element may have been there before.
    const mayBeOld = place < firstOfOurs;
    if (append === undefined) {
      if (!mayBeOld) report('phantom-element', [row], 'A shows an element that nobody appended.');
      return;
    }
    const from = appends[append]!;
    if (mayBeOld && history.status[from] !== ok) return;
    if (history.status[from] === fail)
      report('aborted-element', [from, row], 'The append A was refused, and its element is there.');
    if (seenBy[append] === nobody) {
      places[append] = place;
      seenBy[append] = row;
    } else if (places[append] !== place) {
      unsure.add(elementsAppended.find(element));
      const because = `One element is at position ${places[append]} and at ${place}.`;
      report('element-twice', [seenBy[append]!, row, from], because);
    }
  };
  const see = (element: number, place: number, row: number): void => {
    if (Number.isNaN(element) || Number.isNaN(place) || (place < 1 && !isAppend(history, row))) return;
    if ((place > initial && row !== initialList) || isAppend(history, row)) seeElement(element, place, row);
    const at = place - from - 1;
    if (!(at >= 0 && at < positions) || !Number.isInteger(at)) return;
    if (seenThere[at] === nobody) {
      there[at] = element;
      seenThere[at] = row;
    } else if (there[at] !== element) {
      for (const one of place > initial ? [there[at]!, element] : []) {
        const append = elementsAppended.find(one);
        if (append >= 0 && places[by[append]!] === place) unsure.add(append);
      }
      const because = `Two different elements were seen at position ${place}.`;
      report(
        'not-a-prefix',
        [seenThere[at]!, row],
        seenThere[at] === initialList ? `${because} The list at first had another one there.` : because,
      );
    }
  };
  lists.initial?.forEach((element, i) => see(element, i + 1, initialList));
  lists.final?.forEach((element, i) => see(element, i + 1, finalList));
  for (const row of appends) if (history.status[row] === ok) see(history.value[row]!, history.version[row]!, row);
  // If a list was read whole, its elements tell the last one too, unless an earlier list did.
  for (const row of reads) if (!isWholeRead(history, row)) see(history.value[row]!, history.version[row]!, row);
  for (const row of elements) see(history.value[row]!, history.version[row]!, readOfElement(history, row));
  if (lists.final !== undefined) {
    const listed = countsOf(lists.final.subarray(initial));
    appends.forEach((row, i) => {
      if (history.status[row] !== ok || seenBy[i] === finalList) return;
      // As many appends of the element as the list has copies are not lost; the first one has been found there already.
      const left =
        (listed.get(history.value[row]!) ?? 0) - (by[elementsAppended.find(history.value[row]!)] === i ? 0 : 1);
      listed.set(history.value[row]!, Math.max(0, left));
      if (left <= 0)
        report('lost-element', [row], 'The append A was acknowledged, and its element is not in the final list.');
    });
  }
  for (const place of unsure) places[by[place]!] = NaN;
  const found = [...findings].map(([rule, { rows, because, count }]): Contradiction => ({
    rule,
    evidence: 'clock-free',
    operations: [...new Set(rows)],
    because: [because, ...(count > 1 ? [`The same holds in ${plural(count, 'case')}.`] : [])],
    atLeast: count,
    atMost: count,
  }));
  return found.toSorted((a, b) => b.atLeast - a.atLeast);
};

/** How often each element is there. */
const countsOf = (list: Float64Array): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
};

const isAppend = ({ f }: History, row: number): boolean => f[row] === append;

/** Whether one of two appends of an element is more likely to have put it there. */
const isLikelier = ({ status, call }: History, one: number, other: number): boolean => {
  const rank = (row: number): number => (status[row] === ok ? 0 : status[row] === fail ? 2 : 1);
  return rank(one) < rank(other) || (rank(one) === rank(other) && call[one]! < call[other]!);
};

/** The range of lengths that were told, starting one below the lowest, if it is small enough to go through them one by one. */
const toldRange = ({
  history,
  appends,
  reads,
}: PlacedLog): { readonly from: number; readonly to: number } | undefined => {
  const { status, version } = history;
  let [from, to] = [Infinity, 0];
  for (const some of [appends, reads])
    for (const row of some) {
      const one = version[row]!;
      if (status[row] !== ok || !(one >= 1)) continue;
      from = Math.min(from, one - 1);
      to = Math.max(to, one);
    }
  return to > 0 && to - from <= 4 * (appends.length + reads.length) + 1024 ? { from, to } : undefined;
};

/** The first position at which an element with an acknowledged append was seen; Infinity if there is none. */
const firstPlaceOf = (
  { history, appends, reads, lists }: PlacedLog,
  elements: Uint32Array,
  appendOf: (element: number) => number | undefined,
): number => {
  const { value, version, status } = history;
  let first = Infinity;
  const look = (element: number, place: number): void => {
    if (!(place < first) || Number.isNaN(element)) return;
    const append = appendOf(element);
    if (append !== undefined && status[appends[append]!] === ok) first = place;
  };
  lists.final?.forEach((element, at) => look(element, at + 1));
  for (const row of appends) if (status[row] === ok) look(value[row]!, version[row]!);
  for (const some of [reads, elements]) for (const row of some) look(value[row]!, version[row]!);
  return first;
};
