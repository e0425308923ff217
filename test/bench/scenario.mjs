// What a scenario costs: data, a capture, a template and a JSON body, compared with a bare GET, over HTTP/1.1 and HTTP/2, in turn.
// `node test/bench/scenario.mjs [rounds] [--quick] [--markdown]`, with the built dist.
import { getScenario, percent, runContend } from './contend.mjs';
import { cell, medianOfSome, printHeading, printNotes, printTable, threeDigits, whole } from './figures.mjs';
import { goal, printGoals } from './goals.mjs';
import { startNginx } from './nginx.mjs';
import { machine, numbers, quick } from './options.mjs';
import { noiseNotes } from './pinned-run.mjs';

const users = 64;
const seconds = quick ? 2 : 3;
const [rounds = quick ? 1 : 3] = numbers;
const cores = { nginx: 0, generator: 1 };

const nginx = await startNginx(cores.nginx);

const steps = [
  { name: 'read', get: '/?product=${product}', capture: { stock: 'body.stock' }, expect: { status: 200 } },
  {
    name: 'write',
    put: '/write?product=${product}',
    headers: { 'x-was': '${stock}' },
    json: { product: '${product}', stock: '${stock - 1}' },
    expect: { status: 204 },
  },
];
const withData = { data: { product: '1..1000' }, steps };
const secure = { target: nginx.http2Origin, tls: { insecure: true }, http2: true };
const bare = 'a bare GET';
const written = 'read, capture, template, JSON PUT';
const ways = [
  ['HTTP/1.1', bare, {}],
  ['HTTP/1.1', written, withData],
  ['HTTP/2, 1 connection', bare, secure],
  ['HTTP/2, 1 connection', written, { ...secure, ...withData }],
];

const runs = [];
for (let round = 0; round < rounds; round++) {
  for (const [protocol, what, changes] of round % 2 === 0 ? ways : ways.toReversed()) {
    process.stderr.write(`round ${round + 1} of ${rounds}: ${protocol}, ${what}\n`);
    const scenario = getScenario(nginx, { load: { users, duration: `${seconds}s` }, ...changes });
    const run = await runContend(scenario, { cores: cores.generator, nginx, seconds });
    const mode = run.result?.modes[0];
    const perSecond = mode === undefined ? undefined : mode.throughputPerSecond * mode.steps.length;
    runs.push({ ...run, protocol, what, round, perSecond, p99Ms: mode?.responseTimeUs.p99 / 1000 });
  }
}
nginx.end();

const figure = (protocol, what, read) =>
  medianOfSome(runs.filter((run) => run.protocol === protocol && run.what === what).map((run) => read(run)));
const ratio = (protocol) =>
  figure(protocol, written, (run) => run.perSecond) / figure(protocol, bare, (run) => run.perSecond);

printHeading(`A scenario: 64 users, ${seconds} s each, median of ${rounds} rounds`);
printTable([
  ['protocol', 'iteration', 'requests/s', 'CPU µs', 'user µs', 'nginx µs', 'p99 ms', 'GC', 'peak MB'],
  ...ways.map(([protocol, what]) => [
    protocol,
    what,
    whole(figure(protocol, what, (run) => run.perSecond)),
    ...[
      (run) => run.steady?.cpuUsPerRequest,
      (run) => run.steady?.userUsPerRequest,
      (run) => run.steady && (run.steady.nginxShare * 1e6) / run.steady.perSecond,
    ].map((read) => cell(figure(protocol, what, read), 1)),
    threeDigits(figure(protocol, what, (run) => run.p99Ms)),
    percent(figure(protocol, what, (run) => run.collecting)),
    cell(figure(protocol, what, (run) => run.peakBytes) / 1e6),
  ]),
]);
printGoals([
  goal("HTTP/1.1: at least 0.75 × the bare GET's requests/s", ratio('HTTP/1.1'), (is) => is >= 0.75),
  goal(
    'of its CPU time contend collects garbage for at most 5 %, in each',
    Math.max(...ways.map(([protocol, what]) => figure(protocol, what, (run) => run.collecting) * 100)),
    (share) => share <= 5,
  ),
]);
printNotes([
  `${machine()}; ${nginx.version} on core ${cores.nginx}, contend on core ${cores.generator}.`,
  'CPU µs: of the process, for one request; user µs: the part of it outside the kernel; nginx µs: what nginx takes; p99: of an iteration.',
  ...noiseNotes(runs),
  ...runs.flatMap(({ protocol, what, round, problem }) =>
    problem ? [`${protocol}, ${what}, round ${round + 1}: ${problem}`] : [],
  ),
]);
