import { messageOf } from '../core/errors.ts';
import { MemoryStore } from './memory.ts';
import type { StoreOptions } from './open.ts';
import { listen } from './server.ts';

// The store's own process: `node main.js '{"serviceUs":1000,"port":0}'`. Says {"port":N} when it is ready, and ends
// with its standard input: that closes however the process at the other end goes.

const end = (): never => process.exit(0);
process.stdin.on('end', end).on('close', end).on('error', end).resume();

// Ctrl-C reaches the whole process group; the run still has requests in flight and values to read back.
process.on('SIGINT', () => undefined);

const cpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

try {
  const { serviceUs, port } = JSON.parse(process.argv[2] ?? '') as StoreOptions;
  const server = await listen(new MemoryStore({ serviceUs }), { port, cpuUs });
  process.stdout.write(`{"port":${server.port}}\n`);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
