import { largest, timeAt } from './cells.ts';
import { right, type TextColumn } from './columns.ts';
import { count, nothing, ratio, share } from '../format.ts';
import type { LockResult, ModeResult, Result } from '../../core/result/result.ts';

/** A lock of a mode; `isFirst`: the first lock of the mode, next to which a terminal prints the mode's name. */
export interface LockLine {
  readonly mode: ModeResult;
  readonly lock: LockResult;
  readonly isFirst: boolean;
}

/** Every lock of every mode. */
export const locksIn = ({ modes }: Result): readonly LockLine[] =>
  modes.flatMap((mode) => mode.locks.map((lock, at) => ({ mode, lock, isFirst: at === 0 })));

/** Whether any mode has a lock. */
export const hasLocks = ({ modes }: Result): boolean => modes.some(({ locks }) => locks.length > 0);

/** How often a lock was not free, the longest queue for it, and the waits. */
export const waitColumns: readonly TextColumn<LockLine>[] = [
  right('contended', ({ lock }) => (lock.waitUs.count === 0 ? nothing : share(lock.contended, lock.waitUs.count))),
  right('longest queue', ({ lock }) => count(lock.longestQueue)),
  right('p50', ({ lock }) => timeAt(lock.waitUs, 'p50'), 'wait'),
  right('p99', ({ lock }) => timeAt(lock.waitUs, 'p99'), 'wait'),
  right('longest', ({ lock }) => largest(lock.waitUs), 'wait'),
];

/** How long a lock was held, and how fair it was: within the lock, and between the users of the mode. */
export const holdColumns: readonly TextColumn<LockLine>[] = [
  right('p50', ({ lock }) => timeAt(lock.holdUs, 'p50'), 'hold'),
  right('p99', ({ lock }) => timeAt(lock.holdUs, 'p99'), 'hold'),
  right('starvation', ({ lock }) => (lock.starvation === null ? nothing : ratio(lock.starvation))),
  right('fairness', ({ mode }) => fairnessOf(mode)),
];

const fairnessOf = ({ fairness }: ModeResult): string => (fairness === null ? nothing : fairness.toFixed(3));

/** Leases of a mode that ran out while held. */
export interface Lapse {
  readonly isAllowed: boolean;
  /** Contains names from outside, not safe. */
  readonly because: string;
}

/** A sentence for each lock with leases that ran out while held; empty if there were none. */
export const lapsesOf = ({ locks, violations }: ModeResult): readonly Lapse[] =>
  locks
    .filter(({ lapsed }) => lapsed > 0)
    .map(({ name, lapsed }) => ({
      isAllowed: violations === 'allowed',
      because:
        lapsed === 1
          ? `1 lease of ${name} ran out while it was held: another user may have been inside`
          : `${count(lapsed)} leases of ${name} ran out while they were held: another user may have been inside`,
    }));
