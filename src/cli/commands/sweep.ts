import type { Host } from '../../core/host.ts';
import { masking, type Mask } from '../../core/mask.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import { newWatch } from '../../core/watch.ts';
import { plain } from '../../report/plain.ts';
import { sweepText } from '../../report/sweep/json.ts';
import { sweepTerminal } from '../../report/sweep/terminal.ts';
import { exitCodes } from '../exit-codes.ts';
import { allowRunOf } from '../flags/settings.ts';
import type { SweepFlags } from '../flags/sweep.ts';
import { interruption } from '../interruption.ts';
import { maskedError, maskedHost } from '../masked-host.ts';
import { sweepAnnouncement } from '../progress/announce-sweep.ts';
import { startProgress } from '../progress/progress.ts';
import { withBytes } from '../read/named.ts';
import { sweptOf, type AskedSweep } from '../read/swept.ts';
import { styleOf } from '../style.ts';
import { addText, forLog } from '../write/ci.ts';
import { openSweepOutputs } from '../write/swept.ts';

/**
 * `contend sweep`: measures the modes of a scenario over an axis, and reports where each peaks, where one overtakes another, and
 * how much load keeps the gates.
 *
 * @param named path of the scenario, or an address
 * @returns the exit code; everything wrong with the scenario or the flags is reported before anything is sent
 */
export const sweepFile = async (host: Host, named: string, flags: SweepFlags): Promise<number> => {
  const asked = await sweptOf(host, named, flags);
  if (asked === undefined) return exitCodes.usage;
  const mask = masking(asked.sweep.points[0].plan.secrets ?? []);
  try {
    return await sweepAsked(maskedHost(withBytes(host, asked), mask), asked, flags, mask);
  } catch (error) {
    throw maskedError(error, mask);
  }
};

const sweepAsked = async (host: Host, asked: AskedSweep, flags: SweepFlags, mask: Mask): Promise<number> => {
  const { sweep: swept, tables, budget, cut } = asked;
  // Imported only now: a scenario with problems need not wait for the engine to load.
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
  if (!isQuiet) host.stderr.write(forLog(host, sweepAnnouncement(asked)));
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
      say: isQuiet ? undefined : (line) => host.stderr.write(saidOn(host, forLog(host, plain(mask(line), 200)))),
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

/** A line of its own, even if a redrawn line is on the terminal. */
const saidOn = (host: Host, line: string): string => `${host.stderr.isTTY ? '\r\u001B[K' : ''}${line}\n`;
