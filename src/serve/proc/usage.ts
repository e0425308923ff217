import { textOf, tickUs, type Process } from './stat.ts';
import { countedOf, descendantsOf, threadsOf, type Root } from './tree.ts';

/** What a process has used when last read. */
interface Seen {
  readonly parent: number;
  /** ns on a CPU, by living thread. */
  readonly threads: ReadonlyMap<string, number>;
  /** What threads that have ended since had used. */
  readonly endedNs: number;
  /** CPU time of its own, in ns. */
  readonly ownNs: number;
}

/**
 * CPU time and memory of the processes of one start.
 *
 * A thread's time comes from the scheduler, in ns: `/proc/<pid>/task/<tid>/schedstat`. What ended threads have used is known to a
 * hundredth of a second, from `/proc/<pid>/stat`. So is what ended children have used, from `cutime` of the process that waited for
 * them.
 */
export class Usage {
  readonly #root: Root;
  readonly #seen = new Map<number, Seen>();
  /** Of ended processes whose parent is not one of these: no other count includes what they used. */
  #lostNs = 0;
  #endedNs = 0;
  #mostBytes = 0;
  #begunNs = 0;

  constructor(root: Root) {
    this.#root = root;
  }

  /** Reads all processes of the machine to find those of this start, and restarts the count. */
  begin(): void {
    this.#mostBytes = 0;
    this.#look(countedOf(this.#root));
    this.#begunNs = this.#totalNs();
  }

  /** Reads the known processes and their descendants. Called ten times a second between `begin` and `read`. */
  look(): void {
    this.#look(descendantsOf([this.#root.pid, ...this.#seen.keys()]));
  }

  /** CPU time in µs, and peak memory in bytes, since {@link begin}, after one more look. */
  read(): { readonly cpuUs: number; readonly memoryBytes: number } {
    this.#look(countedOf(this.#root));
    return { cpuUs: Math.max(0, this.#totalNs() - this.#begunNs) / 1000, memoryBytes: this.#mostBytes };
  }

  #totalNs(): number {
    return sum([...this.#seen.values()].map((seen) => seen.ownNs)) + this.#endedNs + this.#lostNs;
  }

  #look(counted: readonly Process[]): void {
    const alive = new Set(counted.map(({ pid }) => pid));
    for (const [pid, seen] of this.#seen) {
      if (alive.has(pid)) continue;
      // If the parent is of this start, it has waited for it, or will: then the parent's count includes it.
      if (!alive.has(seen.parent)) this.#lostNs += seen.ownNs;
      this.#seen.delete(pid);
    }
    let bytes = 0;
    this.#endedNs = 0;
    for (const one of counted) {
      this.#endedNs += one.endedTicks * tickUs * 1000;
      bytes += residentBytesOf(one.pid);
      this.#count(one);
    }
    this.#mostBytes = Math.max(this.#mostBytes, bytes);
  }

  #count({ pid, parent, ownTicks }: Process): void {
    const before = this.#seen.get(pid);
    const threads = new Map<string, number>();
    for (const thread of threadsOf(pid)) {
      const ns = Number.parseInt(textOf(`/proc/${pid}/task/${thread}/schedstat`), 10);
      if (!Number.isNaN(ns)) threads.set(thread, ns);
    }
    const gone = [...(before?.threads ?? [])].filter(([thread]) => !threads.has(thread));
    const endedNs = sum(gone.map(([, ns]) => ns)) + (before?.endedNs ?? 0);
    const known = sum([...threads.values()]) + endedNs;
    // Threads that came and went between two looks show only in the ticks, which never count too much.
    this.#seen.set(pid, { parent, threads, endedNs, ownNs: Math.max(known, ownTicks * tickUs * 1000) });
  }
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

const residentBytesOf = (pid: number): number => {
  const kilobytes = /^VmRSS:\s+(\d+) kB/mu.exec(textOf(`/proc/${pid}/status`))?.[1];
  return kilobytes === undefined ? 0 : Number(kilobytes) * 1024;
};
