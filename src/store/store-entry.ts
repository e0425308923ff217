import { tmpdir } from 'node:os';
import { messageOf } from '../core/errors.ts';
import { MemoryStore } from './memory.ts';
import type { StoreOptions } from './open.ts';
import { listen } from './server.ts';
import type { Store } from './store.ts';

// The store's own process: `node main.js '{"serviceUs":1000,"port":0}'`. Writes {"port":N} when it is ready, and ends when its
// standard input does, which closes however the process at the other end exits.

let close: () => Promise<void> = async () => undefined;
const end = async (): Promise<never> => {
  await close();
  process.exit(0);
};
let ending: Promise<never> | undefined;
const endOnce = (): void => void (ending ??= end());
process.stdin.on('end', endOnce).on('close', endOnce).on('error', endOnce).resume();

// Ctrl-C reaches the whole process group, but the run still has requests in flight and values to read back.
process.on('SIGINT', () => undefined);

const cpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const open = async ({ serviceUs, connections }: StoreOptions): Promise<Store> => {
  if (connections === undefined) return new MemoryStore({ serviceUs });
  const { openPostgres } = await import('./postgres/open.ts');
  const opened = await openPostgres({
    connections,
    url: process.env['DATABASE_URL'],
    machine: {
      path: process.env['PATH'] ?? '',
      temporary: tmpdir(),
      uid: process.geteuid?.(),
      end: (pid) => process.kill(pid, 'SIGKILL'),
      nowMs: Date.now,
    },
  });
  close = async () => opened[Symbol.asyncDispose]();
  return opened.store;
};

try {
  const options = JSON.parse(process.argv[2] ?? '') as StoreOptions;
  const server = await listen(await open(options), { port: options.port, cpuUs, nowMs: () => performance.now() });
  process.stdout.write(`{"port":${server.port}}\n`);
} catch (error) {
  await close();
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
