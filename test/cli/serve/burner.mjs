// Uses so much of a core for so long when it is told to, and says what it used itself: `go <share> <ms> <how>`.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
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

const ways = {
  // By the clock, so that it is the share of a core that it says where nobody else wants one.
  itself: async (share, ms) => {
    for (let passed = 0; passed < ms; passed += 20) {
      spinClock(20 * share);
      await pause(20 * (1 - share));
    }
  },
  threads: async (share, ms) => {
    for (let thread = 0; thread < 10; thread++)
      await once(new Worker(new URL(import.meta.url), { workerData: (ms * share) / 10 }), 'exit');
  },
  children: async (share, ms) => {
    for (let child = 0; child < 5; child++)
      spawnSync(process.execPath, [process.argv[1], 'child', String((ms * share) / 5)]);
  },
};

if (!isMainThread) spinClock(workerData);
else if (process.argv[2] === 'child') spin(Number(process.argv[3]));
else {
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const [share, ms, how] = line.split(' ');
    const before = cpuMs();
    await ways[how](Number(share), Number(ms));
    console.log(JSON.stringify({ usedMs: cpuMs() - before }));
  }
}
