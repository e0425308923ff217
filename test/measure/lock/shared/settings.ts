import { SharedMutex } from '../../../../src/measure/lock/shared/mutex.ts';
import { SharedRoom } from '../../../../src/measure/lock/shared/room.ts';
import type { Setting } from './interleavings.ts';

const shape = { stride: 1, turns: 2 };

/** All threads wait for their turn at one word, as some do where many share a lock for each key. */
export const oneTurn = { stride: 1, turns: 1 };

/** A mutex, and what threads do with it. */
export const mutexIn = (setting: Pick<Setting, 'asks'> & Partial<Setting>): Setting => ({
  shape,
  room: 1,
  passesAtMost: 1,
  // Whoever leaves has gone on, so not even those whose lock is news to them may pass.
  letIn: 'went on',
  newLine: (parts) => new SharedMutex(parts),
  ...setting,
});

/** A lock with room for two readers or for one writer, who takes 2, and what threads do with it. */
export const roomIn = (setting: Pick<Setting, 'asks'> & Partial<Setting>): Setting => ({
  shape,
  room: 2,
  passesAtMost: 1,
  letIn: 'given',
  newLine: (parts) => new SharedRoom(parts),
  ...setting,
});
