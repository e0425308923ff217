import type { Mode, RequestStep } from '../../core/plan/plan.ts';
import type { Endpoint } from '../../core/slot.ts';
import { parseOrigin } from '../transport/connect/origin.ts';
import type { RequestParts, Send, Transport } from '../transport/transport.ts';
import { more } from './answer.ts';
import type { Files } from './body.ts';
import { freshJars, loadJars, withCookies, type Jars } from './cookies.ts';
import { following, type Prepare } from './redirect.ts';
import { compileRequest } from './request.ts';
import type { User } from '../user.ts';

/** How the requests of a mode are sent: the transport, and what a mode may ask for above it. */
export interface Way {
  readonly transport: Transport;
  /** Where the transport sends: what redirects and cookies go by. Needed only for them. */
  readonly origin?: string;
  /** Keeps cookies; absent: the transport's own way. */
  readonly prepare?: Prepare;
  /** Gives a user the cookies that an iteration begins with; absent: it keeps those of the one before. */
  readonly freshJar?: (user: User) => void;
  /** What requests send of the scenario's folder. */
  readonly files?: Files;
}

/**
 * The way of a mode. What it does not use is neither loaded nor in the way of its requests.
 *
 * @param jars the cookies of its users so far
 */
export const wayOf = async (
  mode: Pick<Mode, 'cookies' | 'login'>,
  endpoint: Endpoint,
  transport: Transport,
  jars: Jars = [],
): Promise<Way> => {
  const { origin, files = {} } = endpoint;
  const way = {
    transport,
    origin,
    files: new Map(Object.entries(files).map(([path, base64]) => [path, Buffer.from(base64, 'base64')])),
  };
  if (mode.cookies === undefined) return way;
  const tough = await loadJars();
  const prepare = withCookies((parts) => transport.prepare(parts), parseOrigin(origin), tough, jars);
  if (mode.cookies !== 'fresh') return { ...way, prepare };
  return { ...way, prepare, freshJar: freshJars(jars, (mode.login ?? []).length > 0) };
};

/**
 * Compiles a step's request and gets it ready to be sent.
 *
 * @param counted is told of each answer that is a redirect and is followed; the last answer is left to who sends
 * @param keep how much of the answer is read by somebody who the step does not know of
 */
export const prepareStep = (
  step: RequestStep,
  places: ReadonlyMap<string, number>,
  { transport, origin, prepare = (parts) => transport.prepare(parts), files = new Map() }: Way,
  counted: (user: User) => void,
  keep: RequestParts['keep'] = 'status',
): Send => {
  const compiled = compileRequest(step, places, files);
  const parts = { ...compiled, keep: more(compiled.keep, keep) };
  return step.redirects === undefined ? prepare(parts) : following(step, parts, prepare, parseOrigin(origin!), counted);
};
