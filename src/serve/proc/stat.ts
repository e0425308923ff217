import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** A process as `/proc/<pid>/stat` shows it. A zombie has ended, and only waits for its parent to notice. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly isZombie: boolean;
  /** CPU time of all its threads, including ended ones, in ticks: whole hundredths of a second, user and system each rounded down. */
  readonly ownTicks: number;
  /** The same for its ended children that it has waited for. */
  readonly endedTicks: number;
  /** In ticks since the machine booted. */
  readonly startedTicks: number;
}

/** Whether this system has `/proc`. */
export const hasProc = (): boolean => existsSync('/proc/self/stat');

/** Ticks are hundredths of a second wherever Linux runs: the kernel's USER_HZ. */
export const tickUs = 10_000;

/** A process. `undefined` if there is none. */
export const processOf = (pid: number): Process | undefined => {
  // 4711 (any name, even with a bracket) S 1 …
  const fields = textOf(`/proc/${pid}/stat`)
    .replace(/^.*\) /su, '')
    .split(' ');
  if (fields.length < 20) return undefined;
  // proc(5) counts the fields from 1, and the state is the third.
  const number = (field: number): number => Number(fields[field - 3]);
  return {
    pid,
    isZombie: fields[0] === 'Z' || fields[0] === 'X',
    parent: number(4),
    group: number(5),
    ownTicks: number(14) + number(15),
    endedTicks: number(16) + number(17),
    startedTicks: number(22),
  };
};

/** Whether no process has this number, or only a zombie does. */
export const isGone = (pid: number): boolean => processOf(pid)?.isZombie ?? true;

/** Every process. */
export const processes = (): readonly Process[] =>
  namesIn('/proc').flatMap((name) => (/^\d+$/u.test(name) ? (processOf(Number(name)) ?? []) : []));

/** How a process was started, on one line. Empty if there is none, or if it is the kernel's. */
export const commandOf = (pid: number): string => textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();

/** The text of a file. Empty if it is gone or unreadable. */
export const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/** Where a link points. Empty if it is gone or unreadable. */
export const linkOf = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
};

/** The names in a folder. None if it is gone or unreadable. */
export const namesIn = (path: string): readonly string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};
