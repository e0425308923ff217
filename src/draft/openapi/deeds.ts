import { bare, type Operation } from './operations.ts';

/** What an operation does to a thing. */
export type Deed = 'make' | 'list' | 'read' | 'write' | 'remove' | 'other';

/** What an operation is about, and what it does with it. */
export interface Kind {
  /** The collection that the thing is in, `/orders`, or the start of a call's name, `/chat`. */
  readonly resource: string;
  readonly deed: Deed;
  /** It works on the whole collection, not on one thing in it. A call says which in its body. */
  readonly isOnAll: boolean;
  /** It is named after what it does, and has its ids in its body. */
  readonly isCall: boolean;
}

/** The verbs that calls start or end with, as in `chat.postMessage`, `/item/get` and `/createUser`. */
const deeds: { readonly [deed in Deed]: RegExp } = {
  make: /^(?:create|add|new|post|send|insert|submit|register|upload|issue|make)$/,
  list: /^(?:list|search|query|history|find|browse|scan|members|all)$/,
  read: /^(?:get|info|retrieve|read|show|view|describe|fetch|lookup|identity)$/,
  write: /^(?:update|set|edit|modify|rename|change|patch|save|upsert|put|move|mark|replace)$/,
  remove: /^(?:delete|remove|archive|close|cancel|revoke|destroy|kick|leave|end|stop)$/,
  other:
    /^(?:test|invite|open|start|schedule|exchange|sync|join|complete|validate|verify|check|enable|disable|login|logout|refresh|reset|resend|approve|reject|unarchive|evaluate|migrate|download|copy|share|unshare|batch|import|export|match|count|accept|decline|publish|run|invoke|answer|forward|pin|unpin|ban|unban)$/,
};

const deedNames = Object.keys(deeds) as readonly Deed[];

/** What each operation of a document is about: by methods and paths or, in a document of calls, by the verbs in their names. */
export const kindsOf = (operations: readonly Operation[]): ReadonlyMap<Operation, Kind> => {
  const calls = new Map(operations.map((one) => [one, callOf(one)]));
  const areCalls = operations.filter((one) => calls.get(one) !== undefined).length * 2 > operations.length;
  const collections = new Set(operations.flatMap(({ path }) => collectionOf(bare(path)) ?? []));
  return new Map(
    operations.map((one) => {
      const call = calls.get(one);
      if (call === undefined) return [one, kindOf(one)];
      // In other documents it makes, or finds, things that have paths of their own: `POST /containers/create`.
      const isWay = collections.has(call.resource) && (call.deed === 'make') === (one.method === 'post');
      return [one, areCalls ? call : isWay && call.isOnAll ? { ...call, isCall: false } : kindOf(one)];
    }),
  );
};

/** The collection of a path that ends in an id. */
export const collectionOf = (path: string): string | undefined => /^(.*)\/\{[^/{}]+\}$/.exec(path)?.[1];

const kindOf = ({ method, path }: Operation): Kind => {
  const whole = bare(path);
  const collection = collectionOf(whole);
  const deed = { get: 'read', head: 'read', put: 'write', patch: 'write', post: 'make', delete: 'remove' }[
    method as string
  ] as Deed | undefined;
  if (collection === undefined)
    return { resource: whole, deed: method === 'get' ? 'list' : (deed ?? 'other'), isOnAll: true, isCall: false };
  // Some services update a thing with POST.
  return { resource: collection, deed: method === 'post' ? 'write' : (deed ?? 'other'), isOnAll: false, isCall: false };
};

/** Reads a call from its name. `undefined` if its path has an id, or its name no verb. */
const callOf = ({ path, method }: Operation): Kind | undefined => {
  if (path.includes('{') || !/^(?:get|post)$/.test(method)) return undefined;
  const whole = bare(path);
  const [, before = '', name = ''] = /^(.*)[/.]([^/.]+)$/.exec(whole) ?? [];
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_-]+/)
    .filter((word) => !/^v?\d+$/.test(word));
  const deed = deedOf(words[0] ?? '') ?? (words.length > 1 ? deedOf(words.at(-1)!) : undefined);
  if (deed === undefined) return undefined;
  // At the top level, with nothing before it, the rest of the name says what it is about.
  const isTop = /^(?:\/(?:api|rpc|v\d+|\d+))*$/.test(before);
  const noun = words.slice(1).filter((word) => deedOf(word) === undefined);
  const resource = isTop && noun.length > 0 ? `${before}/${noun.join('-')}` : before;
  return { resource, deed, isOnAll: deed === 'make' || deed === 'list', isCall: true };
};

const deedOf = (word: string): Deed | undefined => deedNames.find((deed) => deeds[deed].test(word));
