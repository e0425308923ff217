import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Host, Output } from '../../src/core/host.ts';
import { childrenOf, livingOf } from './processes.ts';

/** The folder of the package. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The built command. */
export const built = fileURLToPath(new URL('../../dist/bundle/contend.js', import.meta.url));

/** How a command is run. */
export interface RunOptions {
  /** Beside what a program needs to start; nothing of the environment that the tests run in. */
  readonly env?: { readonly [name: string]: string };
  /** The package's folder unless given. */
  readonly cwd?: string;
  /** Written to its standard input, which is closed after it; empty unless given. */
  readonly stdin?: string;
  /** Longer than this and it is killed, and the test fails; 50 s unless given. */
  readonly withinMs?: number;
}

/** A command that has ended. */
export interface Ended {
  /** `null` where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** The processes that it was seen to start. */
  readonly children: readonly number[];
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** What it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Rejects where it had to be killed because it took too long. */
  readonly ended: Promise<Ended>;
}

/** Runs the built command to its end. */
export const contend = async (argv: readonly string[], options?: RunOptions): Promise<Ended> =>
  start(argv, options).ended;

/**
 * Runs the built command's `main` in this process, for tests that ask what it says: the start of a process is left out. It has the
 * machine's files and clock, and an environment of its own; a worker thread and the store are started as ever.
 */
export const contendHere = async (
  argv: readonly string[],
  { env = {}, cwd = root, stdin = '' }: Omit<RunOptions, 'withinMs'> = {},
): Promise<Pick<Ended, 'code' | 'stdout' | 'stderr'>> => {
  here ??= await loadHere();
  const [stdout, stderr] = [collected(), collected()];
  const given = {
    argv,
    env: { ...inherited(), ...env },
    stdout,
    stderr,
    readInput: async () => Promise.resolve(stdin),
  };
  // One after the other: a process has one folder.
  const before = process.cwd();
  process.chdir(cwd);
  try {
    const code = await here.main({ ...here.host, ...given });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(before);
  }
};

interface Here {
  readonly main: (host: Host) => Promise<number>;
  readonly host: Host;
}
let here: Here | undefined;

const loadHere = async (): Promise<Here> => {
  const from = async (path: string): Promise<unknown> =>
    import(new URL(`../../dist/src/${path}`, import.meta.url).href);
  const [{ main }, { processHost }] = (await Promise.all([from('cli/main.js'), from('host.js')])) as [
    Pick<Here, 'main'>,
    { readonly processHost: () => Host },
  ];
  return { main, host: processHost() };
};

const collected = (): Output & { readonly text: () => string } => {
  let written = '';
  return { isTTY: false, columns: () => undefined, text: () => written, write: (text) => void (written += text) };
};

/** Starts the built command. */
export const start = (argv: readonly string[], options?: RunOptions): Running =>
  startProgram(process.execPath, [built, ...argv], options);

/** Starts a program in a clean environment, and remembers the processes that it starts, for {@link leftovers}. */
export const startProgram = (program: string, argv: readonly string[], options: RunOptions = {}): Running => {
  const { env = {}, cwd = root, stdin = '', withinMs = 50_000 } = options;
  const startedMs = performance.now();
  const child = spawn(program, argv, { cwd, env: { ...inherited(), ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  // It may end without reading what it is given.
  child.stdin.on('error', () => undefined).end(stdin);
  const stdout = textOf(child.stdout);
  const stderr = textOf(child.stderr);
  const children = new Set<number>();
  const look = setInterval(() => {
    for (const pid of child.pid === undefined ? [] : childrenOf(child.pid)) children.add(pid);
  }, 100);
  const ended = new Promise<Ended>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${argv.join(' ')}: not over after ${withinMs} ms.\n${stdout()}\n${stderr()}`));
    }, withinMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(late);
      clearInterval(look);
      orphans.push(...children);
      const durationMs = performance.now() - startedMs;
      resolve({ code, signal, stdout: stdout(), stderr: stderr(), durationMs, children: [...children] });
    });
  });
  // Whoever ends it by its handle need not wait for it.
  ended.catch(() => undefined);
  return { child, stdout, stderr, ended };
};

/** What ended commands have started. */
const orphans: number[] = [];

/** Fails where ended commands have left processes behind for longer than it takes to notice their end. */
export const assertNoLeftovers = async (): Promise<void> => {
  let living = livingOf(orphans);
  for (let waitedMs = 0; living.length > 0 && waitedMs < 10_000; waitedMs += 50) {
    await pause(50);
    living = livingOf(living);
  }
  if (living.length > 0) throw new Error(`left behind: the processes ${living.join(', ')}`);
};

/** Waits until what a command writes matches, for 40 s unless told otherwise, and gives the match back. */
export const matching = async (text: () => string, pattern: RegExp, withinMs = 40_000): Promise<string> => {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 20) {
    const match = pattern.exec(text());
    if (match !== null) return match[0];
    await pause(20);
  }
  throw new Error(`${pattern} is not in ${JSON.stringify(text())}`);
};

const textOf = (stream: Readable): (() => string) => {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
};

/** What a program needs to start; no NO_COLOR, CI, CONTEND_* or NODE_OPTIONS of whoever runs the tests. */
const inherited = (): { readonly [name: string]: string } =>
  Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
