// Loaded into contend before anything else: measures how much of its CPU time goes into garbage collection, excluding startup.
const { PerformanceObserver } = require('node:perf_hooks');
const { writeFileSync } = require('node:fs');
const { threadId } = require('node:worker_threads');

const settleMs = 1500;
const file = process.env.CONTEND_BENCH_GC;

if (file !== undefined) {
  let collectingMs = 0;
  let fromUs;
  const cpuUs = () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  };
  const take = (entries) => {
    for (const { startTime, duration } of entries) if (startTime >= settleMs) collectingMs += duration;
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  setTimeout(() => (fromUs = cpuUs()), settleMs - performance.now()).unref();
  process.on('exit', () => {
    take(observer.takeRecords());
    if (fromUs === undefined) return;
    // In a process with several threads, each thread writes its own collecting time, and the CPU time of all.
    writeFileSync(`${file}.${threadId}`, JSON.stringify({ collectingMs, cpuMs: (cpuUs() - fromUs) / 1000 }));
  });
}
