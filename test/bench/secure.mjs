// TLS compared with wrk, and HTTP/2 with h2load, against one nginx, in turn: 64 requests in flight, on 64 connections and on one.
// `node test/bench/secure.mjs [rounds] [--quick] [--markdown]`, with the built dist.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { collectingShare, contendCommand, getScenario, percent, readResult } from './contend.mjs';
import { cell, medianOfSome, printHeading, printNotes, printTable, threeDigits, whole } from './figures.mjs';
import { goal, printGoals } from './goals.mjs';
import { startNginx } from './nginx.mjs';
import { machine, numbers, quick } from './options.mjs';
import { noiseNotes, pinnedRun } from './pinned-run.mjs';
import { findProgram } from './programs.mjs';
import { readH2load, readWrk } from './tools.mjs';

const users = 64;
const seconds = quick ? 2 : 3;
const [rounds = quick ? 1 : 3] = numbers;
const cores = { nginx: 0, generator: 1 };
const [wrk, h2load] = [findProgram('wrk'), findProgram('h2load')];

const nginx = await startNginx(cores.nginx);

const contend = (changes) => (folder) => ({
  ...contendCommand(
    getScenario(nginx, { load: { users, duration: `${seconds}s` }, tls: { insecure: true }, ...changes }),
    folder,
  ),
  read: (run) => {
    const { result, problem } = readResult(run);
    const { throughputPerSecond: perSecond, responseTimeUs } = result?.modes[0] ?? {};
    const [p50Ms, p99Ms] = [responseTimeUs?.p50 / 1000, responseTimeUs?.p99 / 1000];
    return { perSecond, p50Ms, p99Ms, collecting: collectingShare(folder), problem };
  },
});
const viaH2load = (connections, streams) => () => ({
  command: h2load,
  args: ['-t1', `-c${connections}`, `-m${streams}`, `-D${seconds}`, `${nginx.http2Origin}/`],
  read: readH2load,
});
const viaWrk = () => ({
  command: wrk,
  args: ['-t1', `-c${users}`, `-d${seconds}s`, '--latency', `${nginx.secureOrigin}/`],
  read: readWrk,
});

const one = 'HTTP/2, 1 connection × 64';
const many = 'HTTP/2, 64 connections × 1';
const tls = 'TLS, HTTP/1.1, 64 connections';
const ways = [
  [one, 'contend', contend({ target: nginx.http2Origin, http2: true })],
  [one, 'h2load', h2load && viaH2load(1, users)],
  [many, 'contend', contend({ target: nginx.http2Origin, http2: { streams: 1, connections: users } })],
  [many, 'h2load', h2load && viaH2load(users, 1)],
  [tls, 'contend', contend({ target: nginx.secureOrigin })],
  [tls, 'wrk', wrk && viaWrk],
].filter(([, , way]) => way !== undefined);

const runs = [];
for (let round = 0; round < rounds; round++) {
  for (const [what, name, way] of round % 2 === 0 ? ways : ways.toReversed()) {
    process.stderr.write(`round ${round + 1} of ${rounds}: ${what}, ${name}\n`);
    const folder = mkdtempSync(join(nginx.folder, 'run-'));
    const { read, ...command } = way(folder);
    const run = await pinnedRun(command, { cores: cores.generator, nginx, seconds });
    runs.push({ what, name, round, ...run, ...read(run) });
    rmSync(folder, { recursive: true, force: true });
  }
}
nginx.end();

const of = (what, name) => runs.filter((run) => run.what === what && run.name === name);
const figure = (what, name, read) => medianOfSome(of(what, name).map((run) => read(run)));
const perSecond = (what, name) => figure(what, name, (run) => run.perSecond);
const rangeOf = (all) => `${whole(Math.min(...all))} … ${whole(Math.max(...all))}`;

printHeading(`TLS and HTTP/2: 64 requests in flight, ${seconds} s each, median of ${rounds} rounds`);
printTable([
  [
    'what',
    'generator',
    'requests/s',
    'least … most',
    'contend ÷ it',
    'CPU µs',
    'p50 ms',
    'p99 ms',
    'GC',
    'peak MB',
    "nginx's core",
  ],
  ...ways.map(([what, name]) => [
    what,
    name,
    whole(perSecond(what, name)),
    rangeOf(of(what, name).map((run) => run.perSecond)),
    cell(perSecond(what, 'contend') / perSecond(what, name), 2),
    cell(
      figure(what, name, (run) => run.steady?.cpuUsPerRequest),
      1,
    ),
    threeDigits(figure(what, name, (run) => run.p50Ms)),
    threeDigits(figure(what, name, (run) => run.p99Ms)),
    percent(figure(what, name, (run) => run.collecting)),
    cell(figure(what, name, (run) => run.peakBytes) / 1e6),
    `${cell(figure(what, name, (run) => run.steady?.nginxShare) * 100)} %`,
  ]),
]);
const ratio = (what, peer) => perSecond(what, 'contend') / perSecond(what, peer);
printGoals([
  goal("HTTP/2, 1 × 64: at least 0.7 × h2load's requests/s", ratio(one, 'h2load'), (is) => is >= 0.7),
  goal(
    'its p99, ms: at most 2.5',
    figure(one, 'contend', (run) => run.p99Ms),
    (ms) => ms <= 2.5,
  ),
  goal("TLS: at least 0.9 × wrk's requests/s", ratio(tls, 'wrk'), (is) => is >= 0.9),
  goal(
    'of its CPU time contend collects garbage for at most 5 %, in each',
    Math.max(...[one, many, tls].map((what) => figure(what, 'contend', (run) => run.collecting) * 100)),
    (share) => share <= 5,
  ),
]);
printNotes([
  `${machine()}; ${nginx.version} on core ${cores.nginx}, the generator on core ${cores.generator}.`,
  'h2load reports no percentiles. contend does what it does in the table above: status check, histograms, result document.',
  ...(h2load === undefined ? ['h2load is missing: apt install nghttp2-client'] : []),
  ...(wrk === undefined ? ['wrk is missing: apt install wrk'] : []),
  ...noiseNotes(runs),
  ...runs.flatMap(({ what, name, round, problem }) =>
    problem ? [`${what}, ${name}, round ${round + 1}: ${problem}`] : [],
  ),
]);
