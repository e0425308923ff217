import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Output } from './output.ts';
import type { Command } from './protocol.ts';

/** A command that was started, in a process group of its own. */
export interface Launched {
  /** `undefined` if it could not be started. */
  readonly pid: number | undefined;
  /** How it ended, as the rest of a sentence, once all its output has been read. Never rejects. */
  readonly ended: Promise<{ readonly how: string; readonly isWell: boolean }>;
}

/** How long to wait for output written by others after the process itself has ended. */
const lastWordsMs = 500;

/**
 * Starts a command; its output goes into `output`. Never throws.
 *
 * @param markFd an open file that it gets as its first descriptor after the usual three
 */
export const launch = ({ words, cwd, env }: Command, output: Output, markFd: number): Launched => {
  const [program, ...others] = words;
  if (!existsSync(cwd)) {
    return {
      pid: undefined,
      ended: Promise.resolve({ how: `could not be started: there is no folder ${cwd}`, isWell: false }),
    };
  }
  // Detached: its own group and session. Ctrl-C in the terminal does not reach it, and one signal ends all of it.
  const child = spawn(program, others, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe', markFd] });
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (bytes: Buffer) => output.add(bytes));
  const ended = new Promise<Awaited<Launched['ended']>>((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? `there is no program ${program}` : error.message;
      resolve({ how: `could not be started: ${why}`, isWell: false });
    });
    const end = (code: number | null, signal: NodeJS.Signals | null): void =>
      resolve({ how: code === null ? `was ended by ${signal}` : `ended with exit code ${code}`, isWell: code === 0 });
    child.on('close', end);
    // A background process may keep the pipe open as long as it lives.
    child.on('exit', (code, signal) => void setTimeout(end, lastWordsMs, code, signal));
  });
  return { pid: child.pid, ended };
};
