import { isIP } from 'node:net';
import { ContendError, messageOf } from '../../../../core/errors.ts';
import { isSafe, mostUsersOf, requestsOf, type Load, type Mode } from '../../../../core/plan/plan.ts';
import { hostOf, isMetadata } from '../../../../core/reach.ts';
import type { Endpoint } from '../../../../core/slot.ts';
import { resolveAddresses } from '../../../transport/connect/address.ts';

/** What an agent agrees to do. Only the agent's own options decide this: nothing that a run says changes it. */
export interface Consent {
  /** Hosts that it may send load to, as {@link allowedHosts} gives them. */
  readonly allowHosts: readonly string[];
  /** Whether it may send methods other than GET, HEAD and OPTIONS. */
  readonly allowWrites: boolean;
  /** Iterations a second; absent: any number. */
  readonly maxRatePerSecond?: number;
  readonly maxUsers?: number;
  /** How long one run may use it. */
  readonly maxMinutes: number;
}

/** What an agent is asked to do: in one mode, or in one slot of it. */
export interface AskedOf {
  readonly mode: Mode;
  readonly endpoint: Endpoint;
  /** Its share of the load, from 0 to 1; 1 unless given. */
  readonly share?: number;
}

/**
 * The hosts of `--allow-host`, in lower case.
 *
 * @throws {ContendError} ERR_USAGE if one is neither a name nor an address, or is one that no load is ever sent to
 */
export const allowedHosts = (given: readonly string[]): readonly string[] => given.map(hostFrom);

const hostFrom = (given: string): string => {
  const bare = given.trim().replace(/^\[(.*)\]$/u, '$1');
  const host = isIP(bare) === 6 ? hostOf(`http://[${bare}]`) : hostOf(`http://${bare}`);
  const isHost = isIP(bare) !== 0 || /^[\w.-]+$/u.test(bare);
  if (host === undefined || !isHost)
    throw new ContendError(
      'ERR_USAGE',
      `--allow-host ${given}: that is not a host`,
      'A name or an address alone, without http:// and without a port: --allow-host api.test',
    );
  if (isMetadata(host))
    throw new ContendError(
      'ERR_USAGE',
      `--allow-host ${given}: no load is ever sent there`,
      'It hands out the credentials of a machine, or is link-local.',
    );
  return host;
};

/** A host that a mode reaches, and in which role. */
interface Reached {
  readonly host: string;
  readonly as: string;
}

/** Every host that a mode reaches, as `target`, `proxy` and so on: where connections go, and what a proxy is asked for. */
const reachedBy = ({ mode, endpoint }: AskedOf): readonly (Reached | { readonly not: string })[] => {
  const of = (as: string, address: string | undefined): (Reached | { readonly not: string })[] => {
    if (address === undefined) return [];
    const host = hostOf(address);
    return [
      host === undefined
        ? { not: `its ${as}, ${address}, is not a host that an agent can send load to` }
        : { host, as },
    ];
  };
  const proxy = (text: string | undefined): string | undefined =>
    text === undefined || text.includes('://') ? text : `http://${text}`;
  const { dial } = endpoint;
  return [
    ...of('target', endpoint.origin),
    ...of('target', mode.target.includes('${port}') ? mode.target.replaceAll('${port}', '80') : mode.target),
    ...of('proxy', proxy(endpoint.proxy)),
    ...of('proxy', proxy(mode.proxy)),
    ...(dial === undefined ? [] : of('connectTo', `http://${dial.host.includes(':') ? `[${dial.host}]` : dial.host}`)),
    ...Object.values(mode.connectTo ?? {}).flatMap((place) => of('connectTo', `http://${place}`)),
    ...(mode.lock.name === 'redis'
      ? of('lock server', String((mode.lock.options as { readonly url?: unknown } | null)?.url))
      : []),
  ];
};

/** Every host that a mode reaches. */
export const hostsAsked = (asked: AskedOf): readonly string[] => [
  ...new Set(reachedBy(asked).flatMap((one) => ('host' in one ? one.host : []))),
];

/** Asks the system for a name's addresses. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const resolveHost: Resolve = async (host) => resolveAddresses(`http://${isIP(host) === 6 ? `[${host}]` : host}`);

/**
 * Why an agent does not do what it is asked: one sentence for each reason, or none if it does. Checked before a run for each
 * of its modes, and again for each slot, as a slot's job need not be what was asked before the run.
 *
 * It does not trust the run about where a name leads: it asks its own system, and connections go nowhere else.
 *
 * @param resolve finds a name's addresses, in place of the system
 */
export const refusalsOf = async (
  asked: AskedOf,
  consent: Consent,
  resolve: Resolve = resolveHost,
): Promise<readonly string[]> => [
  ...new Set([
    ...(await hostRefusals(asked, consent, resolve)),
    ...(await loginRefusals(asked, consent, resolve)),
    ...pathRefusals(asked.mode),
    ...writeRefusals(asked.mode, consent),
    ...amountRefusals(asked, consent),
  ]),
];

/** Why a run of this length is refused; `undefined` if it is not. */
export const lengthRefusal = (lengthUs: number, { maxMinutes }: Consent): string | undefined =>
  lengthUs <= maxMinutes * 60e6
    ? undefined
    : `the run takes ${Math.ceil(lengthUs / 60e6)} minutes, and the agent gives ${maxMinutes} (--max-minutes)`;

