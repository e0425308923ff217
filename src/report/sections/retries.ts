import { attemptsIn } from './cells.ts';
import { right, type TextColumn } from './columns.ts';
import { count, nothing, share } from '../format.ts';
import type { ModeResult, Result } from '../../core/result/result.ts';

/** The modes that came into conflict. */
export const conflicted = ({ modes }: Result): readonly ModeResult[] => modes.filter(({ conflicts }) => conflicts > 0);

/** A conflict wastes a request at least: where none is counted, nobody counted. */
const wastedIn = ({ wastedRequests, requests }: ModeResult): string =>
  wastedRequests === 0 ? nothing : `${count(wastedRequests)} (${share(wastedRequests, requests.total)})`;

/** What conflicts cost: passes per critical section, how often, requests for nothing, and iterations that gave up. */
export const retryColumns: readonly TextColumn<ModeResult>[] = [
  right('attempts each', attemptsIn),
  right('conflicts', ({ conflicts }) => count(conflicts)),
  right('wasted requests', wastedIn),
  right('gave up', ({ gaveUp }) => count(gaveUp)),
];
