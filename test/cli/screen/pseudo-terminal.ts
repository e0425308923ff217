import { spawn, spawnSync } from 'node:child_process';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { built, root } from '../contend.ts';
import { Emulator } from './emulator.ts';

/** What a title says where there is no Python, which has pseudo-terminals. */
export const noPython =
  spawnSync('python3', ['-c', 'import termios']).status === 0 ? '' : ' (skipped: apt-get install -y python3)';

/** What is done to a run, in turn: waiting for a text; a key, a size, a signal; so many s; a mark. */
export interface Action {
  readonly until?: string;
  /** Only what was written behind this mark counts. */
  readonly after?: string;
  readonly wait?: number;
  readonly write?: string;
  readonly size?: readonly [columns: number, rows: number];
  /** The terminal is stopped, as by Ctrl-S, or goes on. */
  readonly flow?: 'off' | 'on';
  readonly signal?: 'TERM' | 'CONT' | 'TSTP' | 'HUP' | 'KILL' | 'INT';
  readonly mark?: string;
}

/** How a run in a pseudo-terminal went. */
export interface Seen {
  /** Everything that was written to it. */
  readonly output: string;
  /** The exit code, or minus the signal; null: it had to be killed. */
  readonly code: number | null;
  /** The settings of the terminal are as they were before. */
  readonly isRestored: boolean;
  /** Of each time that it was stopped, whether keys were shown again. */
  readonly stops: readonly boolean[];
  /** What was on the screen at a mark, or at the end. */
  at(mark?: string): Emulator;
}

/** How it is run. */
export interface Setting {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: { readonly [name: string]: string };
}

/** Runs a command of the shell in a pseudo-terminal; `$contend` in it is the built command. */
export const inTerminal = async (
  command: string,
  actions: readonly Action[],
  { columns = 80, rows = 24, env = {} }: Setting = {},
): Promise<Seen> => {
  const spec = {
    command: ['sh', '-c', command.replaceAll('$contend', `exec ${process.execPath} ${built}`)],
    columns,
    rows,
    environment: { TERM: 'xterm-256color', CI: '', ...env },
    actions,
    timeout: 60,
  };
  const driver = spawn('python3', [fileURLToPath(new URL('drive.py', import.meta.url)), JSON.stringify(spec)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen = (await json(driver.stdout)) as Omit<Seen, 'at'> & {
    readonly marks: { readonly [name: string]: number };
  };
  const at = (mark?: string): Emulator => {
    const emulator = new Emulator(columns, rows);
    emulator.write(mark === undefined ? seen.output : seen.output.slice(0, seen.marks[mark]));
    return emulator;
  };
  return { ...seen, at };
};
