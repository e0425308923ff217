import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The server of `server.mjs`, in its own process. */
export interface FaultServer extends AsyncDisposable {
  readonly origin: string;
  /** The same behind a certificate that nobody knows. */
  readonly tlsOrigin: string;
  /** A server that says 400 to whoever speaks TLS to it. */
  readonly plainOrigin: string;
  /** Requests that were read whole, by `POST /silent`, since the last `forget`. */
  counts(): Promise<{ readonly [request: string]: number }>;
  forget(): Promise<void>;
  /** Its process is stopped, not ended: the kernel goes on taking connections, as many as it has room for. */
  freeze(): void;
}

/**
 * Starts the server on free ports of the loopback; it ends by dispose, and by itself with this process.
 *
 * @param backlog how many connections wait to be accepted
 */
export const openFaultServer = async (backlog = 511): Promise<FaultServer> => {
  const main = fileURLToPath(new URL('./server.mjs', import.meta.url));
  const child = spawn(process.execPath, [main, String(backlog)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const ready = once(child.stdout, 'data') as Promise<[Buffer]>;
  const first = await Promise.race([ready, gone.then(([code]) => Promise.reject(new Error(`exit code ${code}`)))]);
  const ports = JSON.parse(first[0].toString()) as { port: number; tlsPort: number; controlPort: number };
  const control = async (path: string): Promise<Response> => fetch(`http://127.0.0.1:${ports.controlPort}${path}`);
  return {
    origin: `http://127.0.0.1:${ports.port}`,
    plainOrigin: `http://127.0.0.1:${ports.controlPort}`,
    tlsOrigin: `https://127.0.0.1:${ports.tlsPort}`,
    counts: async () => (await (await control('/counts')).json()) as { readonly [request: string]: number },
    forget: async () => void (await (await control('/forget')).text()),
    freeze: () => void child.kill('SIGSTOP'),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      child.kill('SIGCONT');
      await gone;
    },
  };
};
