// contend alone under growing work: connections, requests, bodies, steps, modes, threads; one run each, against nginx.
// `node test/bench/growth.mjs [--quick] [--markdown]`, with the built dist.
import { cpus } from 'node:os';
import { getScenario, percent, runContend } from './contend.mjs';
import { cell, printHeading, printNotes, printTable, threeDigits, whole } from './figures.mjs';
import { goal, printGoals } from './goals.mjs';
import { bodySizes, startNginx } from './nginx.mjs';
import { machine, quick } from './options.mjs';
import { noiseNotes } from './pinned-run.mjs';

const users = 64;
const seconds = quick ? 2 : 3;
const duration = `${seconds}s`;
const load = { users, duration };
const nginxCore = 0;
const oneCore = 1;
// With two cores, threads share one of them with nginx, and a row with one thread uses the same two for comparison.
const cores = cpus().length;
const threadCores = cores > 2 ? `1-${cores - 1}` : '0-1';

const nginx = await startNginx(nginxCore);
const runs = [];
const problems = [];

const measure = async (name, changes, how = {}) => {
  process.stderr.write(`${name}\n`);
  const run = await runContend(getScenario(nginx, changes), { cores: oneCore, nginx, seconds, ...how });
  runs.push(run);
  if (run.problem !== undefined) problems.push(`${name}: ${run.problem}`);
  const mode = run.result?.modes[0];
  return {
    name,
    perSecond: mode === undefined ? undefined : mode.throughputPerSecond * mode.steps.length,
    cpuUs: run.steady?.cpuUsPerRequest,
    p50Us: mode?.responseTimeUs.p50,
    p99Us: mode?.responseTimeUs.p99,
    collecting: run.collecting,
    peakMb: run.peakBytes / 1e6,
  };
};

const print = (heading, first, rows, more = []) => {
  printHeading(heading);
  printTable([
    [first, 'requests/s', ...more.map(([title]) => title), 'CPU µs', 'p50 ms', 'p99 ms', 'GC', 'peak MB'],
    ...rows.map((row) => [
      row.name,
      whole(row.perSecond),
      ...more.map(([, of]) => of(row)),
      cell(row.cpuUs, 1),
      threeDigits(row.p50Us / 1000),
      threeDigits(row.p99Us / 1000),
      percent(row.collecting),
      cell(row.peakMb),
    ]),
  ]);
};

const inTurn = async (all, one) => {
  const rows = [];
  for (const each of all) rows.push(await one(each));
  return rows;
};

const connections = await inTurn(quick ? [1, 64, 1000] : [1, 64, 1000, 10_000], async (count) =>
  measure(whole(count), { load: { users: count, duration } }),
);
print('Connections', 'connections', connections);

const requests = await inTurn(quick ? [1e4, 1e5] : [1e4, 1e5, 1e6, 1e7], async (iterations) =>
  measure(whole(iterations), { load: { users, iterations } }, { seconds: Infinity, limitSeconds: 900 }),
);
print('Requests, 64 connections', 'requests', requests);

const bodies = await inTurn(bodySizes, async (size) => ({
  ...(await measure(`${whole(size)} B`, { path: `/body/${size}`, load })),
  size,
}));
print('Body of the answer, 64 connections', 'body', bodies, [
  ['MB/s', ({ perSecond, size }) => cell((perSecond * size) / 1e6)],
]);

const steps = await inTurn([1, 5, 20], async (count) => {
  const all = Array.from({ length: count }, (_, at) => ({ name: `read-${at}`, get: '/', expect: { status: 200 } }));
  return measure(`${count}`, { steps: all, load });
});
print('Steps of an iteration, whose times these are; 64 connections', 'steps', steps);

const variants = Object.entries({
  'lock-free': 'none',
  'locked': 'mutex',
  'two-locks': 'request-response',
  'header': { lock: 'none', headers: { 'x-variant': 'a' } },
  'locked-header': { lock: 'mutex', headers: { 'x-variant': 'b' } },
});
const modes = await inTurn([1, 3, 5], async (count) =>
  measure(
    `${count}`,
    { load, rounds: 6, modes: Object.fromEntries(variants.slice(0, count)) },
    // The first mode's slots are spread over the run, so this takes the CPU time of all modes together.
    { seconds: seconds * count },
  ),
);
print('Modes, 6 rounds; the times are those of the first mode, lock-free, 64 connections', 'modes', modes);

const threads = await inTurn([1, 2], async (workers) =>
  measure(`${workers}`, { load, workers }, { cores: threadCores }),
);
print(`Threads on cores ${threadCores}, 64 connections`, 'threads', threads);
nginx.end();

printGoals([
  goal(
    `peak memory of ${requests.at(-1).name} requests, less that of ${requests[0].name}, MB: at most 10`,
    requests.at(-1).peakMb - requests[0].peakMb,
    (mb) => mb <= 10,
  ),
  goal('peak memory with 5 modes, MB: below 150', modes.at(-1).peakMb, (mb) => mb < 150),
]);
printNotes([
  `${machine()}; nginx on core ${nginxCore}, contend on core ${oneCore} where nothing else is said.`,
  'CPU µs: of the process, for one request, in the middle of the run; – where the run was too short for a middle.',
  ...noiseNotes(runs),
  ...problems,
]);
