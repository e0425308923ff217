// Sending on time: contend's open load, hybrid and relaxed, compared with wrk2 and an empty pacer on the same core, in turn.
// `node test/bench/open-loop.mjs [rounds] [--quick] [--markdown]`, with the built dist.
import { fileURLToPath } from 'node:url';
import { getScenario, percent, runContend } from './contend.mjs';
import { cell, medianOfSome, printHeading, printNotes, printTable, whole } from './figures.mjs';
import { goal, printGoals } from './goals.mjs';
import { startNginx } from './nginx.mjs';
import { machine, numbers, quick } from './options.mjs';
import { noiseNotes, pinnedRun } from './pinned-run.mjs';
import { findProgram } from './programs.mjs';
import { readWrk, wrk2Command, wrk2Install } from './tools.mjs';

const users = 64;
const rates = [1000, 10_000, 30_000];
const seconds = quick ? 2 : 4;
const warmupSeconds = 3;
// It calibrates for 10.3 s with 64 connections, and only then starts to count what it calls its latency.
const wrk2Seconds = quick ? 4 : 13;
const [rounds = quick ? 1 : 3] = numbers;
const cores = { nginx: 0, generator: 1 };
const wrk2 = findProgram('wrk2');

const nginx = await startNginx(cores.nginx);

/** How late a generator is that cannot keep up says nothing about its pacing. */
const tooSlow = (perSecond, rate) =>
  perSecond < 0.99 * rate ? `did ${whole(perSecond)} of ${whole(rate)} a second` : undefined;

const contend = (pacing) => async (rate) => {
  const load = { users, rate: `${rate}/s`, warmup: `${warmupSeconds}s`, duration: `${seconds}s` };
  const how = { cores: cores.generator, nginx, seconds: warmupSeconds + seconds };
  const { result, problem, steady, collecting } = await runContend(getScenario(nginx, { load, pacing }), how);
  if (result === undefined) return { problem };
  const [{ throughputPerSecond: perSecond, responseTimeUs: response, sendLagUs: lag }] = result.modes;
  const { cpuShare: busy } = result.generator;
  return { problem: problem ?? tooSlow(perSecond, rate), perSecond, response, lag, busy, steady, collecting };
};

const viaWrk2 = async (rate) => {
  const command = wrk2Command(wrk2, { url: `${nginx.origin}/`, users, seconds: wrk2Seconds, rate });
  const run = await pinnedRun(command, { cores: cores.generator, nginx, seconds: wrk2Seconds });
  const { perSecond, p50Ms, p99Ms } = readWrk(run);
  const response = { p50: p50Ms * 1000, p99: p99Ms * 1000 };
  return { perSecond, response, steady: run.steady };
};

const emptyPacer = async (rate) => {
  const args = [fileURLToPath(new URL('pacer.mjs', import.meta.url)), rate, warmupSeconds, seconds].map(String);
  const how = { cores: cores.generator, nginx, seconds };
  const { code, stdout, stderr } = await pinnedRun({ command: process.execPath, args }, how);
  return code === '0' ? { lag: JSON.parse(stdout) } : { problem: `the empty pacer ended with ${code}: ${stderr}` };
};

const ways = [
  ['contend, hybrid', contend('hybrid')],
  ['contend, relaxed', contend('relaxed')],
  ...(wrk2 === undefined ? [] : [['wrk2', viaWrk2]]),
  ['empty pacer', emptyPacer],
];

const runs = [];
for (let round = 0; round < rounds; round++) {
  for (const rate of rates) {
    for (const [name, way] of round % 2 === 0 ? ways : ways.toReversed()) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${name}, ${rate}/s\n`);
      runs.push({ name, rate, round, ...(await way(rate)) });
    }
  }
}
nginx.end();

const figure = (name, rate, of) =>
  medianOfSome(runs.filter((run) => run.name === name && run.rate === rate).map((run) => of(run)));

printHeading(`Open loop: at most ${users} connections, ${seconds} s each, median of ${rounds} rounds`);
printTable([
  [
    'generator',
    'rate/s',
    'done/s',
    'response p50 µs',
    'p99 µs',
    'send lag p50 µs',
    'p90 µs',
    'p99 µs',
    'CPU',
    'busy',
    'GC',
  ],
  ...rates.flatMap((rate) =>
    ways.map(([name]) => {
      const of = (read) => figure(name, rate, read);
      return [
        name,
        whole(rate),
        whole(of((run) => run.perSecond)),
        whole(of((run) => run.response?.p50)),
        whole(of((run) => run.response?.p99)),
        whole(of((run) => run.lag?.p50)),
        whole(of((run) => run.lag?.p90)),
        whole(of((run) => run.lag?.p99)),
        `${cell(of((run) => run.steady?.cpuShare) * 100)} %`,
        `${cell(of((run) => run.busy) * 100)} %`,
        percent(of((run) => run.collecting)),
      ];
    }),
  ),
]);
const at = 10_000;
const ofHybrid = (read) => figure('contend, hybrid', at, read);
const lagP99 = (run) => run.lag?.p99;
const responseP50 = (run) => run.response?.p50;
printGoals([
  goal(
    `send lag p50 at ${at}/s, µs: at most 10`,
    ofHybrid((run) => run.lag?.p50),
    (us) => us <= 10,
  ),
  goal(
    "its p99 ÷ the empty pacer's: at most 2",
    ofHybrid(lagP99) / figure('empty pacer', at, lagP99),
    (ratio) => ratio <= 2,
  ),
  goal("response p50 ÷ wrk2's: below 1", ofHybrid(responseP50) / figure('wrk2', at, responseP50), (ratio) => ratio < 1),
]);
printNotes([
  `${machine()}; nginx on core ${cores.nginx}, the generator on core ${cores.generator}.`,
  'CPU: of the core, as seen from outside. busy: what contend itself says, turns with nothing to do left out.',
  `wrk2: its corrected latency, ${wrk2Seconds} s${wrk2Seconds > 11 ? ', counted after its calibration' : ''}.`,
  ...(wrk2 === undefined ? [`wrk2 is missing: ${wrk2Install}`] : []),
  ...noiseNotes(runs),
  ...runs.flatMap(({ name, rate, round, problem }) =>
    problem ? [`${name}, ${rate}/s, round ${round + 1}: ${problem}`] : [],
  ),
]);
