import { ContendError, messageOf } from './core/errors.ts';
import type { Host } from './core/host.ts';
import { isRelative, type Plan } from './core/plan/plan.ts';
import { isSweep } from './core/result/read.ts';
import type { Result } from './core/result/result.ts';
import type { SweepResult } from './core/result/sweep.ts';
import type { Find } from './core/sweep/plan.ts';
import { newWatch, type Watch } from './core/watch.ts';
import { processHost } from './host.ts';
import { checkFiles, checkMachine, checkServed, checkTargets } from './preconditions.ts';
import { reporters } from './report/index.ts';
import { sweepReporters } from './report/sweep/index.ts';
import { sweepTerminal } from './report/sweep/terminal.ts';
import { terminal } from './report/terminal/terminal.ts';
import { runToEnd, sweepToEnd } from './run.ts';
import { readScenario, type ScenarioInput } from './scenario/read-scenario.ts';
import { readSweep } from './scenario/read-sweep.ts';
import { renderProblems, type Problem } from './scenario/text/problem.ts';
import type { Setting } from './scenario/layers/settings.ts';

export { ContendError, type ErrorCode } from './core/errors.ts';
export type * from './core/result/cheapest.ts';
export type * from './core/result/result.ts';
export type * from './core/result/run-comparison.ts';
export type * from './core/result/sweep.ts';
export type { Headline, Verdict } from './core/result/verdict.ts';
export type { Warning } from './core/result/warning.ts';
export type { Axis, AxisKind } from './core/sweep/axis.ts';
export type { Find, Problem, Setting };

/** How to run a scenario from a program. */
export interface RunOptions {
  /** Override the file, as flags do: `{ path: ['load', 'users'], value: 8, from: 'my test' }`. */
  readonly settings?: readonly Setting[];
  /** Run only these modes. */
  readonly modes?: readonly string[];
  /** Values for `${env.NAME}` of the names that the scenario declares; the environment of the process is not read. */
  readonly env?: { readonly [name: string]: string };
  /** Hosts beyond this machine and those that the file names: `--allow-host`. */
  readonly allowedHosts?: readonly string[];
  /** Whether the programs that the scenario names under `serve:` may be started: `--allow-run`. */
  readonly allowRun?: boolean;
  /** Gates in addition to those of the file: `p99(locked) < 50ms`. */
  readonly gates?: readonly string[];
  /** Whether to double the rounds if a gate that compares modes is undecided after them. */
  readonly extend?: boolean;
  /** What an undecided verdict does to a build: with `warn` its exit code is 0. Default `fail`. */
  readonly undecided?: 'fail' | 'warn';
  /** When aborted, no further slot begins; the result holds what was measured. */
  readonly signal?: AbortSignal;
}

/** How to sweep a scenario from a program. */
export interface SweepOptions extends Omit<RunOptions, 'extend'> {
  /** What to vary and over which values: `users=1..128`, `data.product=1,4,20`. Default: `sweep:` of the scenario. */
  readonly over?: string;
  /** What to look for beyond the points: where modes cross, or the highest load that keeps the gates. */
  readonly find?: Find;
  /** How far apart the ends of a capacity may be; default 0.05, which is 5 %. */
  readonly width?: number;
}

/** The progress of a run or a sweep. */
export interface Progress {
  /** The mode being measured. */
  readonly mode: string;
  /** In a sweep, the value of its axis that is being measured. */
  readonly at?: number;
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
  /** Finished slots, and how many there are; a sweep that searches adds slots as it goes on. */
  readonly slotsDone: number;
  readonly slotsTotal: number;
  /** Iterations completed in the slot being measured. */
  readonly completed: number;
}

/** A run under way: a promise of its result, and its progress to iterate over. */
export type Run = Promise<Result> & AsyncIterable<Progress>;

/** A sweep under way: as {@link Run}. */
export type Sweep = Promise<SweepResult> & AsyncIterable<Progress>;

/**
 * Runs a scenario; resolves with the result document, whose `exitCode` is the one the command would have given. When iterated
 * over, it reports its progress five times a second until it ends.
 *
 * @param scenario path of the file, or its content; files that it names are then relative to the working directory
 * @throws {ContendError} ERR_USAGE if the file cannot be read, or would start programs without permission; ERR_SCENARIO with
 * every problem in its message; ERR_OPEN_FILES, ERR_MISSING_PACKAGE: all before anything is sent
 */
export const run = (scenario: string | object, options: RunOptions = {}): Run =>
  underWay(async (onWatch) => runScenario(scenario, options, onWatch));

/**
 * Measures the modes of a scenario over an axis, as `contend sweep` does; resolves with the document of the sweep. It takes and
 * throws the same as {@link run}.
 *
 * @throws {ContendError} ERR_SCENARIO also if the axis cannot be swept, or the search is not possible over it
 */
export const sweep = (scenario: string | object, options: SweepOptions = {}): Sweep =>
  underWay(async (onWatch) => sweepScenario(scenario, options, onWatch));

