import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** One request as the server saw it, in µs by the server's own clock. */
export interface Stamp {
  readonly path: string;
  readonly receivedUs: number;
  /** When its turn came: `receivedUs`, unless the server holds one request at a time. */
  readonly heldUs: number;
  /** `null`: not answered yet. */
  readonly answeredUs: number | null;
}

/** The server of `server.mjs`, in its own process. */
export interface TruthServer extends AsyncDisposable {
  readonly origin: string;
  /** Serves the same with less work, GET alone. */
  readonly bareOrigin: string;
  /** Every request since the last `forget`, in the order of arrival. */
  stamps(): Promise<readonly Stamp[]>;
  forget(): Promise<void>;
}

/** Starts the server on a free port of the loopback; it ends by dispose, and by itself with this process. */
export const openTruthServer = async (): Promise<TruthServer> => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./server.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const ready = once(child.stdout, 'data') as Promise<[Buffer]>;
  const first = await Promise.race([ready, gone.then(([code]) => Promise.reject(new Error(`exit code ${code}`)))]);
  const { port, barePort } = JSON.parse(first[0].toString()) as { port: number; barePort: number };
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    bareOrigin: `http://127.0.0.1:${barePort}`,
    stamps: async () => (await (await fetch(`${origin}/stamps`)).json()) as readonly Stamp[],
    forget: async () => void (await fetch(`${origin}/forget`, { method: 'POST' })),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await gone;
    },
  };
};
