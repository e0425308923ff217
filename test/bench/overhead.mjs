// What the engine adds to a request: one GET, lock-free, its status checked, everything recorded, compared with a bare loop on the
// same transport that records its response times.
// `node test/bench/overhead.mjs [rounds] [users …] [--markdown]`, with the built dist.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Histogram } from '../../dist/src/core/recording/histogram.js';
import { Live } from '../../dist/src/core/recording/live.js';
import { newUser } from '../../dist/src/measure/user.js';
import { measureSlot } from '../../dist/src/measure/runner/slot.js';
import { transports } from '../../dist/src/measure/transport/index.js';
import { median, middleHalf, printHeading, printTable, quantile } from './figures.mjs';
import { numbers } from './options.mjs';

const slotUs = 750_000;
const timeoutUs = 10_000_000;
const clock = { now: () => Math.floor(performance.now() * 1000) };

const endpointOf = (origin) => ({ origin, addresses: ['127.0.0.1'], tls: { insecure: false } });

const bare = async (origin, users) => {
  const over = new AbortController();
  const endpoint = endpointOf(origin);
  const transport = (await transports.wire())({ endpoint, connectTimeoutUs: timeoutUs, clock, signal: over.signal });
  const send = transport.prepare({ method: 'GET', path: '/', headers: [], keep: 'status', timeoutUs });
  const response = Histogram.empty();
  const untilUs = clock.now() + slotUs;
  const live = async (user) => {
    for (let startedUs = clock.now(); startedUs < untilUs; startedUs = clock.now()) {
      await send(user);
      response.record(clock.now() - startedUs);
    }
  };
  await Promise.all(Array.from({ length: users }, (_, index) => live(newUser(index, 0))));
  await transport.close();
  return response;
};

const contend = async (origin, users) => {
  const step = { kind: 'request', name: 'get', method: 'GET', path: '/', headers: {}, capture: {}, timeoutUs };
  const stop = { kind: 'duration', durationUs: slotUs };
  const mode = {
    name: 'lock-free',
    target: origin,
    load: { kind: 'closed', users, stop, warmupUs: 0, drainUs: timeoutUs, thinkUs: [0, 0], stages: [] },
    data: {},
    lock: { name: 'none', options: {} },
    workers: 1,
    pacing: 'auto',
    transport: { name: 'wire', options: {} },
    tls: { insecure: false },
    timeouts: { connectUs: timeoutUs, lockUs: timeoutUs },
    process: { kind: 'pause', us: 0 },
    before: [],
    steps: [{ kind: 'critical', steps: [{ ...step, expect: { status: [200] } }] }],
    observe: [],
    reads: [],
    violations: 'forbidden',
    differentWorkload: false,
  };
  const slot = {
    mode,
    endpoint: endpointOf(origin),
    cores: 1,
    seed: 1,
    round: 0,
    rounds: 1,
    position: 0,
    clock,
    signal: new AbortController().signal,
    live: new Live(),
    cpuUs: () => 0,
    wallClockMs: () => Date.now(),
  };
  const { iterations, times } = (await measureSlot(slot)).recording;
  if (iterations.completed !== iterations.begun) throw new Error(`${iterations.failed} iterations failed`);
  return Histogram.from(times.response);
};

/** One slot: this process's CPU time from start to finish, including connecting and closing the recording. */
const measured = async (way, origin, users) => {
  const before = process.cpuUsage();
  const response = await way(origin, users);
  const { user, system } = process.cpuUsage(before);
  const { count } = response;
  const figures = {
    perSecond: (count * 1e6) / slotUs,
    p50Us: response.percentile(50),
    p99Us: response.percentile(99),
    cpuUs: (user + system) / count,
  };
  response.free();
  return figures;
};

/** The bound of the best quarter of the slots: other load on the machine can only make a slot worse. */
const bestQuarter = (numbers, figure) => quantile(numbers, figure === 'perSecond' ? 0.75 : 0.25);

const [rounds = 24, ...userCounts] = numbers;
const server = spawn(process.execPath, [fileURLToPath(new URL('server.mjs', import.meta.url))], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [ready] = await once(server.stdout, 'data');
// A core each, for all threads of both, if the system can do that. Otherwise they sometimes take turns on one.
const pinned = [process.pid, server.pid].map(
  (pid, core) => spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', core, pid].map(String)).status === 0,
);
process.stdout.write(
  pinned.every(Boolean) ? '' : 'not pinned: the figures are those of a machine that moves processes\n',
);
printHeading('What the engine adds to the transport');
const origin = `http://127.0.0.1:${JSON.parse(ready).port}`;

for (const users of userCounts.length > 0 ? userCounts : [1, 8, 64]) {
  const slots = { bare: [], contend: [] };
  await bare(origin, users);
  await contend(origin, users);
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? ['bare', 'contend'] : ['contend', 'bare'];
    for (const name of order) slots[name].push(await measured(name === 'bare' ? bare : contend, origin, users));
  }
  const of = (name, figure) => slots[name].map((slot) => slot[figure]);
  const paired = (figure, pair) => slots.contend.map((slot, at) => pair(slot[figure], slots.bare[at][figure]));
  const row = (name, cell) => [name, cell('perSecond', 0), cell('p50Us', 0), cell('p99Us', 0), cell('cpuUs', 1)];
  printTable([
    [`${users} users, ${rounds} rounds`, 'requests/s', 'p50 µs', 'p99 µs', 'CPU µs/request'],
    row('bare', (figure, digits) => median(of('bare', figure)).toFixed(digits)),
    row('contend', (figure, digits) => median(of('contend', figure)).toFixed(digits)),
    row('bare, best quarter', (figure, digits) => bestQuarter(of('bare', figure), figure).toFixed(digits)),
    row('contend, best quarter', (figure, digits) => bestQuarter(of('contend', figure), figure).toFixed(digits)),
    row('ratio in pairs (middle half)', (figure) =>
      middleHalf(
        paired(figure, (a, b) => a / b),
        2,
      ),
    ),
    row('difference in pairs', (figure) =>
      middleHalf(
        paired(figure, (a, b) => a - b),
        figure === 'cpuUs' ? 1 : 0,
      ),
    ),
  ]);
}
server.stdin.end();
