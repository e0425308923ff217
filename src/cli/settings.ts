import { ContendError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import type { Setting } from '../scenario/settings.ts';

/** The flags that set something in the scenario, with the environment variable that does the same. */
const settable = {
  users: { path: ['load', 'users'], env: 'CONTEND_USERS', number: true },
  duration: { path: ['load', 'duration'], env: 'CONTEND_DURATION', number: true },
  iterations: { path: ['load', 'iterations'], env: 'CONTEND_ITERATIONS', number: true },
  warmup: { path: ['load', 'warmup'], env: 'CONTEND_WARMUP', number: true },
  rounds: { path: ['rounds'], env: 'CONTEND_ROUNDS', number: true },
  seed: { path: ['seed'], env: 'CONTEND_SEED', number: true },
  target: { path: ['target'], env: 'CONTEND_TARGET', number: false },
} as const;

/** The values of those flags, as they were written. */
export type SettingFlags = { readonly [flag in keyof typeof settable]?: string };

/**
 * What flags and environment lay over a scenario. The file gives way to the environment, the environment to a flag.
 *
 * @throws {ContendError} ERR_USAGE for `-d` and `-n` together
 */
export const settingsOf = (flags: SettingFlags, env: Host['env']): readonly Setting[] => {
  if (flags.duration !== undefined && flags.iterations !== undefined) {
    throw new ContendError('ERR_USAGE', '--duration and --iterations exclude each other.', 'Leave one of them out.');
  }
  const all = Object.entries(settable);
  const fromEnv = all.flatMap(([, { path, env: name, number }]) => settingOf(path, env[name], name, number));
  const fromFlags = all.flatMap(([flag, { path, number }]) =>
    settingOf(path, flags[flag as keyof SettingFlags], `--${flag}`, number),
  );
  return [...fromEnv, ...fromFlags];
};

const settingOf = (path: readonly string[], text: string | undefined, from: string, number: boolean): Setting[] =>
  text === undefined ? [] : [{ path, value: number && /^-?\d+(\.\d+)?$/u.test(text) ? Number(text) : text, from }];
