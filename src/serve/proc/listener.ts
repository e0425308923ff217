import { commandOf, linkOf, namesIn, processes, textOf, type Process } from './stat.ts';
import type { Root } from './tree.ts';

/** The state "listening" in `/proc/net/tcp`. */
const listening = '0A';

/** A listening socket. */
interface Waiting {
  readonly inode: string;
  readonly port: number;
  /** As written in a URL: `127.0.0.1`, `[::1]`. */
  readonly host: string;
}

const waiting = (): readonly Waiting[] =>
  ['tcp', 'tcp6'].flatMap((name) =>
    textOf(`/proc/net/${name}`)
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        // sl local rem st tx:rx tr:when retrnsmt uid timeout inode
        const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/u);
        const [address = '', port = ''] = local.split(':');
        return state === listening && inode !== undefined
          ? [{ inode, port: Number.parseInt(port, 16), host: hostOf(address) }]
          : [];
      }),
  );

/** Its 32-bit words are in this machine's byte order: the last byte first. */
const hostOf = (hex: string): string => {
  const bytes = (hex.match(/.{8}/gu) ?? []).flatMap((word) =>
    (word.match(/../gu) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[2 * at]! << 8) | bytes[2 * at + 1]!).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname;
};

/** The sockets, by inode, that listen on a port, at any address. */
const socketsOn = (wanted: number): ReadonlySet<string> =>
  new Set(waiting().flatMap(({ inode, port }) => (port === wanted ? [inode] : [])));

const holdsOne = (pid: number, sockets: ReadonlySet<string>): boolean =>
  socketsOf(pid).some((inode) => sockets.has(inode));

const socketsOf = (pid: number): readonly string[] =>
  namesIn(`/proc/${pid}/fd`).flatMap((fd) => /^socket:\[(\d+)\]$/u.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1] ?? []);

/** Where processes listen: `127.0.0.1:3000`, each once. */
export const listeningAt = (pids: readonly number[]): readonly Pick<Waiting, 'host' | 'port'>[] => {
  const own = new Set(pids.flatMap(socketsOf));
  const found = waiting().filter(({ inode }) => own.has(inode));
  return [...new Map(found.map((one) => [`${one.host}:${one.port}`, one])).values()];
};

/** Who listens on a port: one of the known processes, another one, or unknown, as with a container or another user's process. */
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

/** `process 1234 (node old.js)`: who listens on a port, for a message. `something` if that is unknown. */
export const whoListensOn = (port: number): string => {
  const listener = listenerOf(port, []);
  return listener.is === 'other' ? shownProcess(listener.stranger.pid) : 'something';
};

/** `process 1234 (node old.js)` */
export const shownProcess = (pid: number): string => {
  const command = commandOf(pid);
  return `process ${pid}${command === '' ? '' : ` (${command.length > 80 ? `${command.slice(0, 79)}…` : command})`}`;
};

/** Whether a process was started before those of a start. */
export const isOlder = (one: Process, { startedTicks }: Root): boolean => one.startedTicks < startedTicks;
