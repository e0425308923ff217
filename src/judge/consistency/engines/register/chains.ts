import { fail, info, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Known } from '../engine.ts';
import type { Findings } from '../findings.ts';
import { bytes, integers } from '../columns/scratch.ts';
import { judgeStrangers, type Stranger } from './strangers.ts';
import { ValueTable } from '../columns/value-table.ts';
import { deed, letters, valueWord } from '../words.ts';

const [read, write, cas] = (['read', 'write', 'cas'] as const).map((name) => operations.indexOf(name)) as [
  number,
  number,
  number,
];

/** In `writer`: the value was there at the beginning. */
export const initialWriter = -1;
/** In `writer`: more than one operation wrote the value, so a read of it proves nothing. */
export const manyWriters = -2;

/**
 * The values of one key, each with the operation that wrote it, in chains: each value is followed by the one that a compare-and-swap put in
 * its place. The values of a chain were there in that order, with none of another chain in between.
 */
export interface Chains {
  readonly values: ValueTable;
  /** For each value the row that wrote it, {@link initialWriter} or {@link manyWriters}. */
  readonly writer: Int32Array;
  /** For each value, 1 if it was certainly there: its write was acknowledged, or it was seen. */
  readonly happened: Uint8Array;
  /** For each value the one that replaced it; below 0 if it is none of those here. */
  readonly next: Int32Array;
  /** For each value, 1 if it replaced another one. */
  readonly follows: Uint8Array;
  /** The value of the last read; −1 if unknown, or not among these. */
  readonly final: number;
}

/** Whether a row is a write or a compare-and-swap that may have happened and tells its value. */
export const mayWrite = ({ f, status, value }: History, row: number): boolean =>
  (f[row] === write || f[row] === cas) && status[row] !== fail && !Number.isNaN(value[row]!);

/** Whether a row is a read that was answered. */
export const isAnsweredRead = ({ f, status, value }: History, row: number): boolean =>
  f[row] === read && status[row] === ok && !Number.isNaN(value[row]!);

/** Whether a value is the first of its chain. */
export const isHead = ({ happened, follows, writer }: Chains, value: number): boolean =>
  happened[value] === 1 && follows[value] === 0 && writer[value] !== manyWriters;

/**
 * Puts the values of one key into chains and reports what is wrong without any clock: a value that no operation wrote, or only a failed
 * one; two compare-and-swaps of one value; a circle. What is wrong is then left out of the chains.
 */
export const chainsOf = (history: History, rows: Uint32Array, known: Known, findings: Findings): Chains => {
  let writes = 0;
  for (const row of rows) if (mayWrite(history, row)) writes++;
  const values = new ValueTable(writes + 2);
  const writer = integers(writes + 2);
  const happened = bytes(writes + 2);
  if (!Number.isNaN(known.initial)) {
    writer[values.add(known.initial)] = initialWriter;
    happened[0] = 1;
  }
  for (const row of rows) {
    if (!mayWrite(history, row)) continue;
    const count = values.count;
    const value = values.add(history.value[row]!);
    writer[value] = value === count ? row : manyWriters;
    if (history.status[row] === ok) happened[value] = 1;
  }
  const strangers = observe(history, rows, known, values, writer, happened);
  const initial = judgeStrangers(history, rows, known, strangers, findings);
  if (!Number.isNaN(initial)) {
    const value = values.add(initial);
    writer[value] = initialWriter;
    happened[value] = 1;
  }
  const chains: Chains = {
    values,
    writer,
    happened,
    next: integers(writes + 2).fill(-1),
    follows: bytes(writes + 2),
    final: Number.isNaN(known.final) ? -1 : values.find(known.final),
  };
  if (link(history, rows, chains, findings)) cutCircles(history, chains, findings);
  return chains;
};

