import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { shownProcess } from '../proc/listener.ts';
import { hasProc, processOf } from '../proc/stat.ts';
import { membersOf, type Root } from '../proc/tree.ts';
import type { Stopped } from './protocol.ts';

/** Sends a signal to a process, or to the group of one where the number is negative; 0: none, but whether it is there. Throws where it is not. */
type Send = (pid: number, signal: string | 0) => void;

/** What a keeper has of its own process. */
export interface Means {
  readonly clock: Clock;
  readonly send: Send;
}

const lookMs = 30;
/** So often those are killed that are there, as new ones may be made meanwhile. */
const mostKills = 100;

/**
 * Ends all processes of one start: asks them, and kills those that are still there when their time is over.
 *
 * Where the system does not tell of its processes, those are ended that are in the group of the first one.
 *
 * @returns what had to be killed
 */
export const endAll = async (
  root: Root,
  signal: string,
  withinMs: number,
  { clock, send }: Means,
): Promise<Stopped> => {
  tell(root, signal, send);
  const untilUs = clock.now() + withinMs * 1000;
  while (isAnyAlive(root, send) && clock.now() < untilUs) await pause(lookMs);
  const others = livingOf(root, send).filter((pid) => pid !== root.pid);
  const stopped = { killed: isAlive(root.pid, send), left: others.map(shownProcess) };
  for (let kills = 0; kills < mostKills && isAnyAlive(root, send); kills++) {
    tell(root, 'SIGKILL', send);
    await pause(lookMs);
  }
  return stopped;
};

/** The processes of one start that are alive; without /proc, the first one where its group is. */
const livingOf = (root: Root, send: Send): readonly number[] => {
  if (hasProc()) return membersOf(root).map(({ pid }) => pid);
  return isThere(-root.pid, send) ? [root.pid] : [];
};

const isAnyAlive = (root: Root, send: Send): boolean => livingOf(root, send).length > 0;

const isAlive = (pid: number, send: Send): boolean =>
  hasProc() ? processOf(pid)?.isZombie === false : isThere(pid, send);

const isThere = (pid: number, send: Send): boolean => {
  try {
    send(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A signal for the group, and for those that have left it. */
const tell = (root: Root, signal: string, send: Send): void => {
  const outside = hasProc() ? membersOf(root).filter(({ group }) => group !== root.pid) : [];
  for (const pid of [-root.pid, ...outside.map((one) => one.pid)]) {
    try {
      send(pid, signal);
    } catch {
      // It has ended in the meantime.
    }
  }
};
