import type { Complaint } from './locate.ts';
import { methodsIn, requestTrees } from './requests.ts';
import { checkExpression, checkJson, checkTemplate, type Forbidden, type Scope } from './templates.ts';
import { textsOfAuth } from './auth.ts';
import { isWhole } from './check-sections.ts';
import { checkLockKey, lockNameOf } from './lock-key.ts';
import { membersOfUser, namesBeforeLogin, namesOfBefore, namesOfUser, noNames } from './names.ts';
import { entriesOf, find, textOf, type Branch } from './tree.ts';
import { walk, type Names } from './walk.ts';
import { quoted } from './words.ts';

const badInPath: Forbidden = {
  characters: /[^\x21-\x7e]/u,
  message: 'a path cannot hold this character as it stands',
  hint: 'percent-encode it; values of ${…} are encoded by themselves',
};

const badInHeader: Forbidden = {
  characters: /[^\t\x20-\x7e\x80-\xff]/u,
  message: 'a header cannot hold this character',
};

const ofAnswer: Scope = { known: new Set(['body', 'header', 'status']), because: () => undefined };

/**
 * Names that are not known where a template uses them, in one mode with everything laid in, and templates that do not parse.
 *
 * A step knows the data variables, the captures of its user's login, and those of the steps on every way to it, under a
 * lease its `lock.token`, and `user.number`; the key of a lock, what is known whenever the lock is asked for; a capture, its
 * answer; `before`, its own captures, and `after` those of `before`; the read of a value, `key`.
 */
export const checkNames = (mode: Branch): Complaint[] => {
  const data = entriesOf(find(mode, 'data')).map(([name]) => name);
  const outside = (list: string, begin: Names): Complaint[] => {
    const found: Complaint[] = [];
    const because = ofSteps(mode, `${quoted(list)} is sent once per slot: it knows no variables`);
    walk(find(mode, list), begin, false, {
      request: (step, { known }) => void found.push(...checkRequest(step, { known, because })),
    });
    return found;
  };
  const steps: Complaint[] = [];
  const observed = textOf(find(mode, 'consistency', 'counter', 'add', 'step'));
  const isLeased = lockNameOf(find(mode, 'lock')) === 'redis';
  const members = membersOfUser(mode);
  const isLater = laterCaptures(['login', 'steps'].flatMap((list) => requestTrees(find(mode, list))));
  const scopeOf = ({ known, maybe }: Names): Scope => ({
    known,
    maybe,
    members,
    because: (name) => (name === 'lock' ? noToken(isLeased) : (onSomeWays(maybe, name) ?? isLater(name))),
  });
  walk(find(mode, 'login'), namesBeforeLogin(mode), false, {
    request: (request, names) => void steps.push(...checkRequest(request, scopeOf(names))),
  });
  walk(find(mode, 'steps'), namesOfUser(mode), isWhole(mode), {
    request: (request, names, isInside) => {
      const scope = scopeOf(names);
      steps.push(...checkRequest(request, isInside && isLeased ? withToken(scope) : scope));
      if (textOf(find(request, 'name')) !== observed) return;
      steps.push(...checkTemplate(find(mode, 'consistency', 'counter', 'add', 'by'), scope));
    },
    block: (step, names) => {
      for (const value of [find(step, 'if'), find(step, 'repeat', 'times')])
        steps.push(...checkTemplate(value, scopeOf(names)));
    },
  });
  return [
    ...outside('before', noNames),
    ...steps,
    ...outside('after', namesOfBefore(mode)),
    ...checkLockKey(mode),
    ...checkCounter(mode, new Set(data)),
  ];
};

const onSomeWays = (maybe: ReadonlySet<string>, name: string): string | undefined =>
  maybe.has(name)
    ? `${quoted(name)} is captured on some of the ways to this step only: give it a default, \${${name} ?? "…"}`
    : undefined;

const withToken = (scope: Scope): Scope => ({
  ...scope,
  known: new Set([...scope.known, 'lock']),
  members: { ...scope.members, lock: ['token'] },
});

const noToken = (isLeased: boolean): string =>
  isLeased ? 'a lease has its token only in a critical section' : 'only "lock: redis" has a token';

const checkRequest = (step: Branch, scope: Scope): Complaint[] => [
  ...methodsIn(step).flatMap(([, path]) => checkTemplate(path, scope, badInPath)),
  ...entriesOf(find(step, 'headers')).flatMap(([, { value }]) => checkTemplate(value, scope, badInHeader)),
  ...[find(step, 'json'), find(step, 'form'), find(step, 'query')].flatMap((value) => checkJson(value, scope)),
  ...entriesOf(find(step, 'multipart')).flatMap(([, { value }]) => checkTemplate(value, scope)),
  ...checkTemplate(find(step, 'text'), scope),
  ...textsOfAuth(find(step, 'auth')).flatMap((text) => checkTemplate(text, scope, badInHeader)),
  ...entriesOf(find(step, 'capture')).flatMap(([, { value }]) => checkExpression(value, ofAnswer)),
];

const checkCounter = (mode: Branch, data: ReadonlySet<string>): Complaint[] => {
  const counter = find(mode, 'consistency', 'counter');
  const onlyKey: Scope = { known: new Set(['key']), because: ofSteps(mode, 'the read of a value knows "key" alone') };
  return [
    ...checkTemplate(find(counter, 'key'), {
      known: data,
      because: ofSteps(mode, 'a key is made of data variables alone'),
    }),
    ...checkTemplate(find(counter, 'read', 'get'), onlyKey, badInPath),
    ...checkExpression(find(counter, 'read', 'value'), ofAnswer),
    ...(counter === undefined ? [] : headersOfRead(mode, onlyKey)),
  ];
};

/** The headers of all steps are those of the read, too. */
const headersOfRead = (mode: Branch, scope: Scope): Complaint[] =>
  entriesOf(find(mode, 'headers')).flatMap(([, { value }]) => checkTemplate(value, scope, badInHeader));

/** The same reason for every name that the steps know. */
const ofSteps = (mode: Branch, why: string): Scope['because'] => {
  const maps = [
    find(mode, 'data'),
    ...['login', 'steps'].flatMap((list) => requestTrees(find(mode, list))).map((step) => find(step, 'capture')),
  ];
  const names = new Set(maps.flatMap((map) => entriesOf(map).map(([name]) => name)));
  return (name) => (names.has(name) ? why : undefined);
};

/** Asked only for what is not known yet, so the step that captures it is this one or a later one. */
const laterCaptures = (requests: readonly Branch[]): Scope['because'] => {
  const from = new Map<string, string>();
  for (const step of requests) {
    for (const [name] of entriesOf(find(step, 'capture'))) {
      if (!from.has(name)) from.set(name, textOf(find(step, 'name')) ?? 'this step');
    }
  }
  return (name) => {
    const step = from.get(name);
    return step === undefined
      ? undefined
      : `${quoted(name)} is captured from the answer to ${quoted(step)}, not before it`;
  };
};
