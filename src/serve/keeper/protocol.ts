import type { Ready, Words } from '../../core/plan/serve.ts';

/** The first message to a keeper: one JSON per line, on its standard input. Not in its arguments, which every user can read. */
export interface Told {
  /** How its folder's name begins. */
  readonly prefix: string;
  /** Where the process's log is written; absent: nowhere. */
  readonly log?: string;
  readonly secrets: readonly string[];
  readonly stop: { readonly signal: string; readonly withinMs: number };
}

/** A command to start. */
export interface Command {
  readonly words: Words;
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
}

/** What a keeper is asked to do, one after the other. */
export type Ask =
  /** Runs a command to its end. */
  | ({ readonly ask: 'run' } & Command)
  /** Checks out a commit of a repository into the keeper's folder, separate from everything else. */
  | { readonly ask: 'checkout'; readonly repository: string; readonly id: string; readonly env: Command['env'] }
  /** Starts the process, and waits until it is ready. */
  | ({ readonly ask: 'start'; readonly ready: Ready; readonly origin: string; readonly port: number } & Command)
  /** Starts counting what the process uses. */
  | { readonly ask: 'begin' }
  /** What it has used since then. */
  | { readonly ask: 'end' }
  /** Ends the process. */
  | { readonly ask: 'stop' };

/** What went wrong with a process, with the last lines it wrote. */
export interface Failure {
  /** As the rest of a sentence: `ended with exit code 1`. */
  readonly failed: string;
  readonly hint?: string;
  readonly lines: readonly string[];
}

/** What a process has used between `begin` and `end`. */
export interface Used {
  readonly cpuUs: number;
  readonly memoryBytes: number;
}

/** How a process was ended, where that is worth reporting. */
export interface Stopped {
  /** It did not end when asked to, and was killed. */
  readonly killed: boolean;
  /** Processes that were still alive after it ended, and were ended too. */
  readonly left: readonly string[];
}

/** What a keeper answers. `died` comes unasked: the process ended by itself after it was ready. */
export type Answer =
  | { readonly folder: string }
  | { readonly done: true }
  | { readonly worktree: string }
  /** `unmeasured`: why the usage of the process cannot be measured. */
  | { readonly ready: true; readonly pid: number; readonly unmeasured?: string }
  | { readonly begun: true }
  | { readonly used: Used | null }
  | { readonly stopped: Stopped }
  | Failure
  | { readonly died: Failure };
