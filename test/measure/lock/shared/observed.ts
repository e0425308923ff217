import assert from 'node:assert/strict';
import type { Event } from './rerun.ts';

/** A thread as its users see it. */
export interface ObservedThread {
  /** Its users in the queue. */
  readonly waiting: number;
  /** Those who have been given the lock, and how many of them have gone on since. */
  readonly inside: number;
  readonly wentOn: number;
  /** It has drawn a ticket for a user who does not know yet whether to wait. */
  readonly hasDrawn: boolean;
  readonly isIdle: boolean;
  /** How many users of other threads were let in since it waits. */
  readonly passed: number;
}

/** All threads as their users see them. */
export interface Observed<Thread extends ObservedThread> {
  readonly threads: readonly Thread[];
  /** How much of the room is taken. */
  readonly taken: number;
}

/** What is promised. */
export interface Promised {
  readonly room: number;
  readonly passesAtMost: number;
  /** When a user counts as let in: when it is given the lock, or only when it goes on, which is some time later. */
  readonly letIn: 'given' | 'went on';
}

/** A thread that has not asked yet. */
export const unobserved: ObservedThread = {
  waiting: 0,
  inside: 0,
  wentOn: 0,
  hasDrawn: false,
  isIdle: true,
  passed: 0,
};

/** How often a thread that waits has been passed over by now. */
export const mostPassedOf = (threads: readonly ObservedThread[]): number =>
  Math.max(...threads.map(({ waiting, passed }) => (waiting > 0 ? passed : 0)));

/** What an event makes of a thread; throws where the lock had no business to be idle. */
const ofThread = (thread: ObservedThread, event: Event): Partial<ObservedThread> => {
  const { waiting, inside, wentOn, hasDrawn, isIdle, passed } = thread;
  switch (event.kind) {
    case 'drew':
      return { hasDrawn: waiting === 0 };
    case 'joined':
      return { hasDrawn: false, waiting: waiting + 1 };
    case 'sent away':
      return { waiting: waiting - 1, passed: waiting === 1 ? 0 : passed };
    case 'given':
      return { hasDrawn: false, waiting: hasDrawn ? waiting : waiting - 1, inside: inside + 1, passed: 0 };
    case 'went on':
      return { wentOn: wentOn + 1 };
    case 'left':
      return { inside: inside - 1, wentOn: wentOn - 1 };
    default:
      assert(!isIdle, 'idle twice');
      assert(waiting + inside === 0 && !hasDrawn, 'idle while somebody waits or is inside');
      return {};
  }
};

const takenBy = (event: Event): number => {
  if (event.kind === 'given') return event.share;
  return event.kind === 'left' ? -event.share : 0;
};

/** What an event of one thread makes of all; throws where it is against what is promised. */
export const observe = <Thread extends ObservedThread>(
  { threads, taken }: Observed<Thread>,
  at: number,
  event: Event,
  { room, passesAtMost, letIn }: Promised,
): Observed<Thread> => {
  const now = taken + takenBy(event);
  assert(now <= room, `${now} are inside where there is room for ${room}`);
  const next = threads.map((thread, index) => {
    if (index === at) return { ...thread, ...ofThread(thread, event), isIdle: event.kind === 'idle' };
    const isPassed = event.kind === letIn && (thread.waiting > 0 || thread.hasDrawn);
    return isPassed ? { ...thread, passed: thread.passed + 1 } : thread;
  });
  const most = passesAtMost * (threads.length - 1);
  const passed = mostPassedOf(next);
  assert(passed <= most, `a thread is passed over ${passed} times, where it may be ${most} times`);
  return { threads: next, taken: now };
};
