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
  /** Run once, before the first start. */
  readonly setup?: Words;
  /** From the folder that the scenario lies in. */
  readonly cwd: string;
  /** Laid over contend's own environment; `null`: taken out of it. */
  readonly env: readonly (readonly [name: string, value: string | null])[];
  /** Where it is asked whether it is ready: `http(s)://host`, without the port. */
  readonly origin: string;
  /** Absent: a free one. */
  readonly port?: number;
  readonly ready: Ready;
  readonly stop: { readonly signal: string; readonly withinUs: Micros };
  /** One that runs already will do, where it answers on `port`. */
  readonly reuse?: true;
  /** The branch or the commit that it is started from; absent: the files as they are. */
  readonly git?: string;
}

/** What a process must do before it is taken for ready, and for how long it is waited for. */
export interface Ready {
  /** `get`: answer a GET of this path; `connect`: take a connection; `log`: write a line that this pattern is found in. */
  readonly kind: 'get' | 'connect' | 'log';
  /** The path or the pattern; empty for `connect`. */
  readonly text: string;
  /** Of `get`; absent: anything below 400 will do. */
  readonly status?: readonly number[];
  readonly withinUs: Micros;
}

/** The signals that may ask a process to end. */
export const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGKILL'] as const;

/** What stands for the port in a target, as in `http://127.0.0.1:${port}`. */
export const portMark = '${port}';

/** A target with its port in it. */
export const withPort = (target: string, port: number): string => target.replaceAll(portMark, String(port));
