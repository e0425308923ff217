// contend and every installed peer in turn against one nginx: 64 connections, back to back. Generator and server have a core each.
// `node test/bench/peers.mjs [rounds] [--quick] [--markdown]`, with the built dist.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { percent } from './contend.mjs';
import { cell, medianOfSome, printHeading, printNotes, printTable, threeDigits, whole } from './figures.mjs';
import { goal, printGoals } from './goals.mjs';
import { startNginx } from './nginx.mjs';
import { machine, numbers, quick } from './options.mjs';
import { noiseNotes, pinnedRun } from './pinned-run.mjs';
import { findProgram } from './programs.mjs';
import { tools, versionOf } from './tools.mjs';

const users = 64;
const seconds = quick ? 2 : 4;
const [rounds = quick ? 1 : 3] = numbers;
const cores = { nginx: 0, generator: 1 };

const found = tools.map((tool) => ({ ...tool, path: tool.name === 'contend' ? 'built' : findProgram(tool.name) }));
const present = found.filter(({ path }) => path !== undefined);
const absent = found.filter(({ path }) => path === undefined);

const measure = async (tool, nginx) => {
  const folder = mkdtempSync(join(nginx.folder, 'run-'));
  try {
    const options = { nginx, url: `${nginx.origin}/`, users, seconds, folder };
    const run = await pinnedRun(tool.command(tool.path, options), { cores: cores.generator, nginx, seconds });
    if (run.code !== '0' && tool.name !== 'contend') {
      return { problem: `ended with ${run.code}: ${run.stderr.trim().split('\n').at(-1)}` };
    }
    return { ...run, ...tool.read({ ...run, folder }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Each round starts with a different tool, and every second round runs backwards. */
const orderOf = (round) => {
  const from = round % present.length;
  const turned = [...present.slice(from), ...present.slice(0, from)];
  return round % 2 === 0 ? turned : turned.toReversed();
};

const nginx = await startNginx(cores.nginx);
/** By the tool's name. */
const runs = new Map(present.map(({ name }) => [name, []]));
const problems = [];
for (let round = 0; round < rounds; round++) {
  for (const tool of orderOf(round)) {
    process.stderr.write(`round ${round + 1} of ${rounds}: ${tool.name}\n`);
    const run = await measure(tool, nginx);
    runs.get(tool.name).push(run);
    if (run.problem !== undefined) problems.push(`${tool.name}, round ${round + 1}: ${run.problem}`);
  }
}
nginx.end();

const figure = (name, of) => medianOfSome((runs.get(name) ?? []).map((run) => of(run)));
const perSecond = (name) => figure(name, (run) => run.perSecond);
const byNginx = (name) => figure(name, (run) => run.steady?.perSecond);
const cpuUs = (name) => figure(name, (run) => run.steady?.cpuUsPerRequest);
const wholeCpuUs = (name) => figure(name, (run) => run.cpuUs / run.requests);
const ratio = (of, name) => of('contend') / of(name);

const rangeOf = (name) => {
  const all = runs.get(name).flatMap((run) => (Number.isFinite(run.perSecond) ? [run.perSecond] : []));
  return all.length === 0 ? '–' : `${whole(Math.min(...all))} … ${whole(Math.max(...all))}`;
};

printHeading(`Closed loop: ${users} connections, ${seconds} s each, median of ${rounds} rounds`);
printTable([
  [
    'generator',
    'requests/s',
    'least … most',
    'by nginx',
    'contend ÷ it',
    'CPU µs',
    'user µs',
    'contend ÷ it',
    'CPU µs, whole run',
    'p50 ms',
    'p99 ms',
    'GC',
    'peak MB',
    'its core',
    "nginx's",
  ],
  ...present.map(({ name }) => [
    name,
    whole(perSecond(name)),
    rangeOf(name),
    whole(byNginx(name)),
    cell(ratio(perSecond, name), 2),
    cell(cpuUs(name), 1),
    cell(
      figure(name, (run) => run.steady?.userUsPerRequest),
      1,
    ),
    cell(ratio(cpuUs, name), 2),
    cell(wholeCpuUs(name), 1),
    threeDigits(figure(name, (run) => run.p50Ms)),
    threeDigits(figure(name, (run) => run.p99Ms)),
    percent(figure(name, (run) => run.collecting)),
    cell(figure(name, (run) => run.peakBytes) / 1e6),
    `${cell(figure(name, (run) => run.steady?.cpuShare) * 100)} %`,
    `${cell(figure(name, (run) => run.steady?.nginxShare) * 100)} %`,
  ]),
]);
printGoals([
  goal("at least 0.9 × wrk's requests/s", ratio(perSecond, 'wrk'), (is) => is >= 0.9),
  goal("at least 2 × autocannon's", ratio(perSecond, 'autocannon'), (is) => is >= 2),
  goal("at least 3 × hey's", ratio(perSecond, 'hey'), (is) => is >= 3),
  goal("at least 20 × k6's", ratio(perSecond, 'k6'), (is) => is >= 20),
  goal(
    'of its CPU time contend collects garbage for at most 5 %',
    figure('contend', (run) => run.collecting) * 100,
    (share) => share <= 5,
  ),
  goal("CPU per request at most 1.4 × wrk's", ratio(cpuUs, 'wrk'), (is) => is <= 1.4),
]);
printNotes([
  `${machine()}; ${nginx.version} on core ${cores.nginx}, the generator on core ${cores.generator}.`,
  ...present.map((tool) => {
    const version = tool.path === 'built' ? '' : versionOf(tool, tool.path);
    return `${tool.name}${version === '' ? '' : ` ${version}`}: requests/s are ${tool.counts}.`;
  }),
  ...absent.map(({ name, install }) => `${name} is missing: ${install}`),
  ...noiseNotes([...runs.values()].flat()),
  ...problems,
]);
