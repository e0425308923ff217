import { largest, timeAt } from './cells.ts';
import { right, type TextColumn } from './columns.ts';
import { count, nothing, ratio, share } from '../format.ts';
import type { LockResult, ModeResult, Result } from '../../core/result/result.ts';

/** A lock of a mode; `isFirst`: the first of them, beside which a terminal writes the mode's name. */
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

/** How often a lock was not free, how many queued for it at most, and how long they waited. */
export const waitColumns: readonly TextColumn<LockLine>[] = [
  right('contended', ({ lock }) => (lock.waitUs.count === 0 ? nothing : share(lock.contended, lock.waitUs.count))),
  right('longest queue', ({ lock }) => count(lock.longestQueue)),
  right('p50', ({ lock }) => timeAt(lock.waitUs, 'p50'), 'wait'),
  right('p99', ({ lock }) => timeAt(lock.waitUs, 'p99'), 'wait'),
  right('longest', ({ lock }) => largest(lock.waitUs), 'wait'),
];

/** How long a lock was held, and how evenly it was given out: within the lock, and between the users of the mode. */
export const holdColumns: readonly TextColumn<LockLine>[] = [
  right('p50', ({ lock }) => timeAt(lock.holdUs, 'p50'), 'hold'),
  right('p99', ({ lock }) => timeAt(lock.holdUs, 'p99'), 'hold'),
  right('starvation', ({ lock }) => (lock.starvation === null ? nothing : ratio(lock.starvation))),
  right('fairness', ({ mode }) => fairnessOf(mode)),
];

const fairnessOf = ({ fairness }: ModeResult): string => (fairness === null ? nothing : fairness.toFixed(3));

/** Leases of a mode that ran out while they were held. */
export interface Lapse {
  readonly isAllowed: boolean;
  /** Names in it come from outside and are not safe. */
  readonly because: string;
}

/** What is to be said of leases that ran out while they were held, a sentence for each lock: nothing where none did. */
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
