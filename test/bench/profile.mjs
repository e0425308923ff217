// Where a request's time goes: the built command under the sampling profiler, each sample assigned to the function that was running.
// `node test/bench/profile.mjs [--quick] [--markdown]`
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { getScenario, runContend } from './contend.mjs';
import { cell, printHeading, printNotes, printTable, whole } from './figures.mjs';
import { startNginx } from './nginx.mjs';
import { machine, quick } from './options.mjs';
import { noiseNotes } from './pinned-run.mjs';

const users = 64;
const seconds = quick ? 2 : 8;

/** The first that matches counts. `at` is the file of the function, `name` its own name. */
const accounts = [
  // Node tells V8 that it is idle from before epoll_wait until the callbacks for everything it found have run. What runs in between
  // and is not JavaScript is receiving in the kernel and libuv.
  ['kernel and libuv: read, epoll, waiting', ({ name }) => name === '(idle)'],
  ['garbage collection', ({ name }) => name === '(garbage collector)'],
  ['native code of Node and V8', ({ name }) => name === '(program)'],
  ['kernel: write', ({ name, at }) => at === '' && /^(write|writev|writeBuffer|write\w+String|sendto)$/u.test(name)],
  ['transport', ({ at }) => /measure\/transport\/|\/undici\//u.test(at)],
  ['times and counters', ({ at }) => /measure\/record\/|core\/(histogram|seconds)|hdr-histogram|^wasm/u.test(at)],
  ['clock', ({ name, at }) => /perf_hooks|internal\/perf/u.test(at) || /src\/host\./u.test(at) || name === 'now'],
  ['iteration', ({ at }) => /measure\/(iteration|engine|load|lock|data)\/|\/template\/|p-limit|yocto-queue/u.test(at)],
  [
    'sockets of Node',
    ({ at }) => /^node:(net|internal\/(net|stream|streams|js_stream)|buffer|internal\/buffer)/u.test(at),
  ],
  [
    'promises, ticks and timers',
    ({ at, name }) => /^node:(internal\/(process|timers|async)|timers|async)/u.test(at) || /[mM]icrotask/u.test(name),
  ],
  ['everything else', () => true],
];

const nginx = await startNginx(0);
const folder = mkdtempSync(join(nginx.folder, 'profile-'));
const { result, problem, steady } = await runContend(getScenario(nginx, { load: { users, duration: `${seconds}s` } }), {
  cores: 1,
  nginx,
  seconds,
  profiledIn: folder,
});
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]), 'utf8'));
nginx.end();

const placeOf = ({ callFrame: { functionName, url, lineNumber } }) => ({
  name: functionName || '(anonymous)',
  at: url,
  line: lineNumber + 1,
});
const byNode = new Map(nodes.map((node) => [node.id, placeOf(node)]));
// Leaves out loading and compiling at the start, and the report at the end.
const lengthUs = timeDeltas.reduce((sum, us) => sum + us, 0);
const inside = (us) => us > lengthUs - (seconds - 0.7) * 1e6 && us < lengthUs - 0.5e6;
const byAccount = new Map(accounts.map(([name]) => [name, 0]));
const byFunction = new Map();
let atUs = 0;
samples.forEach((node, index) => {
  atUs += timeDeltas[index];
  if (!inside(atUs)) return;
  const place = byNode.get(node);
  const [account] = accounts.find(([, has]) => has(place));
  byAccount.set(account, byAccount.get(account) + timeDeltas[index]);
  const file = place.at.replace(/^file:.*?\/(?=dist\/|node_modules\/)/u, '');
  const key = `${place.name} ${file}${file === '' ? '' : `:${place.line}`}`.trim();
  byFunction.set(key, { us: (byFunction.get(key)?.us ?? 0) + timeDeltas[index], account });
});

const wallUs = [...byAccount.values()].reduce((sum, us) => sum + us, 0);
const share = (us) => `${cell((us / wallUs) * 100, 1)} %`;
const { throughputPerSecond } = result.modes[0];
const usOf = (us) => cell((us / wallUs) * (1e6 / throughputPerSecond), 2);
printHeading(`Where a request's time goes: ${users} connections, closed loop, under the profiler`);
printTable([
  ['what', 'share', 'µs per request'],
  ...[...byAccount].sort(([, a], [, b]) => b - a).map(([name, us]) => [name, share(us), usOf(us)]),
]);
printTable([
  ['function', 'share', 'booked on'],
  ...[...byFunction]
    .sort(([, a], [, b]) => b.us - a.us)
    .filter(([name]) => name !== '(idle)')
    .slice(0, 20)
    .map(([name, { us, account }]) => [name, share(us), account]),
]);
printNotes([
  `${machine()}; ${whole(throughputPerSecond)} requests/s: the profiler itself takes some.`,
  `The process used ${cell(steady.cpuShare * 100)} % of its core; the rest is in read, epoll, waiting.`,
  ...noiseNotes([{ steady }]),
  ...(problem === undefined ? [] : [problem]),
]);
