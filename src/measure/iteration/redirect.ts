import { withEncodedHalves } from '../../core/octets.ts';
import { isSafe, type RequestStep } from '../../core/plan/plan.ts';
import type { Origin } from '../transport/connect/origin.ts';
import { asTarget } from '../transport/target.ts';
import type { RequestParts, Send } from '../transport/transport.ts';
import { headerOf } from './read/scope.ts';
import { fail, type After, type End, type Exchange, type User } from '../user.ts';

/** Prepares a request: in the transport's own way, or in one that also keeps cookies. */
export type Prepare = (parts: RequestParts) => Send;

/**
 * Whether a redirect may be followed: only within the target's own origin. This is decided nowhere else.
 *
 * Leaving the origin would pass on headers that hold secrets, and put load on a host that the scenario does not name.
 */
const mayFollow = (target: URL, next: URL): boolean => next.origin === target.origin;

/** The address of a target; a unix socket's is that of `localhost`. */
export const addressOf = ({ isSecure, host, base }: Origin): URL =>
  new URL(`http${isSecure ? 's' : ''}://${host}${base}/`);

/**
 * A step's request that follows a limited number of redirects. Each hop is a request of the step, counted and timed as one.
 *
 * 301 and 302 make a POST a GET, 303 everything but a HEAD; 307 and 308 send the same again (RFC 9110, 15.4). A redirect
 * that leaves the target's origin, or that exceeds the limit, fails the request as `check`.
 *
 * @param counted called for each answer that is followed
 */
export const following = (
  step: RequestStep,
  parts: RequestParts,
  prepare: Prepare,
  origin: Origin,
  counted: (user: User) => void,
): Send => {
  const most = step.redirects!;
  const target = addressOf(origin);
  // Not by number: outside the load, several users may have the same one.
  const places = new WeakMap<User, URL>();
  const path = (user: User): string => places.get(user)!.pathname + places.get(user)!.search;
  const withHead = { ...parts, isTarget: false, keep: parts.keep === 'status' ? ('head' as const) : parts.keep };
  const { body: _, ...bodiless } = withHead;
  const headers = parts.headers.filter(([name]) => !name.startsWith('content-'));
  const first = prepare(withHead);
  const same = prepare({ ...withHead, path, isWholePath: true });
  const get = prepare({ ...bodiless, method: 'GET', headers, path, isWholePath: true });

  const stopped = (user: User, answered: After, why: string): End => {
    const end = answered(user);
    return end === 'completed' ? fail(user, 'check', `${step.name}: status ${user.exchange.status}, ${why}`) : end;
  };
  const follow = async (user: User, sent: Promise<End>, answered: After): Promise<End> => {
    await sent;
    let { method } = step as { method: string };
    for (let hop = 0; ; hop++) {
      const { exchange } = user;
      const location = locationOf(exchange);
      if (location === undefined) return answered(user);
      if (hop === most) return stopped(user, answered, `a redirect after ${most} that were followed`);
      const from = hop === 0 ? new URL(asTarget(origin.base + textOf(parts.path, user)), target) : places.get(user)!;
      if (!URL.canParse(location, from.href)) return stopped(user, answered, 'a redirect to an invalid address');
      const next = new URL(location, from);
      if (!mayFollow(target, next)) {
        return stopped(user, answered, `a redirect to ${next.origin}, which is not the target's origin`);
      }
      counted(user);
      places.set(user, next);
      const { status } = exchange;
      if ((status === 303 && method !== 'HEAD') || (method === 'POST' && status < 303)) method = 'GET';
      await (method === step.method ? same : get)(user);
      // The request before it was answered: what it changed stays changed.
      if (exchange.failure !== undefined && !isSafe(step.method)) exchange.maybeApplied = true;
    }
  };
  return (user, answered = completed) => follow(user, first(user), answered);
};

const completed: After = () => 'completed';

const textOf = (path: RequestParts['path'], user: User): string => (typeof path === 'string' ? path : path(user));

/** Bytes that are not UTF-8 are percent-encoded: as characters of a URL they would turn into others. */
const locationOf = ({ failure, status, head }: Exchange): string | undefined => {
  if (failure !== undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const location = headerOf(head, 'location');
  return location === undefined ? undefined : withEncodedHalves(location);
};
