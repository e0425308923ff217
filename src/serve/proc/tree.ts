import { linkOf, namesIn, processes, processOf, textOf, type Process } from './stat.ts';

/** What identifies the processes of one start. */
export interface Root {
  /** The process that was started, and its group. */
  readonly pid: number;
  /** As in {@link Process}; Infinity if unknown. */
  readonly startedTicks: number;
  /** A variable of their environment, `NAME=value`, which they inherited. It also identifies those that have left the group. */
  readonly mark: string;
  /**
   * A file that they have open as the first descriptor after the usual three. It also identifies those that overwrite their
   * environment, as a program does that sets its process title. Node does not pass the descriptor on to what it starts.
   */
  readonly markFile: string;
}

/** A process that has just been started. */
export const startedAt = (pid: number): Pick<Root, 'pid' | 'startedTicks'> => ({
  pid,
  startedTicks: processOf(pid)?.startedTicks ?? Infinity,
});

/** The first descriptor without a conventional use. */
const markFd = 3;

/**
 * The living processes of one start: those of its group, their descendants, and those that went into the background.
 *
 * @cost reads all processes of the machine: about 10 µs each
 */
export const membersOf = (root: Root): readonly Process[] => countedOf(root).filter(({ isZombie }) => !isZombie);

/**
 * The same, and those that have ended but have not been waited for: no other process's count includes what they used.
 *
 * @cost as {@link membersOf}
 */
export const countedOf = (root: Root): readonly Process[] => {
  const { pid } = root;
  const all = processes();
  const inside = new Set(
    all.filter((one) => one.pid === pid || one.group === pid || isMarked(one, root)).map((one) => one.pid),
  );
  for (let grown = true; grown;) {
    const children = all.filter((one) => inside.has(one.parent) && !inside.has(one.pid));
    for (const one of children) inside.add(one.pid);
    grown = children.length > 0;
  }
  return all.filter((one) => inside.has(one.pid));
};

const isMarked = ({ pid }: Process, { mark, markFile }: Root): boolean =>
  `\0${textOf(`/proc/${pid}/environ`)}`.includes(`\0${mark}\0`) || linkOf(`/proc/${pid}/fd/${markFd}`) === markFile;

/** Those of the known processes that still count, and their descendants. Reads no other process. */
export const descendantsOf = (known: Iterable<number>): readonly Process[] => {
  const found = new Map<number, Process>();
  const waiting = [...known];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    if (found.has(pid)) continue;
    const one = processOf(pid);
    if (one === undefined) continue;
    found.set(pid, one);
    for (const thread of threadsOf(pid)) {
      const children = textOf(`/proc/${pid}/task/${thread}/children`).match(/\d+/gu) ?? [];
      waiting.push(...children.map(Number));
    }
  }
  return [...found.values()];
};

/** The threads of a process. */
export const threadsOf = (pid: number): readonly string[] => namesIn(`/proc/${pid}/task`);
