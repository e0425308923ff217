import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ContendError } from '../../src/core/errors.ts';
import type * as Open from '../../src/store/open.ts';

// The built one: it starts main.js beside it, which the sources do not have.
const built = new URL('../../dist/src/store/open.js', import.meta.url).href;
const { openStore } = (await import(built)) as typeof Open;
const options = { execPath: process.execPath, serviceUs: 0 };

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

const refusesSoon = (port: number): Promise<void> =>
  vi.waitFor(async () => expect(await accepts(port)).toBe(false), { timeout: 10_000, interval: 20 });

const portOf = (origin: string): number => Number(new URL(origin).port);

/** The next text that a process writes: what these parents say is one line at a time. */
const nextLine = async (child: ChildProcess): Promise<string> => {
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer];
  return chunk.toString().trim();
};

/** A process of its own that opens a store, says its origin and stays. */
const parent = (before = ''): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `${before}
       const { openStore } = await import(${JSON.stringify(built)});
       const store = await openStore({ execPath: process.execPath, serviceUs: 0 });
       process.stdout.write(store.origin + '\\n');
       setInterval(() => {}, 1000);`,
    ],
    { detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
  );

const refusalOf = async (opening: Promise<unknown>): Promise<ContendError> => {
  try {
    await opening;
  } catch (error) {
    return error as ContendError;
  }
  throw new Error('the store opened');
};

afterEach(() => {
  vi.useRealTimers();
});

describe('an opened store', () => {
  test('answers from its first moment, and is gone after dispose', async () => {
    const store = await openStore(options);
    const reset = { method: 'POST', body: JSON.stringify({ products: 2, stock: 5 }) };
    expect((await fetch(`${store.origin}/reset`, reset)).status).toBe(200);
    expect(await (await fetch(`${store.origin}/products/2`)).json()).toMatchObject({ stock: 5 });
    await store[Symbol.asyncDispose]();
    expect(await accepts(portOf(store.origin))).toBe(false);
    await store[Symbol.asyncDispose]();
  });

  test('tells the CPU time of its process, and nothing once it is gone', async () => {
    const store = await openStore(options);
    expect(await store.cpuUs()).toBeGreaterThan(1000);
    await store[Symbol.asyncDispose]();
    expect(await store.cpuUs()).toBeUndefined();
  });

  test('takes its time for each request', async () => {
    await using store = await openStore({ ...options, serviceUs: 50_000 });
    const startedMs = performance.now();
    await fetch(`${store.origin}/products/1`);
    expect(performance.now() - startedMs).toBeGreaterThan(45);
  });
});

describe('a store whose process does otherwise than it should', () => {
  let folder: string | undefined;

  afterEach(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true });
    folder = undefined;
  });

  /** A program in the place of Node. */
  const programOf = async (lines: string): Promise<string> => {
    folder = await mkdtemp(join(tmpdir(), 'contend-store-'));
    const path = join(folder, 'node');
    await writeFile(path, `#!/bin/sh\n${lines}\n`);
    await chmod(path, 0o755);
    return path;
  };

  test('may die during a run: nothing is thrown, and dispose still ends', async () => {
    const execPath = await programOf(`echo $$ > "$(dirname "$0")/pid"; exec "${process.execPath}" "$@"`);
    const store = await openStore({ execPath, serviceUs: 0 });
    process.kill(Number(await readFile(join(folder!, 'pid'), 'utf8')), 'SIGKILL');
    await refusesSoon(portOf(store.origin));
    expect(await store.cpuUs()).toBeUndefined();
    await store[Symbol.asyncDispose]();
  });

  test('is refused with what it wrote to its standard error if it ends early', async () => {
    await using store = await openStore(options);
    const port = portOf(store.origin);
    const { code, message } = await refusalOf(openStore({ ...options, port }));
    expect(code).toBe('ERR_STORE');
    expect(message).toContain('exit code 1');
    expect(message).toContain(`cannot listen on 127.0.0.1:${port}`);
  });

  test('is refused if it cannot be started', async () => {
    const { code, message } = await refusalOf(openStore({ ...options, execPath: '/nowhere/node' }));
    expect(code).toBe('ERR_STORE');
    expect(message).toContain('ENOENT');
  });

  test('is refused, and ended, if it is not ready in 10 s', async () => {
    const execPath = await programOf('exec sleep 600');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const opening = refusalOf(openStore({ ...options, execPath }));
    vi.advanceTimersByTime(10_000);
    const { code, message } = await opening;
    expect(code).toBe('ERR_STORE');
    expect(message).toContain('not ready in 10 s');
  });

  test('is ended by force if its standard input is not enough', async () => {
    // Ready for sure, and deaf: it reads no standard input.
    const execPath = await programOf(`echo '{"port":9}'; exec sleep 600`);
    const store = await openStore({ ...options, execPath });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const disposed = store[Symbol.asyncDispose]();
    vi.advanceTimersByTime(2000);
    await expect(disposed).resolves.toBeUndefined();
  });

  test('is given up when the signal comes first', async () => {
    const execPath = await programOf('exec sleep 600');
    const stop = new AbortController();
    const opening = openStore({ ...options, execPath }, stop.signal);
    stop.abort(new Error('interrupted'));
    await expect(opening).rejects.toThrow('interrupted');
    await expect(openStore(options, stop.signal)).rejects.toThrow('interrupted');
  });
});

describe('the process of a store', () => {
  test('is gone when the one that opened it is killed', async () => {
    const opener = parent();
    const port = portOf(await nextLine(opener));
    expect(await accepts(port)).toBe(true);
    opener.kill('SIGKILL');
    await refusesSoon(port);
  });

  test('is not reached by Ctrl-C in the group of the one that opened it', async () => {
    const opener = parent(`process.on('SIGINT', () => process.stdout.write('interrupted\\n'));`);
    const port = portOf(await nextLine(opener));
    process.kill(-opener.pid!, 'SIGINT');
    expect(await nextLine(opener)).toBe('interrupted');
    expect(await accepts(port)).toBe(true);
    opener.kill('SIGKILL');
    await refusesSoon(port);
  });

  test('survives a SIGINT of its own, says one line, and ends with its standard input', async () => {
    const main = fileURLToPath(new URL('../../dist/src/store/store-entry.js', import.meta.url));
    const child = spawn(process.execPath, [main, '{"serviceUs":0,"port":0}'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    let said = '';
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    await vi.waitFor(() => expect(said).toMatch(/^\{"port":\d+\}\n$/), { timeout: 10_000 });
    child.kill('SIGINT');
    const { port } = JSON.parse(said) as { port: number };
    expect((await fetch(`http://127.0.0.1:${port}/stats`)).status).toBe(200);
    child.stdin.end();
    expect(await exited).toEqual([0, null]);
    expect(said.trim().split('\n')).toHaveLength(1);
  });
});
