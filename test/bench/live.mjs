// What it costs to look on: the view of `--live` beside the line, in a pseudo-terminal, either with the terminal stopped for three
// seconds of each slot. Throughput of a closed load, and how late an open one is answered, counted from when it was due.
// Both are modes of one run, in turn: what is shown changes by the key `v` in the warm-up of a slot, so that a pair has the same
// process and the same moment. From one process to the next this differs by a fifth, whatever is shown.
// `node test/bench/live.mjs [rounds] [--closed | --open] [--moving | --stopped] [--quick] [--markdown]`, over the built dist; takes python3.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hodgesLehmann } from '../../dist/src/judge/stats/signed-rank.js';
import { median, printHeading, printNotes, printTable } from './figures.mjs';
import { machine, numbers, quick, refuse } from './options.mjs';

const [rounds = quick ? 1 : 12] = numbers;
const only = ['--closed', '--open'].find((flag) => process.argv.includes(flag));
const onlyStopped = ['--moving', '--stopped'].find((flag) => process.argv.includes(flag));
/** What is shown has changed by then: a picture comes every half second, and says which slot it is. */
const warmupSeconds = 0.8;
const secondsOf = (isStopped) => (isStopped ? 3 : 2);
const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const command = path('../../dist/bundle/contend.js');

if (spawnSync('python3', ['-c', 'import termios']).status !== 0)
  refuse('there is no python3, which has pseudo-terminals.', 'apt-get install -y python3');

// A core for each: where they move about, a slot differs from the next by more than anybody could look at.
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

const kinds = {
  '--closed': {
    load: 'users: 32',
    figures: {
      'throughput, /s': ({ throughputPerSecond }) => throughputPerSecond,
      'response time, p50, µs': ({ response }) => response.p50,
      'response time, p99, µs': ({ response }) => response.p99,
    },
  },
  '--open': {
    load: 'users: 200, rate: 2000/s',
    figures: {
      'from when it was due, p50, µs': ({ response }) => response.p50,
      'from when it was due, p95, µs': ({ response }) => response.p95,
      'from when it was due, p99, µs': ({ response }) => response.p99,
      'from when it was due, p99.9, µs': ({ response }) => response.p999,
    },
  },
};

/** The slots of a result in the order in which they were measured. */
const slotsOf = ({ modes }) =>
  modes
    .flatMap(({ name, slots }) => slots.map((slot) => ({ ...slot, mode: name })))
    .toSorted((a, b) => a.round - b.round || a.position - b.position);

const orderOf = (result) => slotsOf(result).map(({ round, mode }) => `round ${round}/${rounds}  ${mode}`);

const scenarioOf = (load, seconds) => {
  const file = join(folder, 'looking.yaml');
  writeFileSync(
    file,
    `name: looking\ntarget: ${origin}\nseed: 42\nrounds: ${rounds}\nload: { ${load}, duration: ${seconds * rounds}s, warmup: ${warmupSeconds * 1000}ms }\nsteps: [{ get: / }]\nmodes: { line: none, view: none }\n`,
  );
  return file;
};

/** Which slot follows which, as the seed has it. */
const plannedOrder = () => {
  const args = [command, 'run', scenarioOf('users: 1', 2), '-n', String(rounds), '--warmup', '0ms', '--json', '-q'];
  return orderOf(JSON.parse(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout));
};

/** What somebody at the keyboard does: sees which slot has begun, and shows the view or the line as its mode says. */
const actionsOf = (order, isStopped) => {
  let shown = 'view';
  return order.flatMap((slot, at) => {
    const wanted = slot.split('  ')[1];
    const isOther = wanted !== shown;
    shown = wanted;
    return [
      { until: slot },
      ...(isOther ? [{ write: 'v' }] : []),
      { wait: 0.25, mark: `from ${at}` },
      ...(isStopped ? [{ flow: 'off', wait: 3 }, { flow: 'on' }] : [{ wait: 1.5, mark: `to ${at}` }]),
    ];
  });
};

/** One run in a terminal, its result document. */
const run = (load, isStopped) => {
  const order = plannedOrder();
  const file = join(folder, 'result.json');
  const args = `run ${scenarioOf(load, secondsOf(isStopped))} --live --json --no-color`;
  const spec = {
    command: ['sh', '-c', `exec ${pinned(0).join(' ')} ${command} ${args} > ${file}`],
    columns: 100,
    rows: 30,
    environment: { TERM: 'xterm-256color', CI: '' },
    actions: actionsOf(order, isStopped),
    timeout: 30,
  };
  const driven = spawnSync('python3', [path('../cli/screen/drive.py'), JSON.stringify(spec)], { encoding: 'utf8' });
  const { code, isRestored, output, marks } = JSON.parse(driven.stdout);
  // 96: this machine was too busy for what is asked; the figures are there all the same, and say so.
  if (![0, 96].includes(code) || !isRestored) throw new Error(`contend ended with ${code}:\n${output}`);
  const result = JSON.parse(readFileSync(file, 'utf8'));
  if (orderOf(result).join() !== order.join()) throw new Error('the slots came in another order');
  if (isStopped) return result;
  for (const [at, slot] of order.entries()) {
    // A picture of the view comes as one; the line does not.
    const isView = output.slice(marks[`from ${at}`], marks[`to ${at}`]).includes('\u001b[?2026h');
    if (isView !== slot.endsWith('view')) throw new Error(`${slot} was shown as the ${isView ? 'view' : 'line'}`);
  }
  return result;
};

/** As a comparison of modes is judged, at 95 %. */
const verdictOf = ({ low, high }) => {
  if (low > 1) return 'more';
  if (high < 1) return 'less';
  return low > 1 / 1.05 && high < 1.05 ? 'no difference shown' : 'inconclusive';
};

const compare = (isStopped) => {
  const rows = [['with the view ÷ with the line', 'line', 'view', 'ratio', '95 %', '']];
  for (const [kind, { load, figures }] of Object.entries(kinds)) {
    if (only !== undefined && only !== kind) continue;
    const result = run(load, isStopped);
    const slots = slotsOf(result);
    for (const [name, figure] of Object.entries(figures)) {
      const [line, view] = ['line', 'view'].map((mode) => slots.filter((slot) => slot.mode === mode).map(figure));
      const { estimate, low, high } = hodgesLehmann(
        view.map((value, at) => Math.log(value / line[at])),
        0.05,
      );
      const [ratio, least, most] = [estimate, low, high].map(Math.exp);
      rows.push([
        name,
        median(line).toFixed(0),
        median(view).toFixed(0),
        ratio.toFixed(3),
        `${least.toFixed(3)} … ${most.toFixed(3)}`,
        rounds < 6 ? 'too few rounds' : verdictOf({ low: least, high: most }),
      ]);
    }
    if (kind === '--open')
      for (const percentile of ['p50', 'p99']) {
        const [line, view] = ['line', 'view'].map(
          (mode) => result.modes.find(({ name }) => name === mode).sendLagUs[percentile],
        );
        const ratio = (Math.max(1, view) / Math.max(1, line)).toFixed(3);
        rows.push([`send lag, ${percentile}, all rounds, µs`, line, view, ratio, '–', '']);
      }
  }
  printHeading(`What looking on costs${isStopped ? ', the terminal stopped for three seconds of each slot' : ''}`);
  printTable(rows);
  printNotes([
    `${rounds} rounds of ${secondsOf(isStopped)} s, in turn within one run, in a terminal of 100 × 30; ${machine()}.`,
  ]);
};

if (onlyStopped !== '--stopped') compare(false);
if (onlyStopped !== '--moving') compare(true);
