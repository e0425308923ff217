import type { Evidence } from '../../../core/result/finding.ts';
import type { History } from '../../../core/history/history.ts';
import { checkCertificate } from '../check-certificate.ts';
import type { Judge } from '../choice.ts';
import type { Contradiction, Known } from '../engines/engine.ts';
import { during } from '../engines/columns/scratch.ts';
import { deed, letters, valueWord } from '../engines/words.ts';

const weakest: readonly Evidence[] = ['bounded-clocks', 'same-host', 'session', 'clock-free'];

/**
 * A contradiction that stands whatever the initial value was, built from one that does not by itself: any value it mentions may have been
 * there twice, but then another contradiction stands. Empty if nothing is known to be wrong.
 *
 * @param first that the judge found and that could not be confirmed, as the initial value is not known
 */
export const whateverWasFirst = (
  { engine, subject, history: shown }: Judge,
  history: History,
  rows: Uint32Array,
  known: Known,
  first: Contradiction,
): readonly Contradiction[] => {
  const own = shown ?? history;
  const values = new Set(first.operations.flatMap((row) => [own.value[row]!, own.operand[row]!]));
  const others: { readonly value: number; readonly found: Contradiction }[] = [];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const ifSo = { ...known, initial: value };
    const found = during(() => engine(own, rows, ifSo)).find((one) => checkCertificate(own, ifSo, subject, one));
    if (found === undefined) return [];
    others.push({ value, found });
  }
  const all = [first, ...others.map(({ found }) => found)];
  const operations = [...new Set(all.flatMap((one) => one.operations))];
  const letter = letters(operations);
  const together: Contradiction = {
    ...first,
    evidence: weakest.find((word) => all.some(({ evidence }) => evidence === word)) ?? first.evidence,
    operations,
    because: [
      ...first.because,
      ...others.map(
        ({ value, found }) =>
          `if ${valueWord(history, value)} was the initial value too, this cannot be (${found.rule}): ${found.operations.map((row) => `${letter(row)} ${deed(own, row)}`).join(', ')}`,
      ),
    ],
    atLeast: 1,
    atMost: null,
  };
  return checkCertificate(own, known, subject, together) ? [together] : [];
};
