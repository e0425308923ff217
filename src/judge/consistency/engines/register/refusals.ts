import { fail, type History, ok, operations } from '../../../../core/history/history.ts';
import type { Engine, Known } from '../engine.ts';
import { Findings } from '../findings.ts';
import { picked } from '../columns/scratch.ts';
import { valueWord } from '../words.ts';

const [casOf, readOf] = (['cas', 'read'] as const).map((f) => operations.indexOf(f)) as [number, number];

/** What tells states apart: values or versions. */
export type By = 'value' | 'version';

/** The compare-and-swaps that were refused and say what they were built on. */
export const refusedSwaps = ({ f, status, operand }: History, rows: Uint32Array): Uint32Array =>
  picked(rows, (row) => f[row] === casOf && status[row] === fail && !Number.isNaN(operand[row]!));

/**
 * Judges compare-and-swaps that were refused although what they were built on was there all along: from when it had surely been seen or
 * written, to when it was last seen or until anything might have replaced it. For values that were written more than once this cannot be
 * told.
 *
 * Rule: `refused-without-reason`.
 */
export const unjustified =
  (by: By): Engine =>
  (history, rows, known) => {
    const spans = spansOf(history, rows, known, by);
    const findings = new Findings();
    for (const row of refusedSwaps(history, rows)) {
      const span = spans(history.operand[row]!);
      if (span === undefined || history.call[row]! <= span.from || history.ret[row]! >= span.until) continue;
      const what = `${by} ${valueWord(history, history.operand[row]!)}`;
      findings.add('refused-without-reason', 'same-host', true, () => ({
        operations: [...span.rows.slice(0, 1), row, ...span.rows.slice(1)],
        because: [
          `${span.rows.length > 0 ? 'B' : 'A'} was built on ${what} and refused, and that was there from before it was asked until after it was answered.`,
        ],
      }));
    }
    return findings.worstFirst();
  };

interface Span {
  readonly from: number;
  readonly until: number;
  /** The rows that prove it. */
  readonly rows: readonly number[];
}

/** When a value was surely there without a break; `undefined` if that cannot be told. */
const spansOf = (
  history: History,
  rows: Uint32Array,
  { initial }: Known,
  by: By,
): ((value: number) => Span | undefined) => {
  const { f, status, operand, call, ret } = history;
  const told = history[by];
  const changes = rows.filter((row) => f[row] !== readOf && status[row] !== fail);
  const isUntold = changes.some((row) => Number.isNaN(told[row]!));
  return (value) => {
    const writers = changes.filter((row) => told[row] === value);
    const isFirst = by === 'value' && value === initial;
    if (writers.length + Number(isFirst) !== 1 || (by === 'version' && isUntold && writers.length === 0))
      return undefined;
    const [writer] = writers;
    // If the initial value is unknown, this value may have been there then too: only what came after its write counts.
    const isOpen = by === 'value' && Number.isNaN(initial);
    // The rows that saw it, wrote it or built on it.
    const seers = rows.filter(
      (row) =>
        status[row] === ok &&
        (told[row] === value || (f[row] === casOf && operand[row] === value)) &&
        (!isOpen || row === writer || call[row]! >= ret[writer!]!),
    );
    const asked = writer === undefined ? -Infinity : call[writer]!;
    const from = isFirst ? -Infinity : Math.min(Infinity, ...Array.from(seers, (row) => ret[row]!));
    const seenLast = Math.max(-Infinity, ...Array.from(seers, (row) => call[row]!));
    // A change that surely came before it did not replace it.
    const others = changes.filter((row) => row !== writer && (status[row] !== ok || ret[row]! >= asked));
    const replaced = Math.min(Infinity, ...Array.from(others, (row) => call[row]!));
    const until = Math.max(seenLast, replaced);
    const first = seers.find((row) => ret[row] === from);
    const last =
      seenLast >= replaced ? seers.find((row) => call[row] === seenLast) : others.find((row) => call[row] === replaced);
    return {
      from,
      until,
      rows: [...(first === undefined ? [] : [first]), ...(last === undefined || last === first ? [] : [last])],
    };
  };
};
