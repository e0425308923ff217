import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { coreBusyUs, cpuOf, endedChildrenCpuUs, peakBytesOf } from './processes.mjs';

const lookEveryMs = 50;
const sampleEveryMs = 200;
/** How long after the first requests a generator counts as running steadily. */
const settleMs = 700;

/**
 * Runs a generator on the given cores against nginx, and measures both from outside.
 *
 * `steady`: what nginx counted, and what the generator's process tree and nginx used, between two samples in the middle of the run.
 * Start-up, warm-up and end are excluded, so that it is comparable for every generator. `undefined` if the run was too short for
 * two samples.
 *
 * @returns `code`: the exit code or the signal, as text
 * @param seconds how long the generator sends; Infinity: unknown
 */
export const pinnedRun = async (
  { command, args, env = {} },
  { cores, nginx, seconds, limitSeconds = seconds + 40 },
) => {
  const before = { cpuUs: endedChildrenCpuUs(), requests: await nginx.requests() };
  const startedMs = performance.now();
  const child = spawn('taskset', ['--cpu-list', String(cores), command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    // Its own process group, so that everything it starts can be ended with it.
    detached: true,
  });
  const endAll = () => process.kill(-(child.pid ?? 0), 'SIGKILL');
  process.once('exit', endAll);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8');
    child[name].on('data', (text) => (output[name] += text));
  }
  const ended = { code: '' };
  const closed = once(child, 'close').then(([code, signal]) => (ended.code = String(code ?? signal)));
  const samples = [];
  let peakBytes = 0;
  let steadyFromMs = Infinity;
  let nextSampleMs = 0;
  while (ended.code === '') {
    await Promise.race([closed, pause(lookEveryMs)]);
    if (ended.code !== '') break;
    peakBytes = Math.max(peakBytes, peakBytesOf(child.pid));
    const nowMs = performance.now();
    if (nowMs - startedMs > limitSeconds * 1000) endAll();
    if (nowMs < nextSampleMs) continue;
    const requests = await nginx.requests();
    const sample = { requests, nginx: nginx.cpu(), generator: cpuOf(child.pid), coreUs: busyUs(cores) };
    const atMs = performance.now();
    if (steadyFromMs === Infinity && sample.requests - before.requests > 50) steadyFromMs = atMs + settleMs;
    if (atMs >= steadyFromMs) samples.push({ ...sample, atMs });
    // Sample often until the start is found, and disturb the run no more than needed after that.
    nextSampleMs = steadyFromMs === Infinity ? 0 : Math.max(steadyFromMs, atMs + sampleEveryMs);
  }
  process.off('exit', endAll);
  return {
    ...output,
    code: ended.code,
    wallSeconds: (performance.now() - startedMs) / 1000,
    cpuUs: endedChildrenCpuUs() - before.cpuUs,
    requests: (await nginx.requests()) - before.requests,
    peakBytes,
    steady: steadyOf(samples, seconds),
  };
};

/** For one core. Several may be shared with nginx, and then other processes cannot be told apart. */
const busyUs = (cores) => (typeof cores === 'number' ? coreBusyUs(cores) : NaN);

/** A sentence if other processes used more than a twentieth of the generator's core in any of these runs. */
export const noiseNotes = (runs) => {
  const shares = runs.map(({ steady }) => steady?.othersShare).filter((share) => share > 0.05);
  if (shares.length === 0) return [];
  const most = Math.round(Math.max(...shares) * 100);
  return [
    `NOT A QUIET MACHINE: in ${shares.length} of ${runs.length} runs something else took more than 5 % of the generator's core, at most ${most} %.`,
  ];
};

/** The last samples are left out: the generator may already have been finishing. */
const steadyOf = (samples, seconds) => {
  const [first] = samples;
  const untilMs = first === undefined ? 0 : first.atMs + seconds * 1000 - settleMs - 3 * sampleEveryMs;
  const last = samples.slice(0, -2).findLast(({ atMs }) => atMs <= untilMs);
  if (last === undefined || last === first) return undefined;
  const requests = last.requests - first.requests;
  const us = (last.atMs - first.atMs) * 1000;
  const used = (who, what) => last[who][what] - first[who][what];
  const generatorUs = used('generator', 'userUs') + used('generator', 'systemUs');
  return {
    perSecond: (requests * 1e6) / us,
    cpuUsPerRequest: generatorUs / requests,
    userUsPerRequest: used('generator', 'userUs') / requests,
    cpuShare: generatorUs / us,
    // What else ran on the generator's core.
    othersShare: Math.max(0, (last.coreUs - first.coreUs - generatorUs) / us),
    nginxShare: (used('nginx', 'userUs') + used('nginx', 'systemUs')) / us,
  };
};
