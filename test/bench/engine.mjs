// What the engine alone costs for an iteration of one GET, lock-free, its status checked, everything recorded: on a transport that
// answers at once, compared with a bare loop on the same transport. No network, so none of its noise.
// `node test/bench/engine.mjs [--markdown]`
import { setMaxListeners } from 'node:events';
import { Histogram } from '../../dist/src/core/recording/histogram.js';
import { Live } from '../../dist/src/core/recording/live.js';
import { live } from '../../dist/src/measure/engine/live.js';
import { compileIteration } from '../../dist/src/measure/iteration/compile.js';
import { Pauses } from '../../dist/src/measure/pauses.js';
import { newUser } from '../../dist/src/measure/user.js';
import { HistoryLogs } from '../../dist/src/measure/record/history-log.js';
import { closed } from '../../dist/src/measure/load/closed.js';
import { Recorder } from '../../dist/src/measure/record/recorder.js';
import { median, printHeading, printTable } from './figures.mjs';
import { quick } from './options.mjs';

const users = 64;
const iterations = 640_000;
const runs = quick ? 3 : 7;
const clock = { now: () => Math.floor(performance.now() * 1000) };
const { signal } = new AbortController();
// Each run has its own pauses that listen to it.
setMaxListeners(0, signal);

/** An answer of 300 bytes; a capture reads one value of it. */
const body = JSON.stringify({
  id: 7,
  name: 'a product with a name',
  price: 12.5,
  tags: ['a', 'b', 'c'],
  stock: 999_931,
  at: '2026-11-30T12:16:06.123Z',
  uuid: '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  seller: { id: 12, name: 'somebody', mail: 'a@example.com' },
  text: 'what is said of it, in some more words, and without a digit',
});

const transport = {
  prepare: () => async (user, answered) => {
    const { exchange } = user;
    exchange.sentUs = clock.now();
    exchange.status = 200;
    exchange.body = body;
    exchange.doneUs = clock.now();
    return answered?.(user);
  },
};

const bare = async () => {
  const send = transport.prepare();
  const response = Histogram.empty();
  const one = async (user) => {
    for (let iteration = 0; iteration < iterations / users; iteration++) {
      const startedUs = clock.now();
      await send(user);
      response.record(clock.now() - startedUs);
    }
  };
  await Promise.all(Array.from({ length: users }, (_, index) => one(newUser(index, 0))));
  response.free();
};

const step = { kind: 'request', name: 'get', method: 'GET', path: '/', headers: {}, capture: {}, timeoutUs: 1e7 };
const mode = {
  data: {},
  lock: { name: 'none', options: {} },
  process: { kind: 'pause', us: 0 },
  steps: [{ kind: 'critical', steps: [{ ...step, expect: { status: [200] } }] }],
  observe: [],
};

/** The same with a value captured from each answer. */
const capturing = {
  ...mode,
  steps: [{ kind: 'critical', steps: [{ ...step, expect: { status: [200] }, capture: { stock: 'body.stock' } }] }],
};

/** The same with a history of each iteration: one read and one pass through a section, written to a file that discards everything. */
const watchedMode = {
  ...mode,
  observe: [
    {
      model: 'register',
      step: 'get',
      operation: 'read',
      key: 'all',
      value: { answered: 'status' },
      spansSection: false,
    },
  ],
};
const nowhere = () => ({ write: () => undefined, close: () => undefined });

const draw = { size: 10_000, seed: 1, mode: 'mode', round: 0, worker: 0 };

const engine = async (of = mode, more = {}) => {
  const histories = of.observe.length === 0 ? undefined : new HistoryLogs('none', nowhere);
  const window = { fromUs: clock.now(), toUs: Infinity, middleUs: -Infinity };
  const steps = [{ name: 'get', opens: true }];
  const recorder = new Recorder({ steps, users, isOpen: false, window, live: new Live(), ...more });
  const pauses = new Pauses(signal);
  const parts = { transport, lock: {}, tally: recorder, clock, pauses, seed: 1 };
  const historyOf = histories === undefined ? undefined : (model) => histories.of(model);
  const iteration = compileIteration(of, { ...parts, historyOf });
  const shard = { index: 0, count: 1 };
  const due = { clock, window, iterations, firstIteration: 0, shard, signal, thinkUs: [0, 0], pauses, seed: 1 };
  const arrivals = closed(due);
  const one = async (_, index) => live(newUser(index, iteration.variables), arrivals, iteration, recorder, clock);
  await Promise.all(Array.from({ length: users }, one));
  recorder.finish();
  histories?.finish();
};

/** The median run's CPU time for one iteration, in µs. The first run, which includes compiling, does not count. */
const costUs = async (what) => {
  const costs = [];
  for (let run = 0; run <= runs; run++) {
    const before = process.cpuUsage();
    await what();
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / iterations);
  }
  return median(costs.slice(1));
};

const bareUs = await costUs(bare);
const engineUs = await costUs(engine);
const watchedUs = await costUs(async () => engine(watchedMode));
const capturedUs = await costUs(async () => engine(capturing));
const drawnUs = await costUs(async () => engine(mode, { draw }));
printHeading('The engine alone');
printTable([
  ['one iteration without a network', 'CPU'],
  ['bare loop', `${bareUs.toFixed(2)} µs`],
  ['engine', `${engineUs.toFixed(2)} µs`],
  ['difference', `${(engineUs - bareUs).toFixed(2)} µs`],
  ['engine, a value captured from 300 bytes', `${capturedUs.toFixed(2)} µs`],
  ['engine, 10,000 iterations drawn', `${drawnUs.toFixed(2)} µs`],
  ['engine, every iteration in a history', `${watchedUs.toFixed(2)} µs`],
]);
