// What `--live` costs: its view compared with the progress line, in a pseudo-terminal, with the terminal reading along or stopped
// for three seconds of each slot. Measures the throughput of a closed load, and how late an open load is answered, counted from
// when each request was due. All are modes of one run: the key `v` switches between view and line in the warm-up of a slot, so the
// slots of a round share a process and a moment. Between two processes the same figure differs by a fifth. The line is measured
// twice a round: the ratio of the two shows how much of a difference is noise.
// `node test/bench/live.mjs [rounds] [--closed | --open] [--moving | --stopped] [--quick] [--markdown]`, with the built dist; needs
// python3.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hodgesLehmann } from '../../dist/src/judge/stats/signed-rank.js';
import { median, printHeading, printNotes, printTable } from './figures.mjs';
import { machine, numbers, quick, refuse } from './options.mjs';

const [rounds = quick ? 1 : 48] = numbers;
const only = ['--closed', '--open'].find((flag) => process.argv.includes(flag));
const onlyStopped = ['--moving', '--stopped'].find((flag) => process.argv.includes(flag));
/** Time for the picture to change: one is drawn every half second, and names the slot. */
const warmupSeconds = 0.8;
const secondsOf = (isStopped) => (isStopped ? 3 : 2);
const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const command = path('../../dist/bundle/contend.js');

if (spawnSync('python3', ['-c', 'import termios']).status !== 0)
  refuse('python3 is missing, and this needs its pseudo-terminals.', 'apt-get install -y python3');

// Under a closed load both are busy, and get a core each: slots differ far more if the scheduler moves them. At a fixed rate there
// is time to spare, and contend may move: on one core, its main thread would wait for the thread that draws.
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
    start: pinned(0),
    figures: {
      'throughput, /s': ({ throughputPerSecond }) => throughputPerSecond,
      'response time, p50, µs': ({ response }) => response.p50,
      'response time, p99, µs': ({ response }) => response.p99,
    },
  },
  '--open': {
    load: 'users: 200, rate: 2000/s',
    start: [process.execPath],
    figures: {
      'from when it was due, p50, µs': ({ response }) => response.p50,
      'from when it was due, p95, µs': ({ response }) => response.p95,
      'from when it was due, p99, µs': ({ response }) => response.p99,
      'from when it was due, p99.9, µs': ({ response }) => response.p999,
    },
  },
};

/** What each mode shows. */
const shown = ['line', 'again', 'view'];

/** The slots of a result in the order they were measured. */
const slotsOf = ({ modes }) =>
  modes
    .flatMap(({ name, slots }) => slots.map((slot) => ({ ...slot, mode: name })))
    .toSorted((a, b) => a.round - b.round || a.position - b.position);

const orderOf = (result) => slotsOf(result).map(({ round, mode }) => `round ${round}/${rounds}  ${mode}`);

const scenarioOf = (load, seconds) => {
  const file = join(folder, 'looking.yaml');
  writeFileSync(
    file,
    `name: looking\ntarget: ${origin}\nseed: 42\nrounds: ${rounds}\nload: { ${load}, duration: ${seconds * rounds}s, warmup: ${warmupSeconds * 1000}ms }\nsteps: [{ get: / }]\nmodes: { ${shown.map((mode) => `${mode}: none`).join(', ')} }\n`,
  );
  return file;
};

/** The order of the slots, which the seed decides. */
const plannedOrder = () => {
  const args = [command, 'run', scenarioOf('users: 1', 2), '-n', String(rounds), '--warmup', '0ms', '--json', '-q'];
  return orderOf(JSON.parse(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout));
};

/** What a user at the keyboard does: waits for a slot to start, and switches to the view or the line, depending on the mode. */
const actionsOf = (order, isStopped) => {
  let isViewShown = true;
  return order.flatMap((slot, at) => {
    const isView = slot.endsWith('view');
    const isOther = isView !== isViewShown;
    isViewShown = isView;
    return [
      { until: slot },
      ...(isOther ? [{ write: 'v' }] : []),
      { wait: 0.25, mark: `from ${at}` },
      ...(isStopped ? [{ flow: 'off', wait: 3 }, { flow: 'on' }] : [{ wait: 1.5, mark: `to ${at}` }]),
    ];
  });
};

