import type { Ready, Words } from '../../core/plan/serve.ts';

/** The first messages to a keeper: one JSON a line, on its standard input. It is not in its arguments, which everybody may read. */
export interface Told {
  /** What its folder begins with. */
  readonly prefix: string;
  /** Where the log of the process is written; absent: nowhere. */
  readonly log?: string;
  readonly secrets: readonly string[];
  readonly stop: { readonly signal: string; readonly withinMs: number };
}

/** A command to be started. */
export interface Command {
  readonly words: Words;
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
}

/** What a keeper is asked for, one after the other. */
export type Ask =
  /** Runs a command to its end. */
  | ({ readonly ask: 'run' } & Command)
  /** Checks out a commit of a repository into its folder, apart from everything else. */
  | { readonly ask: 'checkout'; readonly repository: string; readonly id: string; readonly env: Command['env'] }
  /** Starts the process, and waits until it is ready. */
  | ({ readonly ask: 'start'; readonly ready: Ready; readonly origin: string; readonly port: number } & Command)
  /** Begins to count what the process uses. */
  | { readonly ask: 'begin' }
  /** What it has used since then. */
  | { readonly ask: 'end' }
  /** Ends the process. */
  | { readonly ask: 'stop' };

/** What goes wrong with a process, with the last lines that it wrote. */
export interface Failure {
  /** As the rest of a sentence: `ended with exit code 1`. */
  readonly failed: string;
  readonly hint?: string;
  readonly lines: readonly string[];
}

/** What a process has used in between. */
export interface Used {
  readonly cpuUs: number;
  readonly memoryBytes: number;
}

/** How a process was ended, where that is worth telling. */
export interface Stopped {
  /** It did not end when it was asked to, and was killed. */
  readonly killed: boolean;
  /** Processes that were still there when it had ended, and were ended too. */
  readonly left: readonly string[];
}

/** What a keeper answers. `died` comes unasked: the process ended by itself after it was ready. */
export type Answer =
  | { readonly folder: string }
  | { readonly done: true }
  | { readonly worktree: string }
  /** `unmeasured`: why it cannot be told what the process uses. */
  | { readonly ready: true; readonly pid: number; readonly unmeasured?: string }
  | { readonly begun: true }
  | { readonly used: Used | null }
  | { readonly stopped: Stopped }
  | Failure
  | { readonly died: Failure };
