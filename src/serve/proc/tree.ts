import { linkOf, namesIn, processes, processOf, textOf, type Process } from './stat.ts';

/** By what the processes of one start are known. */
export interface Root {
  /** The process that was started, and its group. */
  readonly pid: number;
  /** As {@link Process} has it; Infinity where it cannot be told. */
  readonly startedTicks: number;
  /** A variable of their environment, `NAME=value`, which they have inherited: it tells also those that have left the group. */
  readonly mark: string;
  /**
   * A file that they have open as the first one beyond the usual three: it tells those that write over their environment, too, as whoever sets the title of
   * its process does. A Node hands no file on to what it starts.
   */
  readonly markFile: string;
}

/** A process that has been started just now. */
export const startedAt = (pid: number): Pick<Root, 'pid' | 'startedTicks'> => ({
  pid,
  startedTicks: processOf(pid)?.startedTicks ?? Infinity,
});

/** The first number that is nobody's by custom. */
const markFd = 3;

/**
 * The living processes of one start: those of its group, what descends from them, and what went into the background.
 *
 * @cost reads all processes of the machine: some 10 µs for each
 */
export const membersOf = (root: Root): readonly Process[] => countedOf(root).filter(({ isZombie }) => !isZombie);

/**
 * The same, and those that have ended and that nobody has waited for yet: what they used is in no other process's count.
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

/** Those of the processes that were known that are still to be counted, and what descends from them: of all others nothing is read. */
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
