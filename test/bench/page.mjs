// What report.html of the demo costs: its size, and the CPU time that it takes to render it, when it has been rendered before.
// `node test/bench/page.mjs [--quick] [--markdown]`, over the built dist.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readResult } from '../../dist/src/core/result/read.js';
import { html } from '../../dist/src/report/html/html.js';
import { median } from './figures.mjs';
import { goal, printGoals } from './goals.mjs';
import { quick } from './options.mjs';

const command = fileURLToPath(new URL('../../dist/bundle/contend.js', import.meta.url));
const argv = [command, 'demo', '--json', '-q', ...(quick ? ['-d', '600ms', '--rounds', '2'] : [])];
const { stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8', maxBuffer: 1 << 28 });
const result = readResult(stdout, 'the demo');

const cpuMs = () => {
  const before = process.cpuUsage();
  html(result);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
for (let times = 0; times < 10; times++) cpuMs();
const [{ text }] = html(result);

printGoals([
  goal('report.html of the demo: kB, 200 at most', Buffer.byteLength(text) / 1000, (kb) => kb <= 200),
  goal('rendered in so many ms of CPU time, 50 at most', median(Array.from({ length: 21 }, cpuMs)), (ms) => ms <= 50),
]);
