import { attemptsIn } from './cells.ts';
import { right, type TextColumn } from './columns.ts';
import { count, nothing, share } from '../format.ts';
import type { ModeResult, Result } from '../../core/result/result.ts';

const isConflicted = ({ conflicts }: ModeResult): boolean => conflicts > 0;

/** The modes that had conflicts or sent requests again. */
export const retrying = ({ modes }: Result): readonly ModeResult[] =>
  modes.filter((mode) => isConflicted(mode) || mode.sentAgain !== undefined);

/** A count and its share of all requests. A conflict wastes at least one request, so a count of 0 means that it was not counted. */
const ofRequests = (some: number, { requests }: ModeResult): string =>
  some === 0 ? nothing : `${count(some)} (${share(some, requests.total)})`;

/**
 * What conflicts cost (passes per critical section, conflicts, wasted requests, iterations that gave up), and what a step's
 * `retry` sent again. Each only if some mode has it.
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
