import { join, relative } from 'node:path';
import type { Draws } from '../../core/recording/draw.ts';
import { ContendError } from '../../core/errors.ts';
import type { File } from '../../core/file.ts';
import type { Host } from '../../core/host.ts';
import { expectedUs } from '../../core/plan/length.ts';
import { masking, type Mask } from '../../core/mask.ts';
import { isRelative, type Load, type Plan } from '../../core/plan/plan.ts';
import type { Result } from '../../core/result/result.ts';
import { newWatch } from '../../core/watch.ts';
import { many, perSecond } from '../../report/format.ts';
import { fileNames, filesOf } from '../../report/index.ts';
import { documentText } from '../../report/json.ts';
import { samplesCsv, samplesName, type ModeSamples } from '../../report/samples.ts';
import { plain } from '../../report/plain.ts';
import { terminal } from '../../report/terminal/terminal.ts';
import { budgetOf, withinBudget } from '../flags/budget.ts';
import { addSummary, annotate, forLog } from '../write/ci.ts';
import { isColorWanted } from '../color.ts';
import { environmentFrom } from '../flags/environment.ts';
import { exitCodes } from '../exit-codes.ts';
import { maskedError, maskedHost } from '../masked-host.ts';
import { startProgress } from '../progress/progress.ts';
import { otlpSettingsOf, type OtlpFlags } from '../flags/otlp.ts';
import { openOtlp } from '../write/otlp.ts';
import { incomparable, readDocument } from '../read/document.ts';
import { readPlan, type Read } from '../read/plan.ts';
import { refusalOf } from '../refusal.ts';
import { headersFrom, hostsFrom, placesFrom } from '../flags/requests.ts';
import { drawsOf } from '../flags/samples.ts';
import { extendOf, settingsOf, type SettingFlags } from '../flags/settings.ts';
import { isUrl, urlScenario } from '../flags/url.ts';
import { openFolder } from '../write/files.ts';
import { openPrometheus } from '../write/prometheus.ts';

/** The flags of `run` and `demo`, as commander gives them. */
export interface RunFlags extends SettingFlags, OtlpFlags {
  readonly modes?: string;
  readonly method?: string;
  readonly header?: readonly string[];
  readonly body?: string;
  readonly env?: readonly string[];
  readonly connectTo?: readonly string[];
  readonly allowHost?: readonly string[];
  readonly gate?: readonly string[];
  readonly extend?: boolean;
  readonly undecided?: 'fail' | 'warn';
  readonly baseline?: string;
  readonly budget?: string;
  readonly history?: string;
  readonly json?: boolean;
  readonly out?: string;
  readonly prometheus?: string;
  readonly samples?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
}

/** `contend demo`: the online store that comes with the package. */
export const demo = async (host: Host, flags: RunFlags): Promise<number> =>
  runFile(host, relative('.', join(host.packageFolder, 'scenarios', 'online-store.yaml')), flags);

/**
 * `contend run`: reads the scenario, or makes one for an address, runs it, prints the report.
 *
 * @param named path of the scenario, or an address
 * @returns the exit code; everything wrong with the scenario or the flags is told before anything is sent
 */
export const runFile = async (host: Host, named: string, flags: RunFlags): Promise<number> => {
  const extend = extendOf(flags.extend, host.env);
  const read = await askedOf(host, named, flags, extend);
  if (read === undefined) return exitCodes.usage;
  const mask = masking(read.plan.secrets ?? []);
  try {
    return await runPlan(maskedHost(host, mask), read, { ...flags, extend });
  } catch (error) {
    throw maskedError(error, mask);
  }
};

/** The plan; undefined where it has problems, which are then told. */
const askedOf = async (host: Host, named: string, flags: RunFlags, extend: boolean): Promise<Read | undefined> => {
  const { method, body } = flags;
  if (!isUrl(named) && (method !== undefined || body !== undefined)) {
    const flag = method === undefined ? '-b' : '-m';
    const hint = 'In a scenario the steps say what is sent: put: /path, json: …';
    throw new ContendError('ERR_USAGE', `${flag} is for an address: contend run http://…`, hint);
  }
  const made = isUrl(named) ? urlScenario(named, flags) : undefined;
  const { file, settings, ...text } = made ?? { file: named, settings: [] };
  return readPlan(host, file, {
    ...text,
    settings: [
      ...settings,
      ...settingsOf(flags, host.env),
      ...headersFrom(flags.header),
      ...placesFrom(flags.connectTo),
    ],
    extend,
    environment: environmentFrom(flags.env, host.env),
    allowedHosts: hostsFrom(flags.allowHost),
    ...(flags.modes === undefined ? {} : { only: flags.modes.split(',').map((name) => name.trim()) }),
    ...(flags.gate === undefined ? {} : { gates: flags.gate }),
  });
};

