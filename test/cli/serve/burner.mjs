// Uses so much of a core for so long when it is told to, and says what it used itself: `go <share> <ms> <how>`.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readSync, writeSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const spin = (ms) => {
  const until = cpuMs() + ms;
  while (cpuMs() < until) for (let at = 0; at < 10_000; at++) Math.sqrt(at);
};

const spinClock = (ms) => {
  const until = performance.now() + ms;
  while (performance.now() < until) for (let at = 0; at < 10_000; at++) Math.sqrt(at);
};

const nobody = new Int32Array(new SharedArrayBuffer(4));

const ways = {
  // By the clock, so that it is the share of a core that it says where nobody else wants one.
  itself: (share, ms) => {
    for (let passed = 0; passed < ms; passed += 20) {
      spinClock(20 * share);
      Atomics.wait(nobody, 0, 0, 20 * (1 - share));
    }
  },
  threads: async (share, ms) => {
    for (let thread = 0; thread < 10; thread++)
      await once(new Worker(new URL(import.meta.url), { workerData: (ms * share) / 10 }), 'exit');
  },
  children: (share, ms) => {
    for (let child = 0; child < 5; child++)
      spawnSync(process.execPath, [process.argv[1], 'child', String((ms * share) / 5)]);
  },
};

// No event loop, no stream and no garbage lie between what is counted here and what is counted from outside: it sleeps in one system
// call until it is told to begin, and says in another one what it used.
const told = new Uint8Array(100);

if (!isMainThread) spinClock(workerData);
else if (process.argv[2] === 'child') spin(Number(process.argv[3]));
else {
  writeSync(1, 'ready\n');
  for (let length = readSync(0, told); length > 0; length = readSync(0, told)) {
    const before = cpuMs();
    const [share, ms, how] = new TextDecoder().decode(told.subarray(0, length)).trim().split(' ');
    await ways[how](Number(share), Number(ms));
    const usedMs = cpuMs() - before;
    writeSync(1, `${usedMs}\n`);
  }
}
