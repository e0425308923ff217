import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { startedAt } from '../../../src/serve/proc/tree.ts';
import { Usage } from '../../../src/serve/proc/usage.ts';

/** A process that uses what it is told to, and what is counted of it. */
export interface Burner extends AsyncDisposable {
  readonly usage: Usage;
  /** Has it use so much of a core for so long, with looks in between; what Usage says of it, and it itself. */
  burn(
    share: number,
    ms: number,
    how?: string,
  ): Promise<{ readonly told: number; readonly own: number; readonly bytes: number }>;
}

/** Starts one. */
export const burner = async (): Promise<Burner> => {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.execPath,
    [fileURLToPath(new URL('burner.mjs', import.meta.url))],
    { stdio: ['pipe', 'pipe', 'inherit'], detached: true },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  const usage = new Usage({ ...startedAt(child.pid!), mark: 'NOBODY=has this', markFile: '/no/such/file' });
  return {
    usage,
    burn: async (share, ms, how = 'itself') => {
      usage.begin();
      const looks = setInterval(() => usage.look(), 100);
      child.stdin.write(`${share} ${ms} ${how}\n`);
      const { value } = (await lines.next()) as { readonly value: string };
      clearInterval(looks);
      const { cpuUs, memoryBytes } = usage.read();
      return { told: cpuUs / 1000, own: Number(value), bytes: memoryBytes };
    },
    [Symbol.asyncDispose]: async () => void child.kill('SIGKILL'),
  };
};
