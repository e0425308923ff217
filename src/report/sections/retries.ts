import { attemptsIn } from './cells.ts';
import { right, type TextColumn } from './columns.ts';
import { count, nothing, share } from '../format.ts';
import type { ModeResult, Result } from '../../core/result/result.ts';

const isConflicted = ({ conflicts }: ModeResult): boolean => conflicts > 0;

/** The modes that came into conflict, or sent requests again. */
export const retrying = ({ modes }: Result): readonly ModeResult[] =>
  modes.filter((mode) => isConflicted(mode) || mode.sentAgain !== undefined);

/** Of all requests; a conflict wastes one at least: where none is counted, nobody counted. */
const ofRequests = (some: number, { requests }: ModeResult): string =>
  some === 0 ? nothing : `${count(some)} (${share(some, requests.total)})`;

/**
 * What conflicts cost: passes per critical section, how often, requests for nothing, and iterations that gave up. What a step's
 * `retry` sent again. Each where there is something of it.
 */
export const retryColumns = ({ modes }: Result): readonly TextColumn<ModeResult>[] => [
  ...(modes.some(isConflicted)
    ? [
        right('attempts each', attemptsIn),
        right<ModeResult>('conflicts', ({ conflicts }) => count(conflicts)),
        right<ModeResult>('wasted requests', (mode) => ofRequests(mode.wastedRequests, mode)),
        right<ModeResult>('gave up', ({ gaveUp }) => count(gaveUp)),
      ]
    : []),
  ...(modes.some(({ sentAgain }) => sentAgain !== undefined)
    ? [right<ModeResult>('sent again', (mode) => ofRequests(mode.sentAgain ?? 0, mode))]
    : []),
];
