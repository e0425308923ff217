import { operations } from '../../../core/history/history.ts';
import { checkCertificate } from '../check-certificate.ts';
import type { Choice, Choose } from '../choice.ts';
import { during } from '../engines/columns/scratch.ts';
import { unfitValues } from './whole-numbers.ts';

/** The column that a model counts in, and the operations that tell it. */
interface Counted {
  readonly column: 'value' | 'version';
  readonly toldBy: readonly (typeof operations)[number][];
}

/**
 * A choice for models that count whole numbers. If an answer gave something else, the rest may still prove that something is wrong;
 * otherwise nothing is known. But null may stand for 0 if that explains everything.
 */
export const ofWholeNumbers =
  ({ column, toldBy }: Counted, choose: Choose): Choose =>
  (history, rows, known, terms) => {
    const telling = toldBy.map((f) => operations.indexOf(f));
    const unfit = unfitValues(history, rows, column, (f) => telling.includes(f));
    const choice = choose(history, rows, known, terms);
    if (unfit === undefined || choice.impossible !== undefined) return choice;
    const { search: _, ...rest } = choice;
    const findsNothing = ({ judges }: Choice): boolean =>
      judges.every(({ engine, subject, history: shown = history }) =>
        during(() => engine(shown, rows, known)).every((one) => !checkCertificate(shown, known, subject, one)),
      );
    if (unfit.areNothing && findsNothing(choice)) return rest;
    const { judges } = choose(unfit.rest, rows, known, terms);
    return { judges: judges.map((judge) => ({ history: unfit.rest, ...judge })), doubt: unfit.because };
  };
