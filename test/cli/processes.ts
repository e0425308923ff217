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
  toldByParents
    ? threadsOf(parent).flatMap((thread) => numbersIn(textOf(`/proc/${parent}/task/${thread}/children`)))
    : processes()
        .filter((one) => one.parent === parent)
        .map(({ pid }) => pid);

/** Those of the processes that are alive. */
export const livingOf = (pids: readonly number[]): readonly number[] =>
  (hasProc ? pids.flatMap((pid) => processOf(pid)) : processes())
    .filter(({ pid, isZombie }) => !isZombie && pids.includes(pid))
    .map(({ pid }) => pid);

// Linux needs no program for it, and slim images have no ps.
const hasProc = existsSync('/proc/self/stat');

// Tests look ten times a second: all processes of a machine are too many to read so often.
const toldByParents = existsSync(`/proc/${process.pid}/task/${process.pid}/children`);

const processes = (): readonly Process[] =>
  hasProc ? readdirSync('/proc').flatMap((name) => (/^\d+$/u.test(name) ? processOf(Number(name)) : [])) : fromPs();

const processOf = (pid: number): readonly Process[] => {
  // 4711 (any name, even with a bracket) S 1 …
  const [state, parent] = textOf(`/proc/${pid}/stat`)
    .replace(/^.*\) /su, '')
    .split(' ');
  return parent === undefined ? [] : [{ pid, parent: Number(parent), isZombie: state === 'Z' }];
};

const threadsOf = (pid: number): readonly string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
};

/** Empty where the process has ended since its folder was listed. */
const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const numbersIn = (text: string): readonly number[] => (text.match(/\d+/gu) ?? []).map(Number);

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
