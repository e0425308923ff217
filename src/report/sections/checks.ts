import type { ModelCheck, ModeResult, Result } from '../../core/result/result.ts';
import { rareShare } from './cells.ts';
import { right, type TextColumn } from './columns.ts';
import { count, nothing } from '../format.ts';

/** What one model says of a mode; `isFirst`: the first of them, beside which stands what is said of the mode as a whole. */
export interface CheckLine {
  readonly mode: ModeResult;
  readonly check: ModelCheck;
  readonly isFirst: boolean;
}

/** What every model says of every mode. */
export const checksIn = ({ modes }: Result): readonly CheckLine[] =>
  modes.flatMap((mode) => (mode.consistency?.checks ?? []).map((check, at) => ({ mode, check, isFirst: at === 0 })));

/** The verdict in words, and whether it may be so. */
export const verdictOf = ({ mode, check }: CheckLine): string => {
  const word = check.verdict.replaceAll('-', ' ');
  return check.verdict === 'violated' && mode.violations === 'allowed' ? `${word} (allowed)` : word;
};

/** How much was judged, how often two met, and what no violation in so many meetings leaves open. */
export const checkColumns: readonly TextColumn<CheckLine>[] = [
  right('operations', ({ mode, isFirst }) => (isFirst ? count(mode.consistency!.coverage.operations) : '')),
  right('overlapped', ({ check }) => count(check.overlapping)),
  right('violated ≤', ({ check }) => leftOpen(check)),
];

const leftOpen = ({ verdict, overlapping }: ModelCheck): string =>
  overlapping === 0 || verdict === 'violated' || verdict === 'unknown'
    ? nothing
    : rareShare(Math.min(1, 3 / overlapping));
