import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Json } from '../../core/json.ts';
import type { Setting } from '../../scenario/layers/settings.ts';

/** A number if it is one; otherwise the text, which the schema reads or refuses. */
const number = (text: string): Json => (/^-?\d+(\.\d+)?$/u.test(text) ? Number(text) : text);
/** A duration without a unit is in seconds, as in other tools. */
const seconds = (text: string): Json => (/^\d+(\.\d+)?$/u.test(text) ? `${text}s` : text);
const text = (value: string): Json => value;
const yes = (value: string): Json => ({ '1': true, 'true': true, '0': false, 'false': false })[value] ?? value;

interface Settable {
  readonly path: readonly string[];
  readonly env?: string;
  readonly as: (text: string) => Json;
}

/** The flags that set something in the scenario, with the environment variable that does the same. */
const settable = {
  users: { path: ['load', 'users'], env: 'CONTEND_USERS', as: number },
  rate: { path: ['load', 'rate'], env: 'CONTEND_RATE', as: number },
  rps: { path: ['load', 'rate'], as: number },
  duration: { path: ['load', 'duration'], env: 'CONTEND_DURATION', as: seconds },
  iterations: { path: ['load', 'iterations'], env: 'CONTEND_ITERATIONS', as: number },
  warmup: { path: ['load', 'warmup'], env: 'CONTEND_WARMUP', as: number },
  rounds: { path: ['rounds'], env: 'CONTEND_ROUNDS', as: number },
  seed: { path: ['seed'], env: 'CONTEND_SEED', as: number },
  target: { path: ['target'], env: 'CONTEND_TARGET', as: text },
  workers: { path: ['workers'], env: 'CONTEND_WORKERS', as: number },
  pacing: { path: ['pacing'], env: 'CONTEND_PACING', as: text },
  transport: { path: ['transport'], env: 'CONTEND_TRANSPORT', as: text },
  http2: { path: ['http2'], env: 'CONTEND_HTTP2', as: yes },
  keepalive: { path: ['keepAlive'], env: 'CONTEND_KEEPALIVE', as: yes },
  proxy: { path: ['proxy'], env: 'CONTEND_PROXY', as: text },
  insecure: { path: ['tls', 'insecure'], env: 'CONTEND_INSECURE', as: yes },
  timeout: { path: ['timeouts', 'request'], env: 'CONTEND_TIMEOUT', as: seconds },
} as const satisfies { readonly [flag: string]: Settable };

/** The Redis server of leases; `--redis` sets that of agents. */
const leaseRedis: Settable = { path: ['lock', 'redis', 'url'], env: 'CONTEND_REDIS_URL', as: text };

/** The values of those flags, as written; `true` for one that takes none, `false` for its `--no-…`. */
export type SettingFlags = { readonly [flag in Exclude<keyof typeof settable, 'keepalive'>]?: string | true } & {
  readonly keepalive?: boolean;
};

/**
 * The settings that flags and environment lay over a scenario. The environment overrides the file, and a flag overrides the
 * environment.
 *
 * @throws {ContendError} ERR_USAGE for `-d` and `-n` together
 */
export const settingsOf = (flags: SettingFlags, env: Host['env']): readonly Setting[] => {
  if (flags.duration !== undefined && flags.iterations !== undefined) {
    throw new ContendError('ERR_USAGE', '--duration and --iterations exclude each other.', 'Leave one of them out.');
  }
  const all: readonly (readonly [string, Settable])[] = Object.entries(settable);
  const fromEnv = [...all.map(([, one]) => one), leaseRedis].flatMap((one) =>
    one.env === undefined ? [] : settingOf(one, env[one.env] || undefined, one.env),
  );
  const fromFlags = all.flatMap(([flag, one]) => {
    const value = flags[flag as keyof SettingFlags];
    return settingOf(one, value, `--${value === false ? 'no-' : ''}${flag}`);
  });
  return [...fromEnv, ...fromFlags];
};

/**
 * Whether `--extend`, or `CONTEND_EXTEND=1`, allows a run to double its rounds.
 *
 * @throws {ContendError} ERR_USAGE if the variable is neither 1 nor 0
 */
export const extendOf = (flag: boolean | undefined, env: Host['env']): boolean =>
  flag ?? isSaid('CONTEND_EXTEND', '--extend', env);

/**
 * Whether `--allow-run`, or `CONTEND_ALLOW_RUN=1`, allows a scenario to start programs.
 *
 * @throws {ContendError} ERR_USAGE if the variable is neither 1 nor 0
 */
export const allowRunOf = (flag: boolean | undefined, env: Host['env']): boolean =>
  flag ?? isSaid('CONTEND_ALLOW_RUN', '--allow-run', env);

const isSaid = (name: string, flag: string, env: Host['env']): boolean => {
  const said = env[name] || '0';
  const wanted = yes(said);
  if (typeof wanted === 'boolean') return wanted;
  throw new ContendError('ERR_USAGE', `${name} must be 1 or 0, not ${JSON.stringify(said)}.`, `${flag} is the same.`);
};

const settingOf = ({ path, as }: Settable, value: string | boolean | undefined, from: string): Setting[] =>
  value === undefined ? [] : [{ path, value: typeof value === 'boolean' ? value : as(value), from }];