const hostRefusals = async (asked: AskedOf, { allowHosts }: Consent, resolve: Resolve): Promise<readonly string[]> => {
  const reached = reachedBy(asked);
  const refused = reached.flatMap((one) => {
    if ('not' in one) return one.not;
    if (isMetadata(one.host)) return `its ${one.as} is ${one.host}, to which no load is ever sent`;
    return allowHosts.includes(one.host)
      ? []
      : `its ${one.as} is ${one.host}, which the agent does not allow (--allow-host ${one.host})`;
  });
  if (refused.length > 0) return refused;
  const { addresses, origin, dial, proxy } = asked.endpoint;
  // Connections go to these addresses, whatever the hosts are called.
  const first = hostOf(proxy === undefined ? origin : proxy.includes('://') ? proxy : `http://${proxy}`)!;
  const dialled = proxy === undefined && dial !== undefined ? dial.host.toLowerCase() : first;
  if (addresses.length === 0) return [`it names no address of ${dialled}`];
  const own = await ownAddresses(dialled, resolve);
  if (typeof own === 'string') return [own];
  const others = await Promise.all(
    hostsAsked(asked)
      .filter((host) => host !== dialled)
      .map(async (host) => metadataBehind(host, await ownAddresses(host, resolve))),
  );
  return [
    ...others.flat(),
    ...addresses.flatMap((address) => {
      if (isMetadata(address)) return `${dialled} is ${address}, to which no load is ever sent`;
      return own.includes(address) || allowHosts.includes(address)
        ? []
        : `${dialled} is ${own.join(', ')} for the agent, and ${address} for the run (--allow-host ${address} allows it)`;
    }),
  ];
};

/** The other targets that steps of a login name are checked like the mode's own. */
const loginRefusals = async (asked: AskedOf, consent: Consent, resolve: Resolve): Promise<readonly string[]> => {
  const { mode, endpoint } = asked;
  const elsewhere = endpoint.elsewhere ?? {};
  const unknown = (mode.login ?? []).flatMap(({ name, target }) =>
    target === undefined || Object.hasOwn(elsewhere, target)
      ? []
      : [`its step ${name} goes to ${target}, but says nothing of how to reach it`],
  );
  const refused = await Promise.all(
    Object.entries(elsewhere).map(async ([target, there]) =>
      hostRefusals({ ...asked, mode: { ...mode, target }, endpoint: there }, consent, resolve),
    ),
  );
  return [...unknown, ...refused.flat()];
};

/**
 * Why a name that another machine resolves again is refused: a lock server, or what a proxy is asked for. A name that cannot
 * be resolved is not reached.
 */
const metadataBehind = (host: string, addresses: readonly string[] | string): readonly string[] => {
  const bad = typeof addresses === 'string' ? undefined : addresses.find(isMetadata);
  return bad === undefined ? [] : [`${host} is ${bad}, to which no load is ever sent`];
};

const ownAddresses = async (host: string, resolve: Resolve): Promise<readonly string[] | string> => {
  try {
    return isIP(host) === 0 ? await resolve(host) : [host];
  } catch (error) {
    return `${host} has no address that the agent could find: ${messageOf(error)}`;
  }
};

/** A proxy gets host and path in one piece: a path that does not begin with a slash could change the host. */
const pathRefusals = (mode: Mode): readonly string[] =>
  sentBy(mode).flatMap(({ name, path }) =>
    path.startsWith('/') ? [] : `its step ${name} has the path ${path}, which does not begin with a slash`,
  );

const writeRefusals = (mode: Mode, { allowWrites }: Consent): readonly string[] => {
  const first = sentBy(mode).find(({ method }) => !isSafe(method));
  return allowWrites || first === undefined
    ? []
    : [`its step ${first.name} writes (${first.method}), which the agent does not allow (--allow-writes)`];
};

/** What an agent itself sends; the steps around a slot are the controller's. */
const sentBy = ({ login = [], steps }: Mode) => [...login, ...requestsOf(steps)];

const amountRefusals = (
  { mode: { load }, share = 1 }: AskedOf,
  { maxRatePerSecond, maxUsers }: Consent,
): readonly string[] => {
  const users = Math.ceil(mostUsersOf(load) * share);
  const rate = rateOf(load) * share;
  return [
    ...(maxUsers === undefined || users <= maxUsers
      ? []
      : [`it asks for ${users} users, and the agent gives ${maxUsers} (--max-users)`]),
    ...(maxRatePerSecond === undefined || rate <= maxRatePerSecond
      ? []
      : [
          rate === Infinity
            ? `its users go as fast as they can, and the agent gives ${maxRatePerSecond}/s (--max-rate): give the load a rate`
            : `it asks for ${Math.round(rate)}/s, and the agent gives ${maxRatePerSecond}/s (--max-rate)`,
        ]),
  ];
};

/** The most iterations due in a second. Users back to back have no such limit. */
const rateOf = (load: Load): number =>
  load.kind === 'closed'
    ? Infinity
    : Math.max(load.ratePerSecond, ...load.stages.flatMap(({ from, to }) => [from, to]));
