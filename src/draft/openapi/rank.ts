import { isVersionPart } from '../versions.ts';
import type { Kind } from './deeds.ts';
import { bare, type Operation } from './operations.ts';

/** Things for operators of a service, or about something else. */
const aside =
  /^(?:admin|organization|internal|sys(?:tem)?|debug|sandbox|test[-_]?helpers?|config(?:uration)?s?|settings?|preferences|audit[-_\w]*|logs?|metrics|health|status|stats|statistics|reports?|webhooks?|hooks|subscriptions?[-_]?hooks|oauth2?|tokens?|keys|secrets?|credentials|certificates?|permissions?|roles?|polic(?:y|ies)|privileges|grants|sessions?|login|auth|migrations?|invitations?|feature[-_]?flags?|quotas?|limits?|schemas?|templates?|batch(?:es)?|bulk|exports?|imports?|jobs|tasks[-_]?log|legal[-_\w]*|terms[-_\w]*|retention[-_\w]*|domains?|acl|ips?|ip[-_]?pools?|dns|loggers?)$/i;

/** What most people use an API for. */
const usualThings =
  /^(?:users?|customers?|accounts?|orders?|products?|items?|pets?|projects?|posts?|articles?|issues?|conversations?|tickets?|tasks?|todos?|books?|files?|folders?|documents?|carts?|payments?|payment[-_]?intents?|charges?|invoices?|messages?|events?|contacts?|playlists?|repos?|repositories|droplets?|servers?|instances?|services?|stores?|shops?|reservations?|bookings?|things?|records?|notes?|comments?|people|employees?|gists?|channels?|teams?|companies|organizations?|chat|containers?|pods?|deployments?|sites?|apps?|databases?|clusters?|campaigns?|lists?|data|_doc)$/i;

/** What each kind of operation counts. A POST to one thing writes, but is seldom all the writing there is. */
const weightOf = ({ deed, isOnAll, isCall }: Kind, method: Operation['method']): number => {
  if (isOnAll) return { make: 3, list: 1 }[deed as string] ?? 0;
  if (deed === 'write') return method === 'post' && !isCall ? 2 : 3;
  return { read: 3, remove: 1 }[deed as string] ?? 0;
};

/**
 * The collection that a person would pick: things in it are made, read and written, its path is short, it has many operations below
 * it, and it is not about operating the service.
 */
export const resourceOf = (
  operations: readonly Operation[],
  kinds: ReadonlyMap<Operation, Kind>,
): string | undefined => {
  const found = new Map<string, Map<string, number>>();
  for (const one of operations) {
    const kind = kinds.get(one)!;
    const ways = found.get(kind.resource) ?? new Map<string, number>();
    const way = `${kind.deed} ${kind.isOnAll} ${one.method === 'post'}`;
    ways.set(way, weightOf(kind, one.method));
    found.set(kind.resource, ways);
  }
  const scores = [...found].map(([within, ways]): readonly [string, number] => {
    const parts = within.split(/[/.]/).filter((part) => part !== '');
    const named = parts.filter((part) => !part.startsWith('{') && !isVersionPart(part, [], false));
    const done = [...ways.values()].reduce((sum, one) => sum + one, 0);
    const below = operations.filter(({ path }) => bare(path).startsWith(`${within}/{`)).length;
    // A nested thing needs a parent that was not made here. A path that starts with a parameter just contains everything.
    const nested = /[^/{}]+\/\{/.test(within) ? 0.25 : 1;
    const known = usualThings.test(named.at(-1) ?? '') ? 1.3 : 1;
    const off = parts.some((part) => aside.test(part)) ? 0.3 : 1;
    const short = 1 / (1 + 0.15 * Math.max(0, named.length - 1));
    return [within, done * nested * known * off * short * (1 + 0.15 * Math.log2(1 + below))];
  });
  return scores.sort(([, a], [, b]) => b - a)[0]?.[0];
};
