import { ContendError } from './core/errors.ts';
import { isRelative } from './core/plan/plan.ts';
import type { Result } from './core/result/result.ts';
import { newWatch } from './core/watch.ts';
import { processHost } from './host.ts';
import { checkFiles, checkMachine, checkTargets } from './preconditions.ts';
import { runToEnd } from './run.ts';
import { readScenario } from './scenario/read-scenario.ts';
import { renderProblems, type Problem } from './scenario/text/problem.ts';
import type { Setting } from './scenario/layers/settings.ts';

export { ContendError, type ErrorCode } from './core/errors.ts';
export type * from './core/result/result.ts';
export type * from './core/result/run-comparison.ts';
export type { Verdict } from './core/result/verdict.ts';
export type { Warning } from './core/result/warning.ts';
export type { Problem, Setting };

/** How a scenario is run from a program. */
export interface RunOptions {
  /** Laid over the file, as flags are: `{ path: ['load', 'users'], value: 8, from: 'my test' }`. */
  readonly settings?: readonly Setting[];
  /** Only these modes. */
  readonly modes?: readonly string[];
  /** Values for `${env.NAME}` of the names that the scenario declares; the environment of the process is not read. */
  readonly env?: { readonly [name: string]: string };
  /** Hosts beside those that the file names and this machine: `--allow-host`. */
  readonly allowedHosts?: readonly string[];
  /** Gates beside those of the file: `p99(locked) < 50ms`. */
  readonly gates?: readonly string[];
  /** Whether the run goes on for as many rounds again where a gate that compares modes is undecided after them. */
  readonly extend?: boolean;
  /** What an undecided verdict is to a build; with `warn` its exit code is 0. `fail` if not given. */
  readonly undecided?: 'fail' | 'warn';
  /** Aborted: no slot begins any more; the result is what was measured. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a scenario and gives the result document, whose `exitCode` is what the command would have ended with.
 *
 * @param file path of the scenario
 * @throws {ContendError} ERR_SCENARIO with every problem in its message, or ERR_OPEN_FILES, before anything is sent
 */
export const run = async (file: string, options: RunOptions = {}): Promise<Result> => {
  const host = processHost();
  const read = readScenario({
    text: await host.readText(file),
    file,
    settings: options.settings ?? [],
    seed: host.randomSeed(),
    readBeside: host.readBeside(file),
    environment: { variables: {}, flags: options.env ?? {} },
    ...(options.allowedHosts === undefined ? {} : { allowedHosts: options.allowedHosts }),
    ...(options.modes === undefined ? {} : { only: options.modes }),
    ...(options.gates === undefined ? {} : { gates: options.gates }),
    ...(options.extend === undefined ? {} : { extend: options.extend }),
  });
  if ('problems' in read) throw new ContendError('ERR_SCENARIO', renderProblems(read.problems));
  await checkTargets(read.plan, (path) => host.readText(path));
  await checkFiles(read.plan, host);
  await checkMachine(read.plan, host);
  return runToEnd(read.plan, {
    host,
    tables: read.tables,
    signal: options.signal ?? new AbortController().signal,
    watch: newWatch(read.plan),
    undecided: options.undecided,
    extend: options.extend === true && read.plan.gates.some(isRelative),
  });
};

/**
 * Every problem of a scenario's text, each with its place; none: it can be run, if the files that its variables read are
 * what it takes them for.
 *
 * @param file what the places are named after
 */
export const validate = (text: string, file = 'scenario.yaml'): readonly Problem[] => {
  const read = readScenario({ text, file, settings: [], seed: 0 });
  return 'problems' in read ? read.problems : [];
};
