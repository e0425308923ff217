import { ContendError, messageOf } from './core/errors.ts';
import type { Host } from './core/host.ts';
import { isRelative } from './core/plan/plan.ts';
import type { Result } from './core/result/result.ts';
import { newWatch, type Watch } from './core/watch.ts';
import { processHost } from './host.ts';
import { checkFiles, checkMachine, checkServed, checkTargets } from './preconditions.ts';
import { reporters } from './report/index.ts';
import { terminal } from './report/terminal/terminal.ts';
import { runToEnd } from './run.ts';
import { readScenario } from './scenario/read-scenario.ts';
import { renderProblems, type Problem } from './scenario/text/problem.ts';
import type { Setting } from './scenario/layers/settings.ts';

export { ContendError, type ErrorCode } from './core/errors.ts';
export type * from './core/result/result.ts';
export type * from './core/result/run-comparison.ts';
export type { Headline, Verdict } from './core/result/verdict.ts';
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
  /** Whether the programs that the scenario names under `serve:` may be started: `--allow-run`. */
  readonly allowRun?: boolean;
  /** Gates beside those of the file: `p99(locked) < 50ms`. */
  readonly gates?: readonly string[];
  /** Whether the run goes on for as many rounds again where a gate that compares modes is undecided after them. */
  readonly extend?: boolean;
  /** What an undecided verdict is to a build; with `warn` its exit code is 0. `fail` if not given. */
  readonly undecided?: 'fail' | 'warn';
  /** Aborted: no slot begins any more; the result is what was measured. */
  readonly signal?: AbortSignal;
}

/** How far a run is. */
export interface Progress {
  /** The mode that is measured now. */
  readonly mode: string;
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
  /** Slots that are over, and how many there are. */
  readonly slotsDone: number;
  readonly slotsTotal: number;
  /** Iterations completed in the slot that is measured now. */
  readonly completed: number;
}

/** A run under way: a promise of its result, and its progress to iterate over. */
export type Run = Promise<Result> & AsyncIterable<Progress>;

/**
 * Runs a scenario; resolves with the result document, whose `exitCode` is what the command would have ended with. Iterated
 * over, it gives its progress five times a second, until it is over.
 *
 * @param scenario path of the file, or what would be in it; files that it names then lie beside the working directory
 * @throws {ContendError} ERR_USAGE where the file cannot be read, or it would start programs and may not, ERR_SCENARIO with every problem in its message,
 * ERR_OPEN_FILES, ERR_MISSING_PACKAGE, all before anything is sent
 */
export const run = (scenario: string | object, options: RunOptions = {}): Run => {
  const under = { watch: undefined as Watch | undefined };
  const result = runScenario(scenario, options, (watch) => {
    under.watch = watch;
  });
  return Object.assign(result, {
    [Symbol.asyncIterator]: () =>
      progressOf(
        result.then(
          () => undefined,
          () => undefined,
        ),
        () => under.watch,
      ),
  });
};

const runScenario = async (
  scenario: string | object,
  options: RunOptions,
  onWatch: (watch: Watch) => void,
): Promise<Result> => {
  const host = processHost();
  const file = typeof scenario === 'string' ? scenario : 'scenario.json';
  const read = readScenario({
    text: typeof scenario === 'string' ? await textOf(host, file) : JSON.stringify(scenario, undefined, 2),
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
  await checkServed(read.plan, options.allowRun === true, host);
  await checkTargets(read.plan, (path) => host.readText(path));
  await checkFiles(read.plan, host);
  await checkMachine(read.plan, host);
  const watch = newWatch(read.plan, host.machine.cores);
  onWatch(watch);
  return runToEnd(read.plan, {
    host,
    tables: read.tables,
    signal: options.signal ?? new AbortController().signal,
    watch,
    undecided: options.undecided,
    extend: options.extend === true && read.plan.gates.some(isRelative),
  });
};

const textOf = async (host: Host, file: string): Promise<string> => {
  try {
    return await host.readText(file);
  } catch (error) {
    throw new ContendError('ERR_USAGE', `${file} cannot be read: ${messageOf(error)}.`, '', error);
  }
};

/** Between two looks at a run. */
const everyMs = 200;

async function* progressOf(over: Promise<void>, watchNow: () => Watch | undefined): AsyncGenerator<Progress, void> {
  for (let isOver = false; !isOver;) {
    const tick = timer(everyMs);
    isOver = await Promise.race([over.then(() => true), tick.promise.then(() => false)]);
    tick.stop();
    const watch = watchNow();
    if (watch === undefined) continue;
    const { mode, round, rounds, slotsDone, slotsTotal, completed } = watch;
    yield { mode, round, rounds, slotsDone, slotsTotal, completed };
  }
}

const timer = (ms: number): { readonly promise: Promise<void>; stop(): void } => {
  let handle: NodeJS.Timeout | undefined;
  const promise = new Promise<void>((resolve) => {
    handle = setTimeout(resolve, ms);
  });
  return { promise, stop: () => clearTimeout(handle) };
};

/** What a result is rendered as: the formats of `contend report`, but for those that need another package. */
export interface RenderOptions {
  /** `terminal` unless given. `hgrm` has a file for each mode, and takes one mode. */
  readonly format?: 'terminal' | 'markdown' | 'junit' | 'json' | 'csv' | 'violations' | 'hgrm';
  /** Columns of `terminal`: 80 unless given. */
  readonly width?: number;
  /** Whether `terminal` has colours; false unless given. */
  readonly color?: boolean;
  /** Whether `terminal` has every table, instead of one screen. */
  readonly details?: boolean;
}

/**
 * A result as text.
 *
 * @throws {ContendError} ERR_USAGE for `hgrm` of several modes
 */
export const render = (result: Result, options: RenderOptions = {}): string => {
  const { format = 'terminal', width = 80, color = false, details = false } = options;
  if (format === 'terminal') return terminal(result, { width, color, details });
  const [first, ...others] = reporters[format](result);
  if (others.length === 0) return first?.text ?? '';
  const modes = result.modes.map(({ name }) => name).join(', ');
  throw new ContendError('ERR_USAGE', `${format} has a file for each mode, and there are several: ${modes}.`);
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
