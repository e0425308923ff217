// What it costs to look on: `--live` beside the line, in a pseudo-terminal, in turn, and either with the terminal stopped for three
// seconds of each run. Throughput of a closed load, and how late an open one sends.
// `node test/bench/live.mjs [rounds] [--closed | --open] [--moving | --stopped] [--quick] [--markdown]`, over the built dist; takes python3.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Histogram } from '../../dist/src/core/recording/histogram.js';
import { hodgesLehmann } from '../../dist/src/judge/stats/signed-rank.js';
import { printHeading, printNotes, printTable } from './figures.mjs';
import { machine, numbers, quick, refuse } from './options.mjs';

const [rounds = quick ? 1 : 12] = numbers;
const only = ['--closed', '--open'].find((flag) => process.argv.includes(flag));
const onlyStopped = ['--moving', '--stopped'].find((flag) => process.argv.includes(flag));
const secondsOf = (isStopped) => (isStopped ? 3 : 2.4);
const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const command = path('../../dist/bundle/contend.js');

if (spawnSync('python3', ['-c', 'import termios']).status !== 0)
  refuse('there is no python3, which has pseudo-terminals.', 'apt-get install -y python3');

// A core for each: where they move about, a run differs from the next by more than anybody could look at.
const pinned = (core) => ['taskset', '--cpu-list', String(core), process.execPath];
const [taskset, ...ofServer] = [...pinned(1), path('server.mjs')];
const server = spawn(taskset, ofServer, { stdio: ['pipe', 'pipe', 'inherit'] });
const [hello] = await once(server.stdout, 'data');
const origin = `http://127.0.0.1:${JSON.parse(hello).port}/`;
const folder = mkdtempSync(join(tmpdir(), 'contend-'));
process.once('exit', () => {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** One run in a terminal, its result document. */
const run = (flags, isStopped) => {
  const file = join(folder, 'result.json');
  const args = `run ${origin} --warmup 400ms -d ${secondsOf(isStopped)}s --json ${flags}`;
  const stop = [{ until: 's left' }, { flow: 'off', wait: 3 }, { flow: 'on' }];
  const spec = {
    command: ['sh', '-c', `exec ${pinned(0).join(' ')} ${command} ${args} > ${file}`],
    columns: 100,
    rows: 30,
    environment: { TERM: 'xterm-256color', CI: '' },
    actions: isStopped ? stop : [],
    timeout: 30,
  };
  const driven = spawnSync('python3', [path('../cli/screen/drive.py'), JSON.stringify(spec)], { encoding: 'utf8' });
  const { code, isRestored, output } = JSON.parse(driven.stdout);
  // 96: this machine was too busy for what is asked; the figures are there all the same, and say so.
  if (![0, 96].includes(code) || !isRestored) throw new Error(`contend ended with ${code}:\n${output}`);
  return JSON.parse(readFileSync(file, 'utf8'));
};

const quantileOf = (times, percent) => {
  const histogram = Histogram.from({ ...times, sum: 0 });
  const us = histogram.percentile(percent);
  histogram.free();
  return us;
};

const kinds = {
  '--closed': {
    flags: '-c 32',
    figures: {
      'throughput, /s': ([mode]) => mode.throughputPerSecond,
      'p99, µs': ([mode]) => mode.responseTimeUs.p99,
    },
  },
  '--open': {
    flags: '-c 200 -R 2000',
    figures: {
      'send lag, p50, µs': ([mode]) => Math.max(1, mode.sendLagUs.p50),
      'send lag, p99, µs': ([mode]) => Math.max(1, mode.sendLagUs.p99),
      'send lag, p99.9, µs': ([mode]) => Math.max(1, quantileOf(mode.sendLagUs, 99.9)),
    },
  },
};

/** As a comparison of modes is judged, at 95 %. */
const verdictOf = ({ low, high }) => {
  if (low > 1) return 'more';
  if (high < 1) return 'less';
  return low > 1 / 1.05 && high < 1.05 ? 'no difference shown' : 'inconclusive';
};

const medianOf = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const compare = (isStopped) => {
  const rows = [['with --live ÷ with the line', 'line', 'live', 'ratio', '95 %', '']];
  for (const [kind, { flags, figures }] of Object.entries(kinds)) {
    if (only !== undefined && only !== kind) continue;
    const seen = { line: [], live: [] };
    for (let round = 0; round < rounds; round++)
      for (const which of round % 2 === 0 ? ['line', 'live'] : ['live', 'line'])
        seen[which].push(run(`${flags} ${which === 'live' ? '--live' : ''}`, isStopped).modes);
    for (const [name, figure] of Object.entries(figures)) {
      const [line, live] = [seen.line.map(figure), seen.live.map(figure)];
      const { estimate, low, high } = hodgesLehmann(
        live.map((value, at) => Math.log(value / line[at])),
        0.05,
      );
      const [ratio, least, most] = [estimate, low, high].map(Math.exp);
      rows.push([
        name,
        medianOf(line).toFixed(0),
        medianOf(live).toFixed(0),
        ratio.toFixed(3),
        `${least.toFixed(3)} … ${most.toFixed(3)}`,
        rounds < 6 ? 'too few rounds' : verdictOf({ low: least, high: most }),
      ]);
    }
  }
  printHeading(`What looking on costs${isStopped ? ', the terminal stopped for three seconds of each run' : ''}`);
  printTable(rows);
  printNotes([`${rounds} rounds of ${secondsOf(isStopped)} s, in turn, in a terminal of 100 × 30; ${machine()}.`]);
};

if (onlyStopped !== '--stopped') compare(false);
if (onlyStopped !== '--moving') compare(true);