/** Marks the values that were seen, and everything they presuppose, as happened; gives those seen that are not among the values. */
const observe = (
  history: History,
  rows: Uint32Array,
  known: Known,
  values: ValueTable,
  writer: Int32Array,
  happened: Uint8Array,
): readonly Stranger[] => {
  const strangers: Stranger[] = [];
  // A compare-and-swap of unknown outcome that happened saw its operand, and so on back to the first that is certain.
  const see = (row: number | null, seen: number): void => {
    for (let from = row, value = seen; !Number.isNaN(value);) {
      const number = values.find(value);
      if (number < 0) {
        strangers.push({ row: from, value });
        return;
      }
      if (happened[number] === 1) return;
      happened[number] = 1;
      from = writer[number]!;
      if (from < 0 || history.f[from] !== cas) return;
      value = history.operand[from]!;
    }
  };
  for (const row of rows) {
    if (isAnsweredRead(history, row)) see(row, history.value[row]!);
    else if (history.f[row] === cas && history.status[row] === ok) see(row, history.operand[row]!);
  }
  see(null, known.final);
  return strangers;
};

/** Links each value to the one that replaced it; gives whether there was any. */
const link = (history: History, rows: Uint32Array, chains: Chains, findings: Findings): boolean => {
  const { values, writer, happened, next, follows } = chains;
  let any = false;
  for (const row of rows) {
    if (history.f[row] !== cas || !mayWrite(history, row) || Number.isNaN(history.operand[row]!)) continue;
    const value = values.find(history.value[row]!);
    const isWriter = writer[value] === row;
    if (history.status[row] === info && !(isWriter && happened[value] === 1)) continue;
    const old = values.find(history.operand[row]!);
    if (old < 0 || writer[old] === manyWriters) continue;
    if (next[old] !== -1) {
      const first = next[old]! < -1 ? -next[old]! - 2 : writer[next[old]!]!;
      findings.add('lost-update', 'clock-free', true, () => lostUpdate(history, writer[old]!, first, row));
      continue;
    }
    any = true;
    // Taken, but by a row whose value says nothing.
    next[old] = isWriter ? value : -row - 2;
    if (isWriter) follows[value] = 1;
  }
  return any;
};

const lostUpdate = (history: History, origin: number, first: number, second: number) => {
  const rows = origin >= 0 ? [origin, first, second] : [first, second];
  const letter = letters(rows);
  const value = valueWord(history, history.operand[first]!);
  return {
    operations: rows,
    because: [
      origin >= 0
        ? `${letter(origin)} ${deed(history, origin)}, and no other operation did`
        : `${value} was the initial value`,
      `${letter(first)} ${deed(history, first)}`,
      `${letter(second)} ${deed(history, second)}: both were built on ${value}, which was there once, and both were done; one of them is gone`,
    ],
  };
};

/** Values that follow each other in a circle belong to no chain: reports the circle and opens it. */
const cutCircles = (history: History, chains: Chains, findings: Findings): void => {
  const { values, writer, happened, next, follows } = chains;
  const visited = bytes(values.count);
  const visit = (head: number): void => {
    for (let value = head; value >= 0; value = next[value]!) visited[value] = 1;
  };
  for (let value = 0; value < values.count; value++) if (isHead(chains, value)) visit(value);
  for (let head = 0; head < values.count; head++) {
    if (visited[head] === 1 || happened[head] === 0 || writer[head] === manyWriters) continue;
    const circle = [head];
    for (let value = next[head]!; value !== head; value = next[value]!) circle.push(value);
    next[circle.at(-1)!] = -1;
    follows[head] = 0;
    visit(head);
    findings.add('value-cycle', 'clock-free', true, () => {
      const rows = circle.map((value) => writer[value]!);
      const letter = letters(rows);
      return {
        operations: rows,
        because: [
          ...rows.map((row) => `${letter(row)} ${deed(history, row)}, and no other operation wrote that`),
          'each had to come before the next one, and the last before the first',
        ],
      };
    });
  }
};