const runPlan = async (
  host: Host,
  { plan: asked, tables }: Read,
  { extend, ...flags }: RunFlags & { readonly extend: boolean },
): Promise<number> => {
  // Only a gate that compares modes can want more rounds; without one a second look would widen every interval for nothing.
  const mayExtend = extend && asked.gates.some(isRelative);
  const most = mayExtend ? 2 * asked.rounds : asked.rounds;
  const budget = budgetOf(flags.budget, host.env);
  const plan = budget === undefined ? asked : withinBudget(asked, budget, most);
  // Only now: a scenario with problems need not wait for the engine to load.
  const { checkFiles, checkMachine, checkTargets } = await import('../../check.ts');
  await checkTargets(plan, (path) => host.readText(path));
  await checkFiles(plan, host);
  await checkMachine(plan, host);
  const { planDifferencesOf, run } = await import('../../run.ts');
  // Before the folder is made: it may be the one that the baseline lies in.
  const baseline = flags.baseline === undefined ? undefined : await readDocument(host, flags.baseline);
  const differences = baseline === undefined ? [] : planDifferencesOf(baseline, plan);
  if (differences.length > 0) throw incomparable(`--baseline ${flags.baseline} is of another scenario`, differences);
  const mask = masking(plan.secrets ?? []);
  const draws = drawsOf(flags, host.env);
  const otlp = otlpSettingsOf(flags, host.env);
  const push = otlp === undefined ? undefined : await openOtlp(host, otlp);
  const writePrometheus = flags.prometheus === undefined ? undefined : await openPrometheus(host, flags.prometheus);
  const folder =
    flags.out === undefined
      ? undefined
      : await openFolder(host, flags.out, [
          ...fileNames(plan.modes.map(({ name }) => mask(name))),
          ...(draws === undefined ? [] : [samplesName]),
        ]);
  if (flags.history !== undefined) await makeHistoryFolder(host, flags.history, plan);

  const watch = newWatch(plan);
  const color = isColorWanted(host, flags);
  if (flags.quiet !== true) announce(host, plan, { most, isShortened: plan !== asked });
  const progress =
    flags.quiet === true ? undefined : startProgress(watch, { stderr: host.stderr, clock: host.clock, color });
  const interrupt = new AbortController();
  const stopListening = host.onInterrupt((signal) => {
    if (interrupt.signal.aborted) {
      // The line that shows progress has changed the terminal: leave it as it was.
      progress?.stop();
      host.exit(exitCodes.interrupted[signal]);
    }
    interrupt.abort(signal);
  });
  try {
    const options = {
      host,
      tables,
      signal: interrupt.signal,
      watch,
      undecided: flags.undecided,
      baseline,
      extend: mayExtend,
      eachRound: folder !== undefined,
      budgetUs: budget?.us,
      historyFolder: flags.history,
      draws,
    };
    let latest: Result | undefined;
    for await (const result of run(plan, options)) {
      latest = result;
      await folder?.write([...filesOf(result), ...samplesOf(draws, mask)]);
    }
    progress?.stop();
    const result = latest!;
    const isWritten = (await writePrometheus?.(result)) !== false;
    await push?.(result, interrupt.signal);
    await addSummary(host, result);
    show(host, result, { isJson: flags.json === true, color });
    // A build that asked for files must not go on without them.
    return !(isWritten && folder?.isWhole() !== false) && result.exitCode === exitCodes.pass
      ? exitCodes.internalError
      : result.exitCode;
  } finally {
    progress?.stop();
    stopListening();
  }
};

/** What was drawn so far, under names that may be shown. */
const samplesOf = (draws: Draws | undefined, mask: Mask): readonly File[] => {
  if (draws === undefined) return [];
  const modes = [...draws.byMode].map(([mode, { rows }]): ModeSamples => ({ mode: mask(mode), rows }));
  return [samplesCsv(modes)];
};

/** A folder that cannot be written is known before anything is sent, and so is that there would be nothing in it. */
const makeHistoryFolder = async (host: Host, folder: string, { consistency }: Plan): Promise<void> => {
  if (consistency.length === 0) {
    const hint = 'Say what the steps mean for the data under "consistency:".';
    throw new ContendError('ERR_USAGE', '--history keeps operations, and the scenario observes none.', hint);
  }
  const probe = join(folder, '.contend');
  try {
    await host.makeFolder(folder);
    await host.replaceFile(probe, '');
    await host.removeFile(probe);
  } catch (error) {
    const message = `--history ${folder} cannot be written: ${refusalOf(error)}.`;
    throw new ContendError('ERR_USAGE', message, 'Name a folder that can be made or written.', error);
  }
};

/** Last of all: whoever reads it may leave at any time, and that ends the process. */
const show = (host: Host, result: Result, { isJson, color }: { readonly isJson: boolean; readonly color: boolean }) => {
  const width = host.stdout.columns() ?? 80;
  host.stdout.write(isJson ? documentText(result) : forLog(host, terminal(result, { width, color })));
  annotate(host, result, isJson);
};

const announce = (
  host: Host,
  plan: Plan,
  { most, isShortened }: { readonly most: number; readonly isShortened: boolean },
): void => {
  const { name, modes, rounds } = plan;
  const loads = [...new Set(modes.map(({ load }) => offeredBy(load)))];
  const offered = loads.length === 1 ? loads[0] : ', loads differ';
  const expected = expectedUs(plan, rounds);
  const upTo = most > rounds ? `, up to ${seconds(expectedUs(plan, most))}` : '';
  const about = expected === 0 ? '' : `, about ${seconds(expected)}${upTo}${isShortened ? ', slots shortened' : ''}`;
  const text = `${plain(name, 60)}: ${many(modes.length, 'mode')} × ${many(rounds, 'round')}${offered}${about}\n`;
  host.stderr.write(forLog(host, text));
};

const seconds = (us: number): string => `${Math.round(us / 1e6)} s`;

/** What an open load asks for: `, 200/s`, or `, up to 500/s` in stages. */
const offeredBy = (load: Load): string => {
  if (load.kind === 'closed') return '';
  if (load.stages.length === 0) return `, ${perSecond(load.ratePerSecond)}/s`;
  return `, up to ${perSecond(Math.max(...load.stages.flatMap(({ from, to }) => [from, to])))}/s`;
};
