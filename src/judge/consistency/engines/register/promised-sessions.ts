import { type History, ok, operations } from '../../../../core/history/history.ts';
import { isAfterAsRecorded } from '../../../../core/history/machines.ts';
import type { Engine } from '../engine.ts';
import { Findings } from '../findings.ts';
import { doubles, picked } from '../columns/scratch.ts';
import { at, firstFrom, justAbove, sortedBy } from '../columns/sorted.ts';
import { isOrdinal, valueWord } from '../words.ts';

const readOf = operations.indexOf('read');

/**
 * Judges what a store promises to each session separately: it reads its own writes (`read-your-writes`), and nothing older than what it has
 * read before (`monotonic-reads`).
 *
 * By versions if both rows tell one and both are numbers. Otherwise a value is older than another if it had been read or written before the
 * write of the other was requested; for values that were written more than once this cannot be told.
 */
export const promisedSessions: Engine = (history, rows, { initial }) => {
  const { f, session, value, version } = history;
  const done = sortedBy(
    picked(rows, (row) => history.status[row] === ok),
    history.call,
  );
  const isOlder = olderOf(history, rows, initial);
  const findings = new Findings();
  // By session: what it wrote last, and the newest it has read; an older read does not replace that.
  const [written, seen] = [new Map<number, number>(), new Map<number, number>()];
  for (const row of done) {
    const own = session[row]!;
    if (f[row] !== readOf) {
      written.set(own, row);
      continue;
    }
    for (const [rule, before] of [
      ['read-your-writes', written.get(own)],
      ['monotonic-reads', seen.get(own)],
    ] as const) {
      if (before === undefined || !isAfterAsRecorded(history, before, row)) continue;
      const evidence = isOlder(row, before);
      if (evidence === undefined) continue;
      const told = (one: number): string =>
        Number.isNaN(version[one]!)
          ? valueWord(history, value[one]!)
          : `${valueWord(history, value[one]!)} (version ${valueWord(history, version[one]!)})`;
      findings.add(rule, evidence, true, () => ({
        operations: [before, row],
        because: [
          `Session ${own} ${rule === 'read-your-writes' ? 'wrote' : 'read'} ${told(before)} in A, and then read ${told(row)} in B, which is older.`,
        ],
      }));
    }
    const last = seen.get(own);
    if (last === undefined || isOlder(row, last) === undefined) seen.set(own, row);
  }
  return findings.worstFirst();
};

/** Whether what a row saw is surely older than what another one saw or wrote, and by what evidence. */
const olderOf = (
  { f, status, value, version, call, ret }: History,
  rows: Uint32Array,
  initial: number,
): ((row: number, than: number) => 'session' | 'same-host' | undefined) => {
  // By value: the time by which it was there, and when its write was requested; NaN if more than once.
  const [there, asked] = [new Map<number, number>(), new Map<number, number>()];
  for (const row of rows) {
    const one = value[row]!;
    if (status[row] === ok) there.set(one, Math.min(there.get(one) ?? Infinity, ret[row]!));
    if (f[row] !== readOf) asked.set(one, asked.has(one) ? NaN : call[row]!);
  }
  if (!Number.isNaN(initial)) there.set(initial, -Infinity);
  return (row, than) => {
    const [own, other] = [version[row]!, version[than]!];
    if (!Number.isNaN(own) && !Number.isNaN(other) && isOrdinal(own) && isOrdinal(other))
      return own < other ? 'session' : undefined;
    const [a, b] = [value[row]!, value[than]!];
    if (a === b || Number.isNaN(asked.get(a) ?? 0)) return undefined;
    const isBefore = there.get(a)! < (asked.get(b) ?? -Infinity);
    return isBefore ? (a === initial ? 'session' : 'same-host') : undefined;
  };
};

/**
 * The number of reads that may have seen something older: those of a session that had read or written before, with a change since then or
 * under way.
 */
export const readsAgain = (history: History, rows: Uint32Array): number => {
  const { f, status, session, call, ret } = history;
  const done = sortedBy(
    picked(rows, (row) => status[row] === ok),
    call,
  );
  const changes = picked(done, (row) => f[row] !== readOf);
  const calls = at(changes, call);
  const ends = doubles(changes.length);
  for (let n = 0; n < changes.length; n++) ends[n] = Math.max(n === 0 ? -Infinity : ends[n - 1]!, ret[changes[n]!]!);
  const before = new Map<number, number>();
  let count = 0;
  for (const row of done) {
    const own = before.get(session[row]!);
    before.set(session[row]!, row);
    if (f[row] !== readOf || own === undefined) continue;
    const begun = firstFrom(calls, justAbove(ret[row]!));
    if (begun > 0 && ends[begun - 1]! >= call[own]!) count++;
  }
  return count;
};
