import type { Mode, RequestStep } from '../../core/plan/plan.ts';
import type { Endpoint } from '../../core/slot.ts';
import { parseOrigin } from '../transport/connect/origin.ts';
import type { RequestParts, Send, Transport } from '../transport/transport.ts';
import { more } from './answer.ts';
import type { Files } from './body.ts';
import { freshJars, loadJars, withCookies, type FreshJars, type Jars } from './cookies.ts';
import { following, type Prepare } from './redirect.ts';
import { compileRequest } from './request.ts';
import type { User } from '../user.ts';

/** How the requests of a mode are sent: the transport, and what a mode may add on top of it. */
export interface Way {
  readonly transport: Transport;
  /** Where the transport sends, which redirects and cookies depend on. Only needed for them. */
  readonly origin?: string;
  /** Keeps cookies; absent: the transport's own way. */
  readonly prepare?: Prepare;
  /** The cookies that an iteration begins with; absent: a user keeps those of the previous one. */
  readonly freshJars?: FreshJars;
  /** The ways to the other targets that a login names, by target. */
  readonly elsewhere?: ReadonlyMap<string, Way>;
  /** The files from the scenario's folder that requests send. */
  readonly files?: Files;
}

/**
 * The way of a mode. What the mode does not use is neither loaded nor run for its requests.
 *
 * @param elsewhere the transports for the other targets of its login
 * @param jars the cookies of its users so far
 */
export const wayOf = async (
  { cookies, login = [] }: Pick<Mode, 'cookies' | 'login'>,
  endpoint: Endpoint,
  transport: Transport,
  elsewhere: ReadonlyMap<string, Transport> = new Map(),
  jars: Jars = [],
): Promise<Way> => {
  const { origin, files = {} } = endpoint;
  const bytes = new Map(Object.entries(files).map(([path, base64]) => [path, Buffer.from(base64, 'base64')]));
  const tough = cookies === undefined ? undefined : await loadJars();
  const to = (there: string, by: Transport): Way => {
    const way = { transport: by, origin: there, files: bytes };
    if (tough === undefined) return way;
    return { ...way, prepare: withCookies((parts) => by.prepare(parts), parseOrigin(there), tough, jars) };
  };
  const others = [...elsewhere].map(([target, by]) => [target, to(endpoint.elsewhere![target]!.origin, by)] as const);
  return {
    ...to(origin, transport),
    ...(cookies === 'fresh' ? { freshJars: freshJars(jars, login.length > 0) } : {}),
    ...(others.length === 0 ? {} : { elsewhere: new Map(others) }),
  };
};

/**
 * Compiles a step's request and prepares it for sending.
 *
 * @param counted called for each answer that is a redirect and is followed; the sender handles the last answer
 * @param keep how much of the answer others read, without the step knowing
 */
export const prepareStep = (
  step: RequestStep,
  places: ReadonlyMap<string, number>,
  way: Way,
  counted: (user: User) => void,
  keep: RequestParts['keep'] = 'status',
): Send => {
  const {
    transport,
    origin,
    prepare = (parts) => transport.prepare(parts),
    files = new Map(),
  } = step.target === undefined ? way : way.elsewhere!.get(step.target)!;
  const compiled = compileRequest(step, places, files);
  const parts = { ...compiled, keep: more(compiled.keep, keep) };
  return step.redirects === undefined ? prepare(parts) : following(step, parts, prepare, parseOrigin(origin!), counted);
};
