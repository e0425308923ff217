import { join, relative } from 'node:path';
import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Plan } from '../../core/plan.ts';
import { newWatch } from '../../core/watch.ts';
import { many } from '../../report/format.ts';
import { json } from '../../report/json.ts';
import { terminal } from '../../report/terminal.ts';
import { exitCodes } from '../exit-codes.ts';
import { startProgress } from '../progress.ts';
import { readPlan } from '../read-plan.ts';
import { settingsOf, type SettingFlags } from '../settings.ts';

/** The flags of `run` and `demo`, as commander gives them. */
export interface RunFlags extends SettingFlags {
  readonly modes?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
  readonly workers?: string;
}

/** `contend demo`: the online store that comes with the package. */
export const demo = async (host: Host, flags: RunFlags): Promise<number> =>
  runFile(host, relative('.', join(host.packageFolder, 'scenarios', 'online-store.yaml')), flags);

/**
 * `contend run`: reads the scenario, runs it, prints the report.
 *
 * @returns the exit code; everything wrong with the scenario or the flags is told before anything is sent
 */
export const runFile = async (host: Host, file: string, flags: RunFlags): Promise<number> => {
  if (flags.workers !== undefined) {
    throw new ContendError(
      'ERR_USAGE',
      '--workers cannot be had yet: one thread does all the work.',
      'Leave it out. Locks that hold across threads come first.',
    );
  }
  const plan = await readPlan(host, file, {
    settings: settingsOf(flags, host.env),
    ...(flags.modes === undefined ? {} : { only: flags.modes.split(',').map((name) => name.trim()) }),
  });
  if (plan === undefined) return exitCodes.usage;
  // Only now: a scenario with problems need not wait for the engine to load.
  const { checkTargets, expectedUs, run } = await import('../../run.ts');
  checkTargets(plan);

  const interrupt = new AbortController();
  const stopListening = host.onInterrupt((signal) => {
    if (interrupt.signal.aborted) host.exit(exitCodes.interrupted[signal]);
    interrupt.abort(signal);
  });
  const watch = newWatch(plan);
  const color = isColorWanted(host, flags);
  if (flags.quiet !== true) announce(host, plan, expectedUs(plan));
  const progress =
    flags.quiet === true ? undefined : startProgress(watch, { stderr: host.stderr, clock: host.clock, color });
  try {
    const result = await run(plan, { host, signal: interrupt.signal, watch });
    progress?.stop();
    host.stdout.write(
      flags.json === true ? json(result) : terminal(result, { width: host.stdout.columns() ?? 80, color }),
    );
    return result.exitCode;
  } finally {
    progress?.stop();
    stopListening();
  }
};

/** Colour only where somebody sees it: `NO_COLOR`, even when empty, and `TERM=dumb` say that nobody does. */
const isColorWanted = ({ env, stdout }: Host, flags: RunFlags): boolean =>
  flags.color && stdout.isTTY && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb';

const announce = ({ stderr }: Host, { name, modes, rounds }: Plan, expected: number): void => {
  const about = expected === 0 ? '' : `, about ${Math.round(expected / 1e6)} s`;
  stderr.write(`${name}: ${many(modes.length, 'mode')} × ${many(rounds, 'round')}${about}\n`);
};
