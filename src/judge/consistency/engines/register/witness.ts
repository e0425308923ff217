import { info, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { isAnsweredRead } from './chains.ts';
import type { Certificate } from '../findings.ts';
import { deed, letters, valueWord } from '../words.ts';

const read = operations.indexOf('read');
const cas = operations.indexOf('cas');

/**
 * Adds to a certificate, for each operation of unknown outcome in it, one that saw what it wrote, and says so: only that proves that it
 * happened.
 */
export const withWitnesses =
  (history: History, rows: Uint32Array, final: number) =>
  (certificate: Certificate): Certificate => {
    const all = [...certificate.operations];
    const reasons: ((letter: (row: number) => string) => string)[] = [];
    const explained = new Set<number>();
    for (const row of certificate.operations)
      for (const { writer, witness } of proof(history, rows, all, final, row, new Set()) ?? []) {
        if (explained.has(writer)) continue;
        explained.add(writer);
        if (witness !== null && !all.includes(witness)) all.push(witness);
        reasons.push(
          (letter) =>
            `${letter(writer)} was never answered, but happened: ${
              witness === null
                ? `the last read found ${valueWord(history, final)}`
                : `${letter(witness)} ${deed(history, witness)}`
            }`,
        );
      }
    const letter = letters(all);
    return { operations: all, because: [...certificate.because, ...reasons.map((reason) => reason(letter))] };
  };

/** `writer` happened, because `witness` saw it; `null` if the last read did. */
interface Proof {
  readonly writer: number;
  readonly witness: number | null;
}

/** The row that saw what a row wrote, the row that saw that in turn, and so on until one was answered; `undefined` if none was. */
const proof = (
  history: History,
  rows: Uint32Array,
  near: readonly number[],
  final: number,
  writer: number,
  tried: Set<number>,
): readonly Proof[] | undefined => {
  if (history.status[writer] !== info || history.f[writer] === read) return [];
  if (tried.has(writer)) return undefined;
  tried.add(writer);
  const value = history.value[writer]!;
  if (value === final) return [{ writer, witness: null }];
  const sees = (row: number): boolean => saw(history, row, value);
  const witness = near.find(sees) ?? rows.find(sees);
  if (witness !== undefined) return [{ writer, witness }];
  for (const row of rows) {
    if (history.status[row] !== info || history.f[row] !== cas || history.operand[row] !== value) continue;
    const further = proof(history, rows, near, final, row, tried);
    if (further !== undefined) return [{ writer, witness: row }, ...further];
  }
  return undefined;
};

const saw = (history: History, row: number, value: number): boolean =>
  (isAnsweredRead(history, row) && history.value[row] === value) ||
  (history.status[row] === ok && history.f[row] === cas && history.operand[row] === value);
