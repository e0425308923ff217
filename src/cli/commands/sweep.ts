import { slotExpectedUs } from '../../core/plan/length.ts';
import type { Host } from '../../core/host.ts';
import { masking, type Mask } from '../../core/mask.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import { valueText } from '../../core/sweep/axis.ts';
import { newWatch } from '../../core/watch.ts';
import { many } from '../../report/format.ts';
import { plain } from '../../report/plain.ts';
import { sweepText } from '../../report/sweep/json.ts';
import { sweepTerminal } from '../../report/sweep/terminal.ts';
import { exitCodes } from '../exit-codes.ts';
import { allowRunOf } from '../flags/settings.ts';
import type { SweepFlags } from '../flags/sweep.ts';
import { interruption } from '../interruption.ts';
import { maskedError, maskedHost } from '../masked-host.ts';
import { startProgress } from '../progress/progress.ts';
import { sweptOf, type AskedSweep } from '../read/swept.ts';
import { styleOf } from '../style.ts';
import { addText, forLog } from '../write/ci.ts';
import { openSweepOutputs } from '../write/swept.ts';

/**
 * `contend sweep`: measures the modes of a scenario over an axis, and tells where each peaks, where one overtakes another, and how
 * much load keeps the gates.
 *
 * @returns the exit code; everything wrong with the scenario or the flags is told before anything is sent
 */
export const sweepFile = async (host: Host, file: string, flags: SweepFlags): Promise<number> => {
  const asked = await sweptOf(host, file, flags);
  if (asked === undefined) return exitCodes.usage;
  const mask = masking(asked.sweep.points[0].plan.secrets ?? []);
  try {
    return await sweepAsked(maskedHost(host, mask), asked, flags, mask);
  } catch (error) {
    throw maskedError(error, mask);
  }
};

const sweepAsked = async (host: Host, asked: AskedSweep, flags: SweepFlags, mask: Mask): Promise<number> => {
  const { sweep: swept, tables, budget, cut } = asked;
  // Only now: a scenario with problems need not wait for the engine to load.
  const { checkFiles, checkMachine, checkServed, checkTargets } = await import('../../preconditions.ts');
  for (const { plan } of swept.points) {
    await checkServed(plan, allowRunOf(flags.allowRun, host.env), host);
    await checkTargets(plan, (path) => host.readText(path));
    await checkFiles(plan, host);
    await checkMachine(plan, host);
  }
  const { sweep } = await import('../../run.ts');
  const outputs = await openSweepOutputs(host, swept, flags);
  const isQuiet = flags.quiet === true;
  if (!isQuiet) host.stderr.write(forLog(host, announcement(asked)));
  const watch = newWatch(swept.points.at(-1)!.plan, host.machine.cores, { axis: swept.axis.kind });
  const { color } = styleOf(host, flags);
  const { signal, interrupt } = interruption(host, () => progress?.abandon());
  const { plan } = swept.points[0];
  const progress = isQuiet
    ? undefined
    : startProgress(watch, {
        host,
        title: plain(mask(plan.name), 60),
        modes: plan.modes.map(({ name }) => plain(mask(name), 60)),
        color,
        isLive: false,
        onKey: (key) => {
          if (key === 'quit' || key === 'interrupt') interrupt('SIGINT');
        },
      });
  const stopListening = host.onInterrupt(interrupt);
  try {
    const results = sweep(swept, {
      host,
      tables,
      signal,
      watch,
      undecided: flags.undecided,
      eachRound: outputs.eachRound,
      budgetUs: budget?.us,
      logFolder: flags.out,
      cut,
    });
    let latest: SweepResult | undefined;
    for await (const result of results) {
      latest = result;
      await outputs.write(result);
    }
    await progress?.stop();
    const result = latest!;
    await addText(host, () => outputs.summary(result));
    const shown = { ...styleOf(host, flags), folder: flags.out };
    host.stdout.write(flags.json === true ? sweepText(result) : forLog(host, sweepTerminal(result, shown)));
    return !outputs.isWhole() && result.exitCode === exitCodes.pass ? exitCodes.internalError : result.exitCode;
  } finally {
    await progress?.stop();
    stopListening();
  }
};

/** `key-sweep: 3 modes × 7 points × 7 rounds over data.product, about 128 s`, and what is good to know before. */
const announcement = ({ sweep: { axis, points, find, width }, expectedUs, cut }: AskedSweep): string => {
  const { plan } = points[0];
  const about = expectedUs === 0 ? '' : `, about ${Math.round(expectedUs / 1e6)} s`;
  const name = plain(plan.name, 60);
  const cutText = cut === undefined ? '' : `${cut}.\n`;
  if (find !== 'capacity') {
    const what = `${many(plan.modes.length, 'mode')} × ${many(points.length, 'point')} × ${many(plan.rounds, 'round')} over ${axis.name}`;
    const more = find === 'crossing' ? ', more where modes cross' : '';
    return `${name}: ${what}${about}${more}\n${cutText}`;
  }
  const [from, to] = [axis.values[0]!, axis.values.at(-1)!];
  const slot = slotExpectedUs(plan.modes[0], plan.rounds) / 1e6;
  const upTo = `the highest ${axis.name} from ${from} to ${valueText(axis.kind, to)} that keeps the gates, to ${Number((100 * width).toPrecision(3))} %`;
  return `${name}: ${many(plan.modes.length, 'mode')}, ${upTo}, in probes of ${slot.toFixed(1)} s${about}\n${cutText}`;
};
