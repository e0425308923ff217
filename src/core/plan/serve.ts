import type { Micros } from '../units.ts';

/** Words of a command, the program first; templates. */
export type Words = readonly [string, ...string[]];

/**
 * A target that contend starts, and ends. The texts of `command`, `setup` and `env` are templates that know `port`, the port it
 * listens on, and `folder`, a temporary folder of its own.
 */
export interface Serve {
  /** `serve-1`, `serve-2` …, in the order of the modes: those with the same one share its process. */
  readonly name: string;
  readonly command: Words;
  /** Runs once, before the first start. */
  readonly setup?: Words;
  /** Relative to the scenario's folder. */
  readonly cwd: string;
  /** Added to contend's own environment; `null` removes a variable. */
  readonly env: readonly (readonly [name: string, value: string | null])[];
  /** Where to ask whether it is ready: `http(s)://host`, without the port. */
  readonly origin: string;
  /** Absent: any free one. */
  readonly port?: number;
  readonly ready: Ready;
  readonly stop: { readonly signal: string; readonly withinUs: Micros };
  /** Use one that already runs, if it answers on `port`. */
  readonly reuse?: true;
  /** The branch or commit to start it from; absent: the current files. */
  readonly git?: string;
}

/** What a process must do to count as ready, and how long to wait for that. */
export interface Ready {
  /** `get`: answer a GET of this path; `connect`: take a connection; `log`: write a line that this pattern is found in. */
  readonly kind: 'get' | 'connect' | 'log';
  /** The path or the pattern; empty for `connect`. */
  readonly text: string;
  /** For `get`; absent: anything below 400. */
  readonly status?: readonly number[];
  readonly withinUs: Micros;
}

/** The signals that may ask a process to stop. */
export const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGKILL'] as const;

/** What stands for the port in a target, as in `http://127.0.0.1:${port}`. */
export const portMark = '${port}';

/** A target with its port in it. */
export const withPort = (target: string, port: number): string => target.replaceAll(portMark, String(port));
