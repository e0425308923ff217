import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ContendError } from '../core/errors.ts';
import type { Answer, Ask, Failure, Told } from './keeper/protocol.ts';

/** The process that keeps another one, as contend sees it. */
export interface KeeperProcess {
  /** The folder it made. */
  readonly folder: string;
  /** Resolves if the process it keeps, or the keeper itself, ends by itself; pending otherwise. */
  readonly died: Promise<Failure>;
  /** Sends a request, and gives its answer. Rejects with the signal's reason if that comes first. */
  ask(ask: Ask, signal?: AbortSignal): Promise<Answer>;
  /** Makes it end what it keeps, clean up and exit, and waits for that. */
  close(): Promise<void>;
}

const outputKeptChars = 4000;

/**
 * Starts a keeper, which makes its folder. It is a process in its own session, which Ctrl-C does not reach, and whose input ends
 * when this process does, however that ends.
 *
 * @throws {ContendError} ERR_SERVE; the signal's reason
 */
export const startKeeper = async (execPath: string, told: Told, signal: AbortSignal): Promise<KeeperProcess> => {
  const entry = fileURLToPath(new URL('./keeper-entry.js', import.meta.url));
  const child = spawn(execPath, [entry], { cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-outputKeptChars);
  });
  const gone = new Promise<Failure>((resolve) => {
    const end = (how: string): void =>
      resolve({
        failed: `has lost its keeper, which ${how}`,
        lines: stderr.split('\n').filter((line) => line !== ''),
      });
    child.on('error', (error) => end(`could not be started: ${error.message}`));
    child.on('close', (code, how) => end(`ended with ${code ?? how}`));
  });
  const answers = createInterface({ input: child.stdout });
  let answered: ((answer: Answer) => void) | undefined;
  const died = new Promise<Failure>((resolve) => {
    void gone.then(resolve);
    answers.on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      if ('died' in answer) resolve(answer.died);
      else answered?.(answer);
    });
  });
  const next = async (line: object, signal?: AbortSignal): Promise<Answer> => {
    signal?.throwIfAborted();
    let interrupted: (() => void) | undefined;
    try {
      return await new Promise<Answer>((resolve, reject) => {
        answered = resolve;
        interrupted = () => reject(signal?.reason as Error);
        signal?.addEventListener('abort', interrupted, { once: true });
        void gone.then(resolve);
        child.stdin.write(`${JSON.stringify(line)}\n`);
      });
    } finally {
      signal?.removeEventListener('abort', interrupted!);
    }
  };
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const closed = once(child, 'close');
    child.stdin.end();
    await closed;
  };
  try {
    const first = await next(told, signal);
    if (!('folder' in first))
      throw new ContendError('ERR_SERVE', `a process that is to be started ${(await gone).failed}`);
    return { folder: first.folder, died, ask: next, close };
  } catch (error) {
    await close();
    throw error;
  }
};
