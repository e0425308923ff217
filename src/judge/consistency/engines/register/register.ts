import { chainsOf, isHead } from './chains.ts';
import type { Engine } from '../engine.ts';
import { Findings } from '../findings.ts';
import { firstEnd, lastBegin, readsOf, writerOf } from './key.ts';
import type { Register } from './key.ts';
import { certifyOrder, certifyStretches } from './why.ts';
import { doubles, words } from '../columns/scratch.ts';
import { at, firstFrom, indexes, sortedBy } from '../columns/sorted.ts';
import { noRow, timesOf } from './times.ts';
import { withWitnesses } from './witness.ts';

/**
 * A register whose values were each written once, with compare-and-swaps: phantom, aborted and stale reads, lost updates and writes, value
 * cycles. Exact (Gibbons and Korach, 1997: zones; each chain of compare-and-swaps is one zone).
 *
 * A value that several operations wrote, or that was also there at the beginning, is left out together with every row that saw it: then
 * what is found is true, but not everything is found. An unknown initial value may be any that no operation wrote.
 */
export const register: Engine = (history, rows, known) => {
  const findings = new Findings(withWitnesses(history, rows, known.final));
  const chains = chainsOf(history, rows, known, findings);
  const times = timesOf(history);
  const key: Register = { history, times, chains, reads: readsOf(history, rows, chains, times) };
  const forward = judgeChains(key, findings);
  judgeStretches(key, forward, findings);
  return findings.worstFirst();
};

/** Checks the order within each chain against the clock; gives the number of forward zones. */
const judgeChains = (key: Register, findings: Findings): number => {
  const { chains, times, reads } = key;
  let forward = 0;
  for (let head = 0; head < chains.values.count; head++) {
    if (!isHead(chains, head)) continue;
    let late = noRow;
    let isWrong = false;
    for (let value = head; value >= 0; value = chains.next[value]!) {
      const writer = writerOf(key, value);
      const reader = reads.endedFirst[value]!;
      // A row counts in one contradiction only, so that their number is the least that can be wrong.
      if (times.end(writer) < times.begin(late)) {
        certifyOrder(key, findings, [head, value], writer, late);
        isWrong = true;
        late = noRow;
      } else if (times.begin(writer) > times.begin(late)) late = writer;
      if (times.end(reader) < times.begin(late)) {
        certifyOrder(key, findings, [head, value], reader, late);
        isWrong = true;
        late = noRow;
        continue;
      }
      if (times.begin(reads.beganLast[value]!) > times.begin(late)) late = reads.beganLast[value]!;
    }
    // Zones are for chains that are in order themselves.
    if (isWrong) chains.happened[head] = 0;
    else if (firstEnd(key, head) < lastBegin(key, head)) forward++;
  }
  return forward;
};

/**
 * Chain A was there before B if an operation on A ended before one on B began. Finds chains that were each before the other: two forward
 * zones (the first end before the last begin) that overlap, or any zone within a forward one.
 */
const judgeStretches = (key: Register, forward: number, findings: Findings): void => {
  const { chains } = key;
  const heads = words(forward);
  const from = doubles(forward);
  const to = doubles(forward);
  let count = 0;
  for (let head = 0; head < chains.values.count; head++) {
    if (!isHead(chains, head)) continue;
    const [first, last] = [firstEnd(key, head), lastBegin(key, head)];
    if (!(first < last)) continue;
    heads[count] = head;
    from[count] = first;
    to[count++] = last;
  }
  const alone = disjoint(from, to, (a, b) => certifyStretches(key, findings, heads[a]!, heads[b]!));
  if (alone.length === 0) return;
  const starts = at(alone, from);
  for (let head = 0; head < chains.values.count; head++) {
    if (!isHead(chains, head)) continue;
    const [first, last] = [firstEnd(key, head), lastBegin(key, head)];
    if (first < last) continue;
    const zone = alone[firstFrom(starts, last) - 1];
    if (zone === undefined || !(first < to[zone]!)) continue;
    certifyStretches(key, findings, heads[zone]!, head);
    // This zone is in a contradiction already, so further overlaps with it do not count.
    to[zone] = -Infinity;
  }
};

/** The intervals that overlap none of the others; reports overlapping ones in pairs. Each runs from its `from` to its `to`. */
const disjoint = (from: Float64Array, to: Float64Array, report: (a: number, b: number) => void): Uint32Array => {
  const alone = sortedBy(indexes(from.length), from);
  let count = 0;
  for (const zone of alone) {
    const before = count === 0 ? -1 : alone[count - 1]!;
    if (before >= 0 && from[zone]! < to[before]!) {
      report(before, zone);
      count--;
    } else alone[count++] = zone;
  }
  return alone.subarray(0, count);
};
