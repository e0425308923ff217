import { readlinkSync } from 'node:fs';
import { commandOf, namesIn, processes, processOf, textOf, type Process } from './stat.ts';

/** State of a socket in `/proc/net/tcp`. */
const listening = '0A';

/** The sockets, by inode, that wait for connections to a port, on whatever address. */
const socketsOn = (port: number): ReadonlySet<string> => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = ['tcp', 'tcp6'].flatMap((name) => textOf(`/proc/net/${name}`).split('\n').slice(1));
  return new Set(
    lines.flatMap((line) => {
      // sl local rem st tx:rx tr:when retrnsmt uid timeout inode
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/u);
      return state === listening && local.endsWith(`:${hex}`) && inode !== undefined ? [inode] : [];
    }),
  );
};

const holdsOne = (pid: number, sockets: ReadonlySet<string>): boolean =>
  namesIn(`/proc/${pid}/fd`).some((fd) => {
    const inode = /^socket:\[(\d+)\]$/u.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
    return inode !== undefined && sockets.has(inode);
  });

/** Empty where it is gone, or somebody else's. */
const linkOf = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
};

/** Who listens on a port: one of the known processes, another one, or nobody can tell, as of a container or of another user's. */
export type Listener =
  { readonly is: 'ours' } | { readonly is: 'other'; readonly stranger: Process } | { readonly is: 'unknown' };

/** Who listens on a port of this machine. */
export const listenerOf = (port: number, ours: readonly number[]): Listener => {
  const sockets = socketsOn(port);
  if (sockets.size === 0) return { is: 'unknown' };
  if (ours.some((pid) => holdsOne(pid, sockets))) return { is: 'ours' };
  const stranger = processes().find(({ pid }) => holdsOne(pid, sockets));
  return stranger === undefined ? { is: 'unknown' } : { is: 'other', stranger };
};

/** `process 1234 (node old.js)`: who listens on a port, for a message; `something` where nobody can tell. */
export const whoListensOn = (port: number): string => {
  const listener = listenerOf(port, []);
  return listener.is === 'other' ? shownProcess(listener.stranger.pid) : 'something';
};

/** `process 1234 (node old.js)` */
export const shownProcess = (pid: number): string => {
  const command = commandOf(pid);
  return `process ${pid}${command === '' ? '' : ` (${command.length > 80 ? `${command.slice(0, 79)}…` : command})`}`;
};

/** Whether a process was started before another one. */
export const isOlder = ({ startedTicks }: Process, than: number): boolean =>
  startedTicks < (processOf(than)?.startedTicks ?? Infinity);
