import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { shownProcess } from '../proc/listener.ts';
import { hasProc, processOf } from '../proc/stat.ts';
import { membersOf, type Root } from '../proc/tree.ts';
import type { Stopped } from './protocol.ts';

/**
 * Sends a signal to a process, or to a process group if the number is negative. Signal 0 only checks that it exists. Throws if it
 * does not.
 */
type Send = (pid: number, signal: string | 0) => void;

/** What a keeper needs from its own process. */
export interface Means {
  readonly clock: Clock;
  readonly send: Send;
}

const lookMs = 30;
/** How often to kill at most: new processes may start meanwhile. */
const mostKills = 100;

/**
 * Ends all processes of one start: asks them to end, and kills those still alive when their time is up.
 *
 * Without `/proc`, these are the processes in the first one's group.
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

/** The living processes of one start. Without `/proc`: the first one, if its group exists. */
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

/** Sends a signal to the group, and to the processes that have left it. */
const tell = (root: Root, signal: string, send: Send): void => {
  const outside = hasProc() ? membersOf(root).filter(({ group }) => group !== root.pid) : [];
  for (const pid of [-root.pid, ...outside.map((one) => one.pid)]) {
    try {
      send(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
};
