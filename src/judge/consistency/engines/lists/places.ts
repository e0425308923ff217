import { fail, info, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { isWholeRead, readOfElement } from '../../../../core/history/whole-lists.ts';
import type { Contradiction } from '../engine.ts';
import { plural } from '../phrase.ts';
import { doubles, integers, words } from '../columns/scratch.ts';
import { ValueTable } from '../columns/value-table.ts';

/** The elements of a log in order, as numbers of the history's columns; undefined: not known. */
export interface LogLists {
  /** Before the first operation. */
  readonly initial: Float64Array | undefined;
  /** When everything had ended, those from before the first operation included. */
  readonly final: Float64Array | undefined;
}

/** A log, as its elements are held against each other. */
export interface PlacedLog {
  readonly history: History;
  readonly rows: Uint32Array;
  readonly appends: Uint32Array;
  readonly reads: Uint32Array;
  /** The length before the first operation; NaN: not known. */
  readonly known: number;
  readonly lists: LogLists;
}

const [append, elementOf] = (['append', 'element'] as const).map((f) => operations.indexOf(f)) as [number, number];
/** The lists at the end and at the beginning, among rows that saw an element somewhere; nobody did. */
const [finalList, initialList, nobody] = [-1, -2, -3];

/**
 * What is wrong with the elements of a log whatever the clock says: each is at one position, at each position is one, and
 * it is one that was appended.
 *
 * @param initial the length before the first operation, 0 where it is not known
 * @param places filled in: beside the appends, at which position each element was seen
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
  // Of each the append that put it there: where it was asked for twice, one that is done, else the first that may be.
  const by = words(appends.length);
  // Those of which it may as well have been another one's, of another session: without a clock nobody knows which came first.
  const unsure = new Set<number>();
  for (let i = 0; i < appends.length; i += 1) {
    const element = history.value[appends[i]!]!;
    if (Number.isNaN(element)) continue;
    const count = elementsAppended.count;
    const place = elementsAppended.add(element);
    if (place === count) by[place] = i;
    else {
      const [one, other] = [appends[i]!, appends[by[place]!]!];
      if (isLikelier(history, one, other)) by[place] = i;
      if (history.status[one] === info && history.session[one] !== history.session[other]) unsure.add(place);
    }
  }
  const appendOf = (element: number): number | undefined => by[elementsAppended.find(element)];
  const elements = history.f.includes(elementOf)
    ? rows.filter((row) => history.f[row] === elementOf)
    : new Uint32Array();
  const seenBy = integers(appends.length).fill(nobody);
  // Where nobody knows how long it was, what nobody is known to have appended was there before: in front of all that was.
  const firstOfOurs = Number.isNaN(log.known) ? firstPlaceOf(log, elements, appendOf) : 0;
  // Positions beyond what can have been appended are wrong by their length; those from before tell whole lists apart.
  const isWhole = elements.length > 0 || lists.initial !== undefined || lists.final !== undefined;
  const from = isWhole || Number.isNaN(log.known) ? 0 : initial;
  const reach = elements.length === 0 ? 0 : elements.reduce((most, row) => Math.max(most, history.version[row]!), 0);
  const positions = Math.max(appends.length + initial, lists.final?.length ?? 0, reach) - from;
  const there = doubles(positions);
  const seenThere = integers(positions).fill(nobody);
  const seeElement = (element: number, place: number, row: number): void => {
    const append = appendOf(element);
    // Whatever nobody was told that it was appended may have been there before.
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
  // Of a list that was read whole the elements tell the last one, too, unless a list before did.
  for (const row of reads) if (!isWholeRead(history, row)) see(history.value[row]!, history.version[row]!, row);
  for (const row of elements) see(history.value[row]!, history.version[row]!, readOfElement(history, row));
  if (lists.final !== undefined) {
    appends.forEach((row, i) => {
      if (history.status[row] === ok && seenBy[i] !== finalList)
        report('lost-element', [row], 'The append A was acknowledged, and its element is not in the final list.');
    });
  }
  for (const place of unsure) if (history.status[appends[by[place]!]!] === info) places[by[place]!] = NaN;
  const found = [...findings].map(([rule, { rows, because, count }]): Contradiction => ({
    rule,
    evidence: 'clock-free',
    operations: [...new Set(rows)],
    because: [because, ...(count > 1 ? [`So it is in ${plural(count, 'case')}.`] : [])],
    atLeast: count,
    atMost: count,
  }));
  return found.toSorted((a, b) => b.atLeast - a.atLeast);
};

const isAppend = ({ f }: History, row: number): boolean => f[row] === append;

/** Whether one of two appends of an element is more likely to have put it there. */
const isLikelier = ({ status, call }: History, one: number, other: number): boolean => {
  const rank = (row: number): number => (status[row] === ok ? 0 : status[row] === fail ? 2 : 1);
  return rank(one) < rank(other) || (rank(one) === rank(other) && call[one]! < call[other]!);
};

/** The first position at which an element was seen whose append is known to be done; where there is none, behind all. */
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
