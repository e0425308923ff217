import type { ModelCheck, ModeResult, Result } from '../../core/result/result.ts';
import { rareShare } from './cells.ts';
import { right, type TextColumn } from './columns.ts';
import { count, nothing } from '../format.ts';

/** What one model says of a mode; `isFirst`: the first model of the mode, whose line also has the columns about the mode as a whole. */
export interface CheckLine {
  readonly mode: ModeResult;
  readonly check: ModelCheck;
  readonly isFirst: boolean;
}

/** What every model says of every mode. */
export const checksIn = ({ modes }: Result): readonly CheckLine[] =>
  modes.flatMap((mode) => (mode.consistency?.checks ?? []).map((check, at) => ({ mode, check, isFirst: at === 0 })));

/** The verdict in words, and whether a violation is allowed. */
export const verdictOf = ({ mode, check }: CheckLine): string => {
  const word = check.verdict.replaceAll('-', ' ');
  return check.verdict === 'violated' && mode.violations === 'allowed' ? `${word} (allowed)` : word;
};

/**
 * How many operations were judged, how often two overlapped, and the rate of violations still possible after that many overlaps
 * without one.
 */
export const checkColumns: readonly TextColumn<CheckLine>[] = [
  right('operations', ({ mode, isFirst }) => (isFirst ? count(mode.consistency!.coverage.operations) : '')),
  right('overlapped', ({ check }) => count(check.overlapping)),
  right('violated ≤', ({ check }) => leftOpen(check)),
];

const leftOpen = ({ verdict, overlapping }: ModelCheck): string =>
  overlapping === 0 || verdict === 'violated' || verdict === 'unknown'
    ? nothing
    : rareShare(Math.min(1, 3 / overlapping));
