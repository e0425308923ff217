import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { built, root } from '../cli/contend.ts';
import { childrenOf } from '../cli/processes.ts';

/** A program that runs another one in a new pseudo-terminal, with its own input and output at the other end. */
const inTerminal = (argv: readonly string[]): readonly [string, ...string[]] | undefined => {
  // Ends as a shell would tell it: 128 + n for signal n.
  const python =
    'import os, pty, sys; code = os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])); sys.exit(code if code >= 0 else 128 - code)';
  if (works('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode'])) return ['python3', '-c', python, ...argv];
  const quoted = argv.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  return works('script', ['-qec', 'true', '/dev/null']) ? ['script', '-qec', `exec ${quoted}`, '/dev/null'] : undefined;
};

const works = (program: string, argv: readonly string[]): boolean =>
  spawnSync(program, argv, { stdio: 'ignore' }).status === 0;

/** Why there is no terminal here; empty where there is. */
export const noTerminal =
  inTerminal([]) === undefined ? 'no pseudo-terminal: apt-get install python3, or bsdutils for script' : '';

/** A command in a terminal of its own, its standard output in a file. */
export interface InTerminal {
  /** Ctrl-C: the kernel sends SIGINT to everything in the foreground of the terminal. */
  readonly interrupt: () => void;
  /** SIGKILL to contend itself. */
  readonly kill: () => void;
  /** What it wrote to the terminal so far: progress. */
  readonly shown: () => string;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly stdout: string;
    readonly descendants: readonly number[];
  }>;
}

/** Starts the built command in a terminal, `stdout` being the file for its standard output. */
export const startInTerminal = (argv: readonly string[], stdout: string): InTerminal => {
  const command = ['sh', '-c', 'out=$1; shift; exec "$@" > "$out"', 'sh', stdout, process.execPath, built, ...argv];
  const [program, ...args] = inTerminal(command)!;
  // A terminal's input: nobody types, and it stays open.
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm' },
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const descendants = new Set<number>();
  const look = setInterval(() => {
    for (const pid of below(child.pid!)) descendants.add(pid);
  }, 50);
  const ended = once(child, 'close').then(async ([code]) => {
    clearInterval(look);
    return { code: code as number | null, stdout: await readFile(stdout, 'utf8'), descendants: [...descendants] };
  });
  return {
    interrupt: () => void child.stdin.write('\u0003'),
    kill: () => {
      const [contend] = childrenOf(child.pid!);
      process.kill(contend!, 'SIGKILL');
    },
    shown: () => shown,
    ended,
  };
};

const below = (pid: number): readonly number[] => childrenOf(pid).flatMap((child) => [child, ...below(child)]);
