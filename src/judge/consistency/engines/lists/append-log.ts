import { fail, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Contradiction, Engine } from '../engine.ts';
import { plural } from '../phrase.ts';
import { doubles, during, integers, picked, words } from '../columns/scratch.ts';
import { toContradictions } from '../steps/contradictions.ts';
import { judgeUnitSteps } from '../steps/schedule.ts';
import { ValueTable } from '../columns/value-table.ts';

const [appendOf, readOf] = [operations.indexOf('append'), operations.indexOf('read')];

/**
 * Judges a log of unique elements. The `version` of an append is the length after it, that of a read the length it saw, and
 * the `value` of a read the last element; `known` has the lengths before and after. Exact where the final list is given.
 *
 * Rules: `lost-element`, `aborted-element` (its append was refused), `element-twice`, `phantom-element` (nobody appended
 * it), `not-a-prefix` (two saw different elements at one position); and for lengths those of the counter.
 *
 * @param list the elements at the end, in order, those from before the run included; undefined: not known
 */
export const appendLog =
  (list: Float64Array | undefined): Engine =>
  (history, rows, known) => {
    const appends = picked(rows, (row) => history.f[row] === appendOf);
    const reads = picked(
      rows,
      (row) => history.f[row] === readOf && history.status[row] === ok && !Number.isNaN(history.version[row]!),
    );
    const initial = Number.isNaN(known.initial) ? 0 : Math.max(0, known.initial);
    // Where the element of each append is, NaN: not known; then the same of those alone that were not refused.
    const places = doubles(appends.length).fill(NaN);
    const found = during(() => judgePlaces(history, appends, reads, initial, list, places));
    const steps = picked(appends, (row) => history.status[row] !== fail);
    const counts = doubles(reads.length);
    for (let i = 0, step = 0; i < appends.length; i += 1)
      if (history.status[appends[i]!] !== fail) places[step++] = places[i]! - initial;
    const told = places.subarray(0, steps.length);
    for (let i = 0; i < reads.length; i += 1) counts[i] = history.version[reads[i]!]! - initial;
    const final = list === undefined ? known.final : list.length;
    const verdict = judgeUnitSteps(history, {
      steps,
      told,
      readings: reads,
      counts,
      final: final - initial,
      cap: Infinity,
      isRelative: Number.isNaN(known.initial),
    });
    const words = {
      levelOf: (count: number) => initial + count,
      steps,
      refusals: new Set<number>(),
      strange: [],
      step: 1,
    };
    return [...found, ...toContradictions(history, verdict, words)];
  };

/** The final list, among rows that saw an element somewhere; nobody did. */
const [finalList, nobody] = [-1, -2];

/** Fills in where each element was seen, and gives what is wrong with that whatever the clock says. */
const judgePlaces = (
  history: History,
  appends: Uint32Array,
  reads: Uint32Array,
  initial: number,
  list: Float64Array | undefined,
  places: Float64Array,
): readonly Contradiction[] => {
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
  // Of each the last append of it.
  const by = words(appends.length);
  for (let i = 0; i < appends.length; i += 1) {
    const element = history.value[appends[i]!]!;
    if (!Number.isNaN(element)) by[elementsAppended.add(element)] = i;
  }
  const seenBy = integers(appends.length).fill(nobody);
  // Positions beyond what can have been appended are wrong by their length.
  const positions = Math.max(appends.length, (list?.length ?? 0) - initial);
  const elements = doubles(positions);
  const seenThere = integers(positions).fill(nobody);
  const see = (element: number, place: number, row: number): void => {
    if (Number.isNaN(element) || !(place > initial)) return;
    const append = by[elementsAppended.find(element)];
    if (append === undefined) report('phantom-element', [row], 'A shows an element that nobody appended.');
    else {
      const from = appends[append]!;
      if (history.status[from] === fail)
        report('aborted-element', [from, row], 'The append A was refused, and its element is there.');
      if (seenBy[append] === nobody) {
        places[append] = place;
        seenBy[append] = row;
      } else if (places[append] !== place) {
        const because = `One element is at position ${places[append]} and at ${place}.`;
        report('element-twice', [seenBy[append]!, row, from], because);
      }
    }
    const at = place - initial - 1;
    if (!(at < positions) || !Number.isInteger(at)) return;
    if (seenThere[at] === nobody) {
      elements[at] = element;
      seenThere[at] = row;
    } else if (elements[at] !== element)
      report('not-a-prefix', [seenThere[at]!, row], `Two different elements were seen at position ${place}.`);
  };
  list?.forEach((element, i) => see(element, i + 1, finalList));
  for (const row of appends) if (history.status[row] === ok) see(history.value[row]!, history.version[row]!, row);
  for (const row of reads) see(history.value[row]!, history.version[row]!, row);
  if (list !== undefined) {
    appends.forEach((row, i) => {
      if (history.status[row] === ok && seenBy[i] !== finalList)
        report('lost-element', [row], 'The append A was acknowledged, and its element is not in the final list.');
    });
  }
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
