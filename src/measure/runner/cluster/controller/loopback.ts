import { ContendError } from '../../../../core/errors.ts';
import { isBuiltin, type Mode } from '../../../../core/plan/plan.ts';
import { withPort } from '../../../../core/plan/serve.ts';
import { hostOf, isLoopback, maskedUrl } from '../../../../core/reach.ts';
import type { Endpoint } from '../../../../core/slot.ts';
import { wayTo } from '../../way.ts';
import type { Remote } from './remote.ts';

/** As an address to connect to, `0.0.0.0` is this machine. */
const isHere = (host: string): boolean => isLoopback(host) || host === '0.0.0.0' || host === '::';

/**
 * What a mode uses on this machine's loopback, where no other machine reaches it: targets, proxy or lock server, in a form
 * that may be shown. If there is nothing, other machines can measure the mode.
 *
 * @param endpoint where its names lead, once that is known
 */
export const onLoopback = (mode: Mode, endpoint?: Endpoint): readonly string[] => {
  const there = (target: string, known?: Endpoint): readonly string[] => {
    // Nothing listens there yet: any port will do to find the host.
    const origin = known?.origin ?? (isBuiltin({ ...mode, target }) ? 'http://127.0.0.1' : withPort(target, 80));
    const { asked } = wayTo(mode, origin);
    const hosts = [hostOf(asked) ?? '', ...(known?.addresses ?? [])];
    if (!hosts.some(isHere)) return [];
    return [mode.proxy === undefined ? shown(target) : `the proxy ${asked}`];
  };
  const logins = (mode.login ?? []).flatMap(({ target }) => target ?? []);
  const lock = mode.lock.name === 'redis' ? (mode.lock.options as { readonly url: string }).url : undefined;
  return [
    ...new Set([
      ...there(mode.target, endpoint),
      ...logins.flatMap((target) => there(target, endpoint?.elsewhere?.[target])),
      ...(lock !== undefined && isHere(hostOf(lock) ?? '') ? [`the lock server ${maskedUrl(lock)}`] : []),
    ]),
  ];
};

const shown = (target: string): string => target.replace(/^(https?:\/\/)[^/@]*@/u, '$1***@');

/** The agents that a run asks for, as far as it matters here. */
interface Asked {
  readonly count: number;
  /** Address of the Redis server through which they are found. */
  readonly url: string;
}

/**
 * Checks whether agents can reach what modes use, as far as that is known before any has come: if Redis is not on loopback,
 * agents of other machines come.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const checkLoopback = (modes: readonly Mode[], { count, url }: Asked): void => {
  if (isHere(hostOf(url) ?? '')) return;
  const [first] = modes.flatMap((mode) => {
    const here = (mode.agents ?? count) === 0 ? [] : onLoopback(mode);
    return here.length === 0 ? [] : [{ mode, here }];
  });
  if (first === undefined) return;
  throw new ContendError(
    'ERR_USAGE',
    `${first.mode.name} asks ${first.here.join(' and ')}, which this machine alone reaches, and agents come from others through ${maskedUrl(url)}.`,
    `${mendOf(first.mode)} Where all agents are on this machine: --redis redis://127.0.0.1:6379.`,
  );
};

/**
 * Why agents that have come cannot reach what a mode uses: each reports which loopback it has.
 *
 * @param network of this machine
 * @param remotes those that the mode is measured on
 * @returns `undefined` if they can
 */
export const unreachedBy = (
  remotes: readonly Pick<Remote, 'name' | 'facts'>[],
  mode: Mode,
  endpoint: Endpoint,
  network: string,
): ContendError | undefined => {
  const elsewhere = remotes.filter(({ facts }) => facts!.network !== network);
  const here = elsewhere.length === 0 ? [] : onLoopback(mode, endpoint);
  if (here.length === 0) return undefined;
  const names = elsewhere.map(({ name }) => name).join(', ');
  return new ContendError(
    'ERR_AGENTS',
    `${mode.name} asks ${here.join(' and ')}, which the machine of this run alone reaches, and it is to be measured on another one: ${names}.`,
    mendOf(mode),
  );
};

const mendOf = (mode: Mode): string =>
  isBuiltin(mode) || mode.serve !== undefined
    ? `What contend starts listens on this machine's loopback: a target with an address that agents reach, too; or "agents: 0" for ${mode.name}.`
    : `An address that agents reach, too; or "agents: 0" for ${mode.name}.`;
