import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { get } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ContendError } from '../core/errors.ts';
import { parseStoreTarget, type StoreTarget } from './target.ts';

export { parseStoreTarget, type StoreTarget };

/**
 * Checks that what a store needs, and what is not installed with contend, is there.
 *
 * @throws {ContendError} ERR_MISSING_PACKAGE
 */
export const checkStore = async (
  { connections }: StoreTarget,
  env: { readonly [name: string]: string | undefined },
): Promise<void> => {
  if (connections === undefined) return;
  await (await import('./postgres/packages.ts')).loadPg();
  if (env['DATABASE_URL'] === undefined) (await import('./postgres/own/binaries.ts')).findBinaries(env['PATH'] ?? '');
};

/** The settings for the store's process. */
export interface StoreOptions extends StoreTarget {
  /** 0: any free port. */
  readonly port: number;
}

/** A store in its own process, ready to be used. */
export interface OpenStore extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** CPU time that the store's process has used, in µs. `undefined` if it no longer answers. */
  cpuUs(): Promise<number | undefined>;
  /**
   * Ends the process, by force if it takes longer than 2 s (15 s on PostgreSQL), and waits until it is gone. A second call does
   * nothing.
   */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Creating a database takes a second or two, and longer on a busy machine. */
const readyWithinMs = { memory: 10_000, postgres: 90_000 };
const endWithinMs = { memory: 2000, postgres: 15_000 };
const statsWithinMs = 2000;
const outputKeptChars = 4000;

/**
 * Starts a store in a process of its own, so that it takes no time from the generator's thread.
 *
 * The process ends when disposed of, and by itself when this one ends, in whatever way. So does the database it has started. It may
 * also die on its own: then its origin refuses connections, and nothing is thrown here. Rejects with `ERR_STORE`, and what the
 * process wrote to its standard error, if it ends early or is not ready in 10 s (90 s on PostgreSQL); with the signal's reason if
 * that comes first.
 *
 * @param options `execPath`: the Node that runs it; `port` 0 unless given; and what the target says
 */
export const openStore = async (
  { execPath, port = 0, ...target }: StoreTarget & { readonly execPath: string; readonly port?: number },
  signal?: AbortSignal,
): Promise<OpenStore> => {
  signal?.throwIfAborted();
  const told: StoreOptions = { ...target, port };
  const kind = target.connections === undefined ? 'memory' : 'postgres';
  const entry = fileURLToPath(new URL('./store-entry.js', import.meta.url));
  // Detached: a process group of its own, which Ctrl-C in the terminal does not reach.
  const child = spawn(execPath, [entry, JSON.stringify(told)], {
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A pipe to a dead process breaks; `gone` reports the death.
  child.stdin.on('error', () => undefined);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-outputKeptChars);
  });
  const gone = whenGone(child);
  const failed = (how: string): ContendError => {
    const said = stderr.trim();
    return new ContendError('ERR_STORE', `the built-in store ${how}${said === '' ? '' : `: ${said}`}`);
  };

  const withinMs = readyWithinMs[kind];
  const waiting = new AbortController();
  try {
    const ready = await new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => reject(failed(`was not ready in ${withinMs / 1000} s`)), withinMs);
      waiting.signal.addEventListener('abort', () => clearTimeout(late));
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { signal: waiting.signal });
      void gone.then((how) => reject(failed(how)));
      void whenReady(child).then(resolve);
    });
    return {
      origin: `http://127.0.0.1:${ready}`,
      cpuUs: () => cpuUsAt(ready),
      [Symbol.asyncDispose]: () => end(child, gone, endWithinMs[kind]),
    };
  } catch (error) {
    // If it has started a database, that ends by itself.
    child.kill('SIGKILL');
    await gone;
    throw error;
  } finally {
    waiting.abort();
  }
};

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** How it ended; never rejects. `close`, not `exit`: only then has all its output been read. */
const whenGone = (child: Child): Promise<string> =>
  new Promise((resolve) => {
    child.on('error', (error) => resolve(`could not be started: ${error.message}`));
    child.on('close', (code, signal) => resolve(`ended early (${code === null ? signal : `exit code ${code}`})`));
  });

/** The port from the ready line; pending forever if none comes. Reads on afterwards, so that the pipe never fills. */
const whenReady = (child: Child): Promise<number> =>
  new Promise((resolve) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-outputKeptChars);
      const ready = /^\{"port":(\d+)\}$/m.exec(text);
      if (ready !== null) resolve(Number(ready[1]));
    });
  });

const end = async (child: Child, gone: Promise<string>, withinMs: number): Promise<void> => {
  child.stdin.end();
  const force = setTimeout(() => child.kill('SIGKILL'), withinMs);
  await gone;
  clearTimeout(force);
};

/** Not `fetch`, which keeps its connection and refuses some ports. */
const cpuUsAt = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const nothing = (): void => resolve(undefined);
    const request = get(
      { host: '127.0.0.1', port, path: '/stats', agent: false, timeout: statsWithinMs },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', nothing).on('end', () => {
          const cpuUs = /"cpuUs":(\d+)/.exec(text)?.[1];
          resolve(cpuUs === undefined ? undefined : Number(cpuUs));
        });
      },
    );
    request.on('error', nothing).on('timeout', () => request.destroy(new Error('no answer in time')));
  });
