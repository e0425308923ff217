import { bare, type Operation } from './operations.ts';

/** What an operation does to a thing. */
export type Deed = 'make' | 'list' | 'read' | 'write' | 'remove' | 'other';

/** What an operation is about, and what it does there. */
export interface Kind {
  /** The collection that the thing is in, `/orders`, or what the name of a call begins with, `/chat`. */
  readonly resource: string;
  readonly deed: Deed;
  /** It works on the collection as a whole, or on one thing of it; a call says it in its body. */
  readonly isOnAll: boolean;
  /** It is named by what it does, and has its ids in its body. */
  readonly isCall: boolean;
}

/** The words that calls begin or end with, as `chat.postMessage`, `/item/get` and `/createUser` do. */
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
      // Elsewhere it is a way to make, or to find, things that have paths of their own: `POST /containers/create`.
      const isWay = collections.has(call.resource) && (call.deed === 'make') === (one.method === 'post');
      return [one, areCalls ? call : isWay && call.isOnAll ? { ...call, isCall: false } : kindOf(one)];
    }),
  );
};

/** What a path with an id at its end lies in. */
export const collectionOf = (path: string): string | undefined => /^(.*)\/\{[^/{}]+\}$/.exec(path)?.[1];

const kindOf = ({ method, path }: Operation): Kind => {
  const whole = bare(path);
  const collection = collectionOf(whole);
  const deed = { get: 'read', head: 'read', put: 'write', patch: 'write', post: 'make', delete: 'remove' }[
    method as string
  ] as Deed | undefined;
  if (collection === undefined)
    return { resource: whole, deed: method === 'get' ? 'list' : (deed ?? 'other'), isOnAll: true, isCall: false };
  // Some services write with a POST to the thing.
  return { resource: collection, deed: method === 'post' ? 'write' : (deed ?? 'other'), isOnAll: false, isCall: false };
};

/** A call by its name; undefined where it has an id in its path, or no verb in its name. */
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
  // At the top, where nothing is named before it, the rest of the name says what it is about.
  const isTop = /^(?:\/(?:api|rpc|v\d+|\d+))*$/.test(before);
  const noun = words.slice(1).filter((word) => deedOf(word) === undefined);
  const resource = isTop && noun.length > 0 ? `${before}/${noun.join('-')}` : before;
  return { resource, deed, isOnAll: deed === 'make' || deed === 'list', isCall: true };
};

const deedOf = (word: string): Deed | undefined => deedNames.find((deed) => deeds[deed].test(word));
