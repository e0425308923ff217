import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A process of this machine. A zombie is gone: it only waits to be noticed. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly isZombie: boolean;
}

/** The processes that a process has started and that are still its own. */
export const childrenOf = (parent: number): readonly number[] =>
  processes()
    .filter((one) => one.parent === parent)
    .map(({ pid }) => pid);

/** Those of the processes that are alive. */
export const livingOf = (pids: readonly number[]): readonly number[] =>
  processes()
    .filter(({ pid, isZombie }) => !isZombie && pids.includes(pid))
    .map(({ pid }) => pid);

// Linux needs no program for it, and slim images have no ps.
const processes = (): readonly Process[] => (existsSync('/proc/self/stat') ? fromProc() : fromPs());

const fromProc = (): readonly Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((pid) => {
      // 4711 (any name, even with a bracket) S 1 …
      const [state, parent] = statOf(pid)
        .replace(/^.*\) /su, '')
        .split(' ');
      return parent === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), isZombie: state === 'Z' }];
    });

const statOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It has ended since the folder was listed.
    return '';
  }
};

const fromPs = (): readonly Process[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .map(([pid, parent, state]) => ({
      pid: Number(pid),
      parent: Number(parent),
      isZombie: state?.startsWith('Z') === true,
    }));