/** @param begin starts it, and passes on its watch once there is one */
const underWay = <Found>(
  begin: (onWatch: (watch: Watch) => void) => Promise<Found>,
): Promise<Found> & AsyncIterable<Progress> => {
  const under = { watch: undefined as Watch | undefined };
  const result = begin((watch) => {
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
  const read = readScenario({
    ...(await inputOf(host, scenario, options)),
    ...(options.extend === undefined ? {} : { extend: options.extend }),
  });
  if ('problems' in read) throw new ContendError('ERR_SCENARIO', renderProblems(read.problems));
  await check(read.plan, options, host);
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

const usualWidth = 0.05;

const sweepScenario = async (
  scenario: string | object,
  options: SweepOptions,
  onWatch: (watch: Watch) => void,
): Promise<SweepResult> => {
  const host = processHost();
  const { over, find, width = usualWidth } = options;
  const read = readSweep({ ...(await inputOf(host, scenario, options)), sweep: { over, find, width } });
  if ('problems' in read) {
    const where = read.at === undefined ? '' : `That is at ${read.at}.\n`;
    throw new ContendError('ERR_SCENARIO', renderProblems(read.problems) + where);
  }
  for (const { plan } of read.sweep.points) await check(plan, options, host);
  const watch = newWatch(read.sweep.points.at(-1)!.plan, host.machine.cores, { axis: read.sweep.axis.kind });
  onWatch(watch);
  return sweepToEnd(read.sweep, {
    host,
    tables: read.tables,
    signal: options.signal ?? new AbortController().signal,
    watch,
    undecided: options.undecided,
  });
};

const inputOf = async (host: Host, scenario: string | object, options: SweepOptions): Promise<ScenarioInput> => {
  const file = typeof scenario === 'string' ? scenario : 'scenario.json';
  return {
    text: typeof scenario === 'string' ? await textOf(host, file) : JSON.stringify(scenario, undefined, 2),
    file,
    settings: options.settings ?? [],
    seed: host.randomSeed(),
    readBeside: host.readBeside(file),
    environment: { variables: {}, flags: options.env ?? {} },
    ...(options.allowedHosts === undefined ? {} : { allowedHosts: options.allowedHosts }),
    ...(options.modes === undefined ? {} : { only: options.modes }),
    ...(options.gates === undefined ? {} : { gates: options.gates }),
  };
};

const check = async (plan: Plan, { allowRun }: SweepOptions, host: Host): Promise<void> => {
  await checkServed(plan, allowRun === true, host);
  await checkTargets(plan, (path) => host.readText(path));
  await checkFiles(plan, host);
  await checkMachine(plan, host);
};

const textOf = async (host: Host, file: string): Promise<string> => {
  try {
    return await host.readText(file);
  } catch (error) {
    throw new ContendError('ERR_USAGE', `${file} cannot be read: ${messageOf(error)}.`, '', error);
  }
};

/** The time between two reports of progress. */
const everyMs = 200;

async function* progressOf(over: Promise<void>, watchNow: () => Watch | undefined): AsyncGenerator<Progress, void> {
  for (let isOver = false; !isOver;) {
    const tick = timer(everyMs);
    isOver = await Promise.race([over.then(() => true), tick.promise.then(() => false)]);
    tick.stop();
    const watch = watchNow();
    if (watch === undefined) continue;
    const { mode, at, round, rounds, slotsDone, slotsTotal, completed } = watch;
    yield { mode, ...(Number.isNaN(at) ? {} : { at }), round, rounds, slotsDone, slotsTotal, completed };
  }
}

const timer = (ms: number): { readonly promise: Promise<void>; stop(): void } => {
  let handle: NodeJS.Timeout | undefined;
  const promise = new Promise<void>((resolve) => {
    handle = setTimeout(resolve, ms);
  });
  return { promise, stop: () => clearTimeout(handle) };
};

/** The formats that a result can be rendered in: those of `contend report`, except those that need another package. */
export interface RenderOptions {
  /** Default `terminal`. `hgrm` has one file per mode, so it needs a result with one mode. */
  readonly format?: 'terminal' | 'html' | 'markdown' | 'junit' | 'json' | 'csv' | 'violations' | 'hgrm';
  /** Columns of `terminal`; default 80. */
  readonly width?: number;
  /** Whether `terminal` has colours; default false. */
  readonly color?: boolean;
  /** Whether `terminal` has every table instead of one screen. */
  readonly details?: boolean;
}

/**
 * The result of a run or a sweep as text.
 *
 * @throws {ContendError} ERR_USAGE for `hgrm` of several modes, and for formats that a sweep does not have: `violations`, `hgrm`
 */
export const render = (result: Result | SweepResult, options: RenderOptions = {}): string => {
  const { format = 'terminal', width = 80, color = false, details = false } = options;
  const style = { width, color, details };
  if (isSweep(result)) {
    if (format === 'terminal') return sweepTerminal(result, style);
    if (format === 'violations' || format === 'hgrm') throw new ContendError('ERR_USAGE', `A sweep has no ${format}.`);
    return sweepReporters[format](result)[0].text;
  }
  if (format === 'terminal') return terminal(result, style);
  const [first, ...others] = reporters[format](result);
  if (others.length === 0) return first?.text ?? '';
  const modes = result.modes.map(({ name }) => name).join(', ');
  throw new ContendError('ERR_USAGE', `${format} has one file per mode, and there are several: ${modes}.`);
};

/**
 * Every problem of a scenario's text, each with its place. If there is none it can be run, provided the files that its variables read are
 * as expected.
 *
 * @param file the file name to use in the places
 */
export const validate = (text: string, file = 'scenario.yaml'): readonly Problem[] => {
  const read = readScenario({ text, file, settings: [], seed: 0 });
  return 'problems' in read ? read.problems : [];
};
