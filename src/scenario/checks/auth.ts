import { at, atKey, type Complaint } from '../text/locate.ts';
import {
  membersOfUser,
  namesBeforeLogin,
  namesOfBefore,
  namesOfQuestion,
  namesOfRead,
  namesOfUser,
  noNames,
} from '../names/names.ts';
import { changeReads, changeRequests, readTrees, requestTrees, stepsOfInvariant } from '../names/requests.ts';
import { namesOf } from '../names/templates.ts';
import { entriesOf, find, textOf, withEntry, type Branch, type Tree } from '../text/tree.ts';
import { walk, type Names } from '../names/walk.ts';
import { quoted } from '../text/words.ts';

/** The lists of requests of a mode, and the names known at the start of each. */
const lists: readonly (readonly [list: readonly string[], names: (mode: Branch) => Names])[] = [
  [['before'], () => noNames],
  [['login'], namesBeforeLogin],
  [['login', 'steps'], namesBeforeLogin],
  [['steps'], namesOfUser],
  [['after'], namesOfBefore],
  [stepsOfInvariant, namesOfQuestion],
];

/**
 * The mode with its `auth` and `redirects` in each of its requests that does not set its own. `auth`, which reads of values get
 * too, goes only where its names are known, so that a login is sent without the token that it asks for.
 */
export const withUsual = (mode: Branch): Branch => {
  const redirects = mode.entries.get('redirects');
  const auth = mode.entries.get('auth');
  const wanted = auth === undefined ? [] : namesIn(auth.value);
  const shared = sharedHeaders(mode);
  let laid = mode;
  for (const [list, names] of lists) {
    const knowing = new Set<Branch>();
    const unknown = new Map<Branch, ReadonlySet<Tree>>();
    walk(find(mode, ...list), names(mode), false, {
      request: (request, { known }) => {
        if (wanted.every((name) => known.has(name))) knowing.add(request);
        unknown.set(request, shared.unknown(known));
      },
    });
    laid = changeRequests(laid, list, (whole) => {
      const request = withoutHeaders(whole, unknown.get(whole));
      const own = request.entries;
      const followed = own.has('redirects') ? request : withEntry(request, 'redirects', redirects);
      // Credentials for the target are not sent elsewhere.
      return auth === undefined || own.has('auth') || own.has('target') || !knowing.has(whole)
        ? followed
        : withEntry(followed, 'auth', auth);
    });
  }
  const ofReader = new Set([...namesOfRead(mode).known, ...Object.keys(membersOfUser(mode))]);
  return changeReads(laid, (whole) => {
    const read = withoutHeaders(whole, shared.unknown(ofReader));
    return auth === undefined || read.entries.has('auth') || !wanted.every((name) => ofReader.has(name))
      ? read
      : withEntry(read, 'auth', auth);
  });
};

/** The mode's own headers that read names. A request that does not know those names is sent without them. */
const sharedHeaders = (mode: Branch): { readonly unknown: (known: ReadonlySet<string>) => ReadonlySet<Tree> } => {
  const byNames = entriesOf(find(mode, 'headers')).map(([, { value }]) => ({
    value,
    names: namesOf(textOf(value) ?? ''),
  }));
  const inSteps = new Set<Tree>();
  walk(find(mode, 'steps'), namesOfUser(mode), false, {
    request: (_, { known }) => {
      for (const { value, names } of byNames) if (names.every((name) => known.has(name))) inSteps.add(value);
    },
  });
  // A name that no step knows is a typo, and is reported as one.
  const some = byNames.filter(({ value, names }) => names.length > 0 && inSteps.has(value));
  return {
    unknown: (known) =>
      new Set(some.flatMap(({ value, names }) => (names.every((name) => known.has(name)) ? [] : [value]))),
  };
};

const withoutHeaders = (request: Branch, unknown: ReadonlySet<Tree> | undefined): Branch => {
  const entry = request.entries.get('headers');
  if (unknown === undefined || unknown.size === 0 || entry?.value.kind !== 'map') return request;
  const kept = [...entry.value.entries].filter(([, { value }]) => !unknown.has(value));
  return withEntry(request, 'headers', { ...entry, value: { ...entry.value, entries: new Map(kept) } });
};

/** The texts that credentials are made of. */
export const textsOfAuth = (auth: Tree | undefined): readonly Tree[] =>
  [find(auth, 'bearer'), find(auth, 'basic', 'user'), find(auth, 'basic', 'password')].filter(
    (text) => text !== undefined,
  );

const namesIn = (auth: Tree): readonly string[] => textsOfAuth(auth).flatMap((text) => namesOf(textOf(text) ?? ''));

/**
 * Reports credentials of a mode that none of its steps can have, or that a header contradicts.
 *
 * @param mode as {@link withUsual} gives it
 */
export const checkAuth = (mode: Branch): Complaint[] => {
  const auth = find(mode, 'auth');
  const steps = requestTrees(find(mode, 'steps'));
  const isUnused = auth?.kind === 'map' && steps.length > 0 && steps.every((step) => find(step, 'auth') === undefined);
  const unused = isUnused
    ? [
        at(
          auth,
          `no step has what it needs: ${namesIn(auth).map(quoted).join(', ')}`,
          'capture them in "login", or in a step before the others',
        ),
      ]
    : [];
  const all = [...lists.flatMap(([list]) => requestTrees(find(mode, ...list))), ...readTrees(mode)];
  return [...unused, ...all.flatMap(checkHeaders), ...all.flatMap(checkUser)];
};

const checkHeaders = (request: Branch): Complaint[] => {
  const auth = find(request, 'auth');
  const made = auth === undefined || textOf(auth) === 'none' ? [] : [['auth', 'authorization'] as const];
  return entriesOf(find(request, 'headers')).flatMap(([name, entry]) =>
    made
      .filter(([, header]) => name.toLowerCase() === header)
      .map(([by, header]) =>
        atKey(entry, `${quoted(by)} already sets the header ${quoted(header)}`, 'leave one of them out'),
      ),
  );
};

/** RFC 7617: the colon ends the name. */
const checkUser = (request: Branch): Complaint[] => {
  const user = find(request, 'auth', 'basic', 'user');
  const text = textOf(user) ?? '';
  return user !== undefined && text.replaceAll(/\$\{[^}]*\}/g, '').includes(':')
    ? [at(user, 'a user name in "basic" credentials cannot contain a colon')]
    : [];
};
