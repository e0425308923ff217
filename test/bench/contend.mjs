import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cell } from './figures.mjs';
import { pinnedRun } from './pinned-run.mjs';

const builtAt = (path) => fileURLToPath(new URL(`../../dist/${path}/contend.js`, import.meta.url));

/**
 * A scenario with everything switched on that a run has: the status is checked, every time goes into a histogram, one mode without
 * a lock.
 */
export const getScenario = (nginx, { path = '/', ...others } = {}) => ({
  name: 'bench',
  target: nginx.origin,
  steps: [{ get: path, expect: { status: 200 } }],
  ...others,
});

/**
 * The command that runs a scenario; JSON is YAML.
 *
 * @param profiledIn a folder for a profile, if wanted: then each function is in its source file, not in the bundle
 */
export const contendCommand = (scenario, folder, profiledIn) => {
  const [flags, built] =
    profiledIn === undefined ? [[], builtAt('bundle')] : [['--cpu-prof', '--cpu-prof-dir', profiledIn], builtAt('bin')];
  const file = join(folder, 'bench.yaml');
  writeFileSync(file, JSON.stringify(scenario));
  const probe = fileURLToPath(new URL('collecting.cjs', import.meta.url));
  const env = { NODE_OPTIONS: `--require ${probe}`, CONTEND_BENCH_GC: join(folder, 'collecting') };
  return { command: process.execPath, args: [...flags, built, 'run', file, '--json', '--quiet'], env };
};

/** The share of contend's CPU time spent on garbage collection. `undefined` if the run was too short. */
export const collectingShare = (folder) => {
  const threads = readdirSync(folder)
    .filter((name) => name.startsWith('collecting.'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const sum = threads.reduce((ms, { collectingMs }) => ms + collectingMs, 0);
  return threads.length === 0 ? undefined : sum / Math.max(...threads.map(({ cpuMs }) => cpuMs));
};

/** A share for a table. */
export const percent = (share) => `${cell(share * 100, 1)} %`;

/** The result document of a run, and what is wrong with it. `result` is `undefined` if none was written. */
export const readResult = ({ code, stdout, stderr }) => {
  if (!stdout.startsWith('{')) {
    return { problem: `contend ended with ${code}: ${stderr.trim().split('\n')[0] || 'without a word'}` };
  }
  const result = JSON.parse(stdout);
  const failed = result.modes.reduce((sum, { iterations }) => sum + iterations.failed + iterations.interrupted, 0);
  const problem =
    result.invalid?.message ?? (failed > 0 ? `${failed} iterations failed or were interrupted` : undefined);
  return { result, problem };
};

/** Runs a scenario with the built command, as {@link pinnedRun} does. */
export const runContend = async (scenario, { profiledIn, ...how }) => {
  const folder = mkdtempSync(join(how.nginx.folder, 'run-'));
  try {
    const run = await pinnedRun(contendCommand(scenario, folder, profiledIn), how);
    return { ...run, ...readResult(run), collecting: collectingShare(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
