import { ContendError } from '../../core/errors.ts';
import { oneLine } from '../text.ts';
import { isVersionPart } from '../versions.ts';
import { bare, type Operation } from './operations.ts';

/** Operations in the order in which they are sent, and those that are not. */
export interface Chosen {
  readonly steps: readonly Operation[];
  readonly rest: readonly Operation[];
  /** Why these, where nobody asked for them. */
  readonly why: string | undefined;
}

/** As many steps as a draft has by itself, and as many as it has at most. */
const usualSteps = 20;
const mostSteps = 60;

/**
 * The operations that were asked for; else all of a small document, and of a large one those of the resource that is created,
 * read and written.
 *
 * @throws {ContendError} ERR_USAGE where what was asked for is not there
 */
export const choose = (
  operations: readonly Operation[],
  {
    tags,
    operations: patterns,
    file,
  }: { readonly tags: readonly string[]; readonly operations: readonly string[]; readonly file: string },
): Chosen => {
  for (const tag of tags)
    if (!operations.some((one) => one.tags.includes(tag)))
      throw unknown(
        file,
        'tag',
        tag,
        operations.flatMap((one) => one.tags),
      );
  for (const pattern of patterns)
    if (!operations.some((one) => matches(one, pattern)))
      throw unknown(
        file,
        'operation',
        pattern,
        operations.map(({ id, title }) => id ?? title),
      );
  const isAsked = tags.length + patterns.length > 0;
  const asked = operations.filter(
    (one) => one.tags.some((tag) => tags.includes(tag)) || patterns.some((pattern) => matches(one, pattern)),
  );
  // What a HEAD or an OPTIONS says, clients seldom wait for: who wants one names it.
  const usable = operations.filter(({ isDeprecated, method }) => !isDeprecated && !/^(?:head|options)$/u.test(method));
  const candidates = usable.length === 0 ? operations : usable;
  const resource = isAsked || candidates.length <= usualSteps ? undefined : resourceOf(candidates);
  const steps = isAsked
    ? inOrder(asked.slice(0, mostSteps))
    : inOrder(resource === undefined ? candidates : ofResource(candidates, resource));
  const taken = new Set(steps);
  const why =
    isAsked || resource === undefined
      ? undefined
      : `the steps are of ${resource}: the document has ${operations.length} operations`;
  return { steps, rest: operations.filter((one) => !taken.has(one)), why };
};

const unknown = (file: string, what: string, given: string, known: readonly string[]): ContendError => {
  const some = [...new Set(known)].slice(0, 12).map((name) => oneLine(name, 60));
  return new ContendError(
    'ERR_USAGE',
    `${file} has no ${what} ${JSON.stringify(oneLine(given, 60))}.`,
    some.length === 0 ? 'It has none.' : `It has ${some.join(', ')} …`,
  );
};

