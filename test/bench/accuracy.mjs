// Whether a stall is measured as callers would feel it: a server that answers nothing for 2 s of every 10, under 1,000 arrivals a
// second and 2,000 users. A fifth of the arrivals wait, evenly between 0 and 2 s: p90 1,000, p99 1,900, p99.9 1,990 ms. One whole
// period is warm-up for both sides, and one is measured. Generator and server get a core each: a scheduler that puts both on one of
// two cores delays one of them by 4 ms at a time, just in the burst.
// `node test/bench/accuracy.mjs`, with the built dist.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Histogram } from '../../dist/src/core/recording/histogram.js';
import { Live } from '../../dist/src/core/recording/live.js';
import { measureSlot } from '../../dist/src/measure/runner/slot.js';
import { printTable } from './figures.mjs';
import { refuse } from './options.mjs';

const periodUs = 10_000_000;
const timeoutUs = 10_000_000;
const path = new URL('../truth/server.mjs', import.meta.url);
if (spawnSync('taskset', ['--version']).error !== undefined) {
  refuse('taskset is not installed, and without a core each the figures mean nothing.', 'apt install util-linux');
}
spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', '0', String(process.pid)]);
const server = spawn('taskset', ['--cpu-list', '1', process.execPath, fileURLToPath(path)], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const { barePort } = JSON.parse((await once(server.stdout, 'data'))[0].toString());
const step = { kind: 'request', name: 'get', method: 'GET', path: '/periodic/10000/2000', headers: {}, capture: {} };
const mode = {
  name: 'lock-free',
  load: {
    kind: 'open',
    arrival: { name: 'even', options: {} },
    ratePerSecond: 1000,
    stages: [],
    queue: null,
    users: 2000,
    stop: { kind: 'duration', durationUs: periodUs },
    warmupUs: periodUs,
    drainUs: timeoutUs,
  },
  data: {},
  lock: { name: 'none', options: {} },
  workers: 1,
  pacing: 'hybrid',
  transport: { name: 'wire', options: {} },
  timeouts: { connectUs: timeoutUs, lockUs: timeoutUs },
  process: { kind: 'pause', us: 0 },
  before: [],
  steps: [{ kind: 'critical', steps: [{ ...step, expect: {}, timeoutUs }] }],
  observe: [],
  reads: [],
};
const { recording } = await measureSlot({
  mode,
  endpoint: { origin: `http://127.0.0.1:${barePort}`, addresses: ['127.0.0.1'], tls: { insecure: false } },
  cores: 2,
  seed: 1,
  round: 0,
  rounds: 1,
  position: 0,
  clock: { now: () => Math.floor(performance.now() * 1000) },
  signal: new AbortController().signal,
  live: new Live(),
  cpuUs: () => 0,
  wallClockMs: () => Date.now(),
});
server.stdin.end();

const response = Histogram.from(recording.times.response);
const row = (percent, expectedMs) => {
  const ms = response.percentile(percent) / 1000;
  return [`p${percent}`, expectedMs, ms.toFixed(1), `${((ms / expectedMs - 1) * 100).toFixed(2)} %`];
};
printTable([
  [`${recording.iterations.completed} of ${recording.iterations.scheduled}`, 'expected ms', 'measured ms', 'off by'],
  ['p50', 'below 5', (response.percentile(50) / 1000).toFixed(2), ''],
  row(90, 1000),
  row(99, 1900),
  row(99.9, 1990),
]);
response.free();
