import { join, relative } from 'node:path';
import type { Host } from '../../core/host.ts';
import { masking, type Mask } from '../../core/mask.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Result } from '../../core/result/result.ts';
import { documentText } from '../../report/json.ts';
import { terminal } from '../../report/terminal/terminal.ts';
import { styleOf } from '../style.ts';
import { exitCodes } from '../exit-codes.ts';
import { agentsAsked } from '../flags/agents.ts';
import type { RunFlags } from '../flags/run.ts';
import { allowRunOf } from '../flags/settings.ts';
import { drawsOf } from '../flags/samples.ts';
import { interruption } from '../interruption.ts';
import { maskedError, maskedHost } from '../masked-host.ts';
import { announcement } from '../progress/announce.ts';
import { showRun } from '../progress/show.ts';
import { affordable, askedOf, type Asked } from '../read/asked.ts';
import { incomparable, readDocument } from '../read/document.ts';
import { withBytes } from '../read/named.ts';
import { annotate, forLog } from '../write/ci.ts';
import { openOutputs } from '../write/outputs.ts';

/** `contend demo`: the online store that comes with the package. */
export const demo = async (host: Host, flags: RunFlags): Promise<number> =>
  runFile(host, relative('.', join(host.packageFolder, 'scenarios', 'online-store.yaml')), flags);

/**
 * `contend run`: reads the scenario, or makes one for an address, runs it and prints the report.
 *
 * @param named path of the scenario, or an address
 * @returns the exit code; everything wrong with the scenario or the flags is reported before anything is sent
 */
export const runFile = async (host: Host, named: string, flags: RunFlags): Promise<number> => {
  const asked = await askedOf(host, named, flags);
  if (asked === undefined) return exitCodes.usage;
  const mask = masking(asked.plan.secrets ?? []);
  try {
    return await runAsked(maskedHost(withBytes(host, asked), mask), asked, flags, mask);
  } catch (error) {
    throw maskedError(error, mask);
  }
};

const runAsked = async (host: Host, asked: Asked, flags: RunFlags, mask: Mask): Promise<number> => {
  const { tables, mayExtend, mostRounds, budget } = asked;
  const plan = affordable(asked);
  // Imported only now: a scenario with problems need not wait for the engine to load.
  const { checkFiles, checkLoopback, checkMachine, checkServed, checkTargets } = await import('../../preconditions.ts');
  await checkServed(plan, allowRunOf(flags.allowRun, host.env), host);
  await checkTargets(plan, (path) => host.readText(path));
  await checkFiles(plan, host);
  const agents = await agentsAsked(plan, flags, host);
  if (agents !== undefined) checkLoopback(plan.modes, agents);
  await checkMachine(plan, host, agents?.count);
  const { run } = await import('../../run.ts');
  // Read before anything is written: the baseline may be in the output folder.
  const baseline = await baselineOf(host, flags, plan);
  const draws = drawsOf(flags, host.env);
  const outputs = await openOutputs(host, plan, flags, draws);

  if (flags.quiet !== true)
    host.stderr.write(forLog(host, announcement(plan, mostRounds, plan !== asked.plan, asked.retargeted)));
  const { signal, interrupt } = interruption(host, () => shown.progress?.abandon());
  const shown = showRun(host, plan, flags, mask, () => interrupt('SIGINT'), agents?.count);
  const { progress, watch } = shown;
  const stopListening = host.onInterrupt(interrupt);
  try {
    const results = run(shown.plan, {
      host,
      tables,
      agents,
      signal,
      watch,
      undecided: flags.undecided,
      baseline,
      extend: mayExtend,
      eachRound: outputs.eachRound,
      budgetUs: budget?.us,
      historyFolder: flags.history,
      logFolder: flags.out,
      draws,
    });
    let latest: Result | undefined;
    for await (const result of results) {
      latest = result;
      await outputs.write(result);
    }
    await progress?.stop();
    const result = latest!;
    const isWritten = await outputs.finish(result, signal);
    show(host, result, flags);
    // A build that asked for files must not succeed without them.
    return !isWritten && result.exitCode === exitCodes.pass ? exitCodes.internalError : result.exitCode;
  } finally {
    await progress?.stop();
    stopListening();
  }
};

/** The document of `--baseline`, which must be of the same scenario. */
const baselineOf = async (host: Host, { baseline: file }: RunFlags, plan: Plan): Promise<Result | undefined> => {
  if (file === undefined) return undefined;
  const { planDifferencesOf } = await import('../../run.ts');
  const baseline = await readDocument(host, file);
  const differences = planDifferencesOf(baseline, plan);
  if (differences.length > 0) throw incomparable(`--baseline ${file} belongs to another scenario`, differences);
  return baseline;
};

/** Must come last: its reader may leave at any time, which ends the process. */
const show = (host: Host, result: Result, flags: RunFlags): void => {
  const isJson = flags.json === true;
  const shown = { ...styleOf(host, flags), folder: flags.out };
  host.stdout.write(isJson ? documentText(result) : forLog(host, terminal(result, shown)));
  annotate(host, result, isJson);
};