/** Does one run in a terminal, and gives its result document. */
const run = ({ load, start }, isStopped) => {
  const order = plannedOrder();
  const file = join(folder, 'result.json');
  const args = `run ${scenarioOf(load, secondsOf(isStopped))} --live --json --no-color`;
  const spec = {
    command: ['sh', '-c', `exec ${start.join(' ')} ${command} ${args} > ${file}`],
    columns: 100,
    rows: 30,
    environment: { TERM: 'xterm-256color', CI: '' },
    actions: actionsOf(order, isStopped),
    timeout: 30,
  };
  const driven = spawnSync('python3', [path('../cli/screen/drive.py'), JSON.stringify(spec)], { encoding: 'utf8' });
  const { code, isRestored, output, marks } = JSON.parse(driven.stdout);
  // 96: this machine was too busy. The figures exist all the same, and say so.
  if (![0, 96].includes(code) || !isRestored) throw new Error(`contend ended with ${code}:\n${output}`);
  const result = JSON.parse(readFileSync(file, 'utf8'));
  if (orderOf(result).join() !== order.join()) throw new Error('the slots came in another order');
  if (isStopped) return result;
  for (const [at, slot] of order.entries()) {
    // The view draws a picture as one update; the line does not.
    const isView = output.slice(marks[`from ${at}`], marks[`to ${at}`]).includes('\u001b[?2026h');
    if (isView !== slot.endsWith('view')) throw new Error(`${slot} was shown as the ${isView ? 'view' : 'line'}`);
  }
  return result;
};

/** The verdict as for a comparison of modes, at 95 %. */
const verdictOf = ({ low, high }) => {
  if (low > 1) return 'more';
  if (high < 1) return 'less';
  return low > 1 / 1.05 && high < 1.05 ? 'no difference shown' : 'inconclusive';
};

/** The ratio of two modes over the rounds, with its 95 % interval. */
const ratioOf = (numerators, denominators) => {
  const { estimate, low, high } = hodgesLehmann(
    numerators.map((value, at) => Math.log(value / denominators[at])),
    0.05,
  );
  return { estimate: Math.exp(estimate), low: Math.exp(low), high: Math.exp(high) };
};

const compare = (isStopped) => {
  const rows = [['', 'line', 'view', 'view ÷ line', '95 %', '', 'line ÷ line, 95 %']];
  for (const [kind, { load, start, figures }] of Object.entries(kinds)) {
    if (only !== undefined && only !== kind) continue;
    const result = run({ load, start }, isStopped);
    const slots = slotsOf(result);
    for (const [name, figure] of Object.entries(figures)) {
      const [line, again, view] = shown.map((mode) => slots.filter((slot) => slot.mode === mode).map(figure));
      const { estimate, low, high } = ratioOf(view, line);
      rows.push([
        name,
        median(line).toFixed(0),
        median(view).toFixed(0),
        estimate.toFixed(3),
        `${low.toFixed(3)} … ${high.toFixed(3)}`,
        rounds < 6 ? 'too few rounds' : verdictOf({ low, high }),
        [ratioOf(again, line)].map((same) => `${same.low.toFixed(3)} … ${same.high.toFixed(3)}`).join(),
      ]);
    }
    if (kind === '--open')
      for (const percentile of ['p50', 'p99']) {
        const [line, again, view] = shown.map((mode) => {
          const { sendLagUs } = result.modes.find(({ name }) => name === mode);
          return Math.max(1, sendLagUs[percentile]);
        });
        const ratios = [view, again].map((other) => (other / line).toFixed(3));
        rows.push([`send lag, ${percentile}, all rounds, µs`, line, view, ratios[0], '–', '', ratios[1]]);
      }
  }
  printHeading(`What --live costs${isStopped ? ', the terminal stopped for three seconds of each slot' : ''}`);
  printTable(rows);
  printNotes([
    `${rounds} rounds of ${secondsOf(isStopped)} s, in turn within one run, in a terminal of 100 × 30; ${machine()}.`,
  ]);
};

if (onlyStopped !== '--stopped') compare(false);
if (onlyStopped !== '--moving') compare(true);
server.kill();