/** `POST /pets`, `/pets/*` and an id; `*` stands for anything. */
const matches = ({ id, method, path }: Operation, pattern: string): boolean => {
  if (pattern === id) return true;
  const [, word, wanted] = /^(?:([A-Za-z]+)\s+)?(\/\S*)$/.exec(pattern.trim()) ?? [];
  if (wanted === undefined || (word !== undefined && word.toLowerCase() !== method)) return false;
  const pieces = wanted.split('*');
  if (pieces.length === 1) return path === wanted;
  let at = pieces[0]!.length;
  if (!path.startsWith(pieces[0]!)) return false;
  for (const piece of pieces.slice(1, -1)) {
    const found = path.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return path.length - pieces.at(-1)!.length >= at && path.endsWith(pieces.at(-1)!);
};

/** What only those who run a service do, or what is about other things. */
const aside =
  /^(?:admin|organization|internal|system|debug|test[-_]?helpers?|config(?:uration)?s?|settings?|preferences|audit[-_\w]*|logs?|metrics|health|status|stats|statistics|reports?|webhooks?|hooks|subscriptions?[-_]?hooks|oauth2?|tokens?|keys|secrets?|credentials|certificates?|permissions?|roles?|polic(?:y|ies)|privileges|grants|sessions?|login|auth|migrations?|invitations?|feature[-_]?flags?|quotas?|limits?|schemas?|templates?|batch(?:es)?|bulk|exports?|imports?|jobs|tasks[-_]?log|legal[-_\w]*|terms[-_\w]*|retention[-_\w]*|domains?|acl)$/i;

/** What most people come to an API for. */
const usualThings =
  /^(?:users?|customers?|accounts?|orders?|products?|items?|pets?|projects?|posts?|articles?|issues?|conversations?|tickets?|tasks?|todos?|books?|files?|folders?|documents?|carts?|payments?|payment[-_]?intents?|charges?|invoices?|messages?|events?|contacts?|playlists?|repos?|repositories|droplets?|servers?|instances?|services?|stores?|shops?|reservations?|bookings?|things?|records?|notes?|comments?|people|employees?|gists?|channels?|teams?|companies|organizations?)$/i;

/**
 * The collection that a person would take: something is made in it, read and written, its path is short, much belongs to it, and
 * it is no matter of those who run the service.
 */
const resourceOf = (operations: readonly Operation[]): string | undefined => {
  const weights: { readonly [method: string]: number } = { get: 3, put: 3, patch: 3, post: 2, delete: 1 };
  const found = new Map<string, { readonly ways: Map<string, number> }>();
  for (const { method, path } of operations) {
    const whole = bare(path);
    const collection = collectionOf(whole);
    const within = collection ?? whole;
    const { ways } = found.get(within) ?? { ways: new Map<string, number>() };
    const way = collection === undefined ? `${method} all` : `${/^(?:put|patch)$/.test(method) ? 'write' : method} one`;
    const weight = collection === undefined ? { post: 3, get: 1 }[method as string] : weights[method];
    ways.set(way, weight ?? 0);
    found.set(within, { ways });
  }
  const scores = [...found].map(([within, { ways }]): readonly [string, number] => {
    const parts = within.split('/').filter((part) => part !== '');
    const named = parts.filter((part) => !part.startsWith('{') && !isVersionPart(part, [], false));
    const done = [...ways.values()].reduce((sum, one) => sum + one, 0);
    const below = operations.filter(({ path }) => bare(path).startsWith(`${within}/{`)).length;
    // A thing that lies in another one takes what nobody has made here.
    const nested = within.includes('{') ? 0.25 : 1;
    const known = usualThings.test(named.at(-1) ?? '') ? 1.3 : 1;
    const off = parts.some((part) => aside.test(part)) ? 0.3 : 1;
    const short = 1 / (1 + 0.15 * Math.max(0, named.length - 1));
    return [within, done * nested * known * off * short * (1 + 0.15 * Math.log2(1 + below))];
  });
  return scores.sort(([, a], [, b]) => b - a)[0]?.[0];
};

/** What a path with an id at its end lies in. */
const collectionOf = (path: string): string | undefined => /^(.*)\/\{[^/{}]+\}$/.exec(path)?.[1];

/** The operations of a resource: its own, those that make what it lies in, then of what lies in it, one after the other. */
const ofResource = (operations: readonly Operation[], resource: string): readonly Operation[] => {
  const isOwn = ({ path }: Operation): boolean => bare(path) === resource || collectionOf(bare(path)) === resource;
  const makers = operations.filter(({ method, path }) => method === 'post' && resource.startsWith(`${bare(path)}/{`));
  const inside = operations.filter((one) => bare(one.path).startsWith(`${resource}/{`) && !isOwn(one));
  return [...new Set([...makers, ...operations.filter(isOwn), ...inside])].slice(0, usualSteps);
};

/** Made, listed, read, written, what lies in it, deleted: of one resource after the other, whatever the document's order. */
const inOrder = (operations: readonly Operation[]): readonly Operation[] => {
  const resources = familiesIn([...new Set(operations.map(({ path }) => headOf(bare(path))))]);
  const collections = [...new Set(operations.map(({ path }) => collectionOf(bare(path)) ?? bare(path)))];
  const keys = new Map(
    operations.map((one, at) => {
      const path = bare(one.path);
      const collection = collectionOf(path) ?? path;
      const isDelete = one.method === 'delete';
      const depth = depthOf(collection);
      return [
        one,
        [
          resources.indexOf(headOf(path)),
          isDelete ? 1 : 0,
          isDelete ? -depth : depth,
          collections.indexOf(collection),
          isDelete ? -depthOf(path) : rankOf(one),
          at,
        ],
      ];
    }),
  );
  return operations.toSorted((a, b) => {
    const [left, right] = [keys.get(a)!, keys.get(b)!];
    const at = left.findIndex((key, index) => key !== right[index]);
    return at === -1 ? 0 : left[at]! - right[at]!;
  });
};

/** What lies below another one comes after it, `/users/login` after `/users`; families stay in the document's order. */
const familiesIn = (heads: readonly string[]): readonly string[] => {
  const isBelow = (head: string, other: string): boolean => head.startsWith(`${other}/`);
  const roots = heads.filter((head) => !heads.some((other) => other !== '' && isBelow(head, other)));
  const rootOf = (head: string): string => roots.find((root) => head === root || isBelow(head, root))!;
  const order = [...new Set(heads.map(rootOf))];
  return heads.toSorted((a, b) => order.indexOf(rootOf(a)) - order.indexOf(rootOf(b)) || depthOf(a) - depthOf(b));
};

const headOf = (path: string): string => path.split('/{')[0]!;
const depthOf = (path: string): number => path.split('/').length;

const rankOf = ({ method, path }: Operation): number => {
  if (bare(path).endsWith('}')) return method === 'get' || method === 'head' ? 2 : 3;
  return method === 'post' ? 0 : method === 'get' || method === 'head' ? 1 : 3;
};
