import { invariantName } from '../../core/plan/plan.ts';
import type { Tables } from '../../core/table.ts';
import { checkSaid, sectionsOf } from './consistency.ts';
import { propertiesOf } from '../plan/data.ts';
import type { Complaint } from '../text/locate.ts';
import { checkAnswer } from './answer.ts';
import { loginOf, methodsIn, readIn, requestTrees } from '../names/requests.ts';
import { stepsAsNames, thatIn } from './invariant.ts';
import { checkExpression, checkJson, checkTemplate, type Forbidden, type Scope } from '../names/templates.ts';
import { textsOfAuth } from './auth.ts';
import { checkPathLooks, lookalikesSent } from '../names/lookalike.ts';
import { isWhole } from './sections.ts';
import { checkLockKey, lockNameOf } from './lock-key.ts';
import {
  membersOfUser,
  namesBeforeLogin,
  namesOfBefore,
  namesOfQuestion,
  namesOfRead,
  namesOfUser,
  noNames,
} from '../names/names.ts';
import { entriesOf, find, itemsOf, textOf, type Branch, type Tree } from '../text/tree.ts';
import { walk, type Names } from '../names/walk.ts';
import { quoted } from '../text/words.ts';

const badInPath: Forbidden = {
  characters: /[^\x21-\x7e]/u,
  message: 'a path cannot contain this character unencoded',
  hint: 'percent-encode it; values of ${…} are encoded automatically',
};

const badInHeader: Forbidden = {
  characters: /[^\t\x20-\x7e\x80-\u{10ffff}]/u,
  message: 'a header cannot contain this character',
};

const ofAnswer: Scope = { known: new Set(['body', 'header', 'status']), because: () => undefined };

/**
 * Finds names that are not known where a template uses them, in one mode with everything laid in, and templates that do not parse.
 *
 * A step knows the data variables, the captures of its user's login, those of the steps on every way to it, under a lease its
 * `lock.token`, and `user.number`. The key of a lock knows what is known every time the lock is asked for. A capture knows its
 * answer and what its step knows. `before` knows its own captures, and `after` those of `before`. The read of a value knows `key`
 * and the captures of `before` and `login`.
 *
 * @param tables of the variables that read files, by variable
 */
export const checkNames = (mode: Branch, tables: Tables): Complaint[] => {
  const variables = entriesOf(find(mode, 'data'));
  const data = variables.map(([name]) => name);
  const properties = new Map(
    variables.flatMap(([name, { value }]) => {
      const known = propertiesOf(value, tables[name]);
      return known === undefined ? [] : [[name, known] as const];
    }),
  );
  const outside = (list: string, begin: Names): Complaint[] => {
    const found: Complaint[] = [];
    const because = ofSteps(mode, `${quoted(list)} is sent once per slot, and has no variables`);
    walk(find(mode, list), begin, false, {
      request: (step, { known }) => void found.push(...checkRequest(step, { known, because })),
    });
    return found;
  };
  const steps: Complaint[] = [];
  const isLeased = lockNameOf(find(mode, 'lock')) === 'redis';
  const members = membersOfUser(mode);
  const isLater = laterCaptures([loginOf(mode), find(mode, 'steps')].flatMap(requestTrees));
  const scopeOf = ({ known, maybe }: Names): Scope => ({
    known,
    maybe,
    members,
    properties,
    because: (name) => (name === 'lock' ? noToken(isLeased) : (onSomeWays(maybe, name) ?? isLater(name))),
  });
  walk(loginOf(mode), namesBeforeLogin(mode), false, {
    request: (request, names) => void steps.push(...checkRequest(request, scopeOf(names))),
  });
  walk(find(mode, 'steps'), namesOfUser(mode), isWhole(mode), {
    request: (request, names, isInside) => {
      const scope = scopeOf(names);
      steps.push(...checkRequest(request, isInside && isLeased ? withToken(scope) : scope));
      const said = { sent: scope, answered: ofAnswer, both: withAnswer(scope) };
      steps.push(...checkSaid(mode, textOf(find(request, 'name')), said));
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
    ...checkReads(mode, { known: new Set(data), properties }),
    ...checkQuestions(mode),
  ];
};

const onSomeWays = (maybe: ReadonlySet<string>, name: string): string | undefined =>
  maybe.has(name)
    ? `${quoted(name)} is captured only on some of the ways to this step: give it a default, \${${name} ?? "…"}`
    : undefined;

/** A capture, or a check, knows the answer in addition to what its step knows. */
const withAnswer = (scope: Scope): Scope => ({ ...scope, known: new Set([...ofAnswer.known, ...scope.known]) });

const withToken = (scope: Scope): Scope => ({
  ...scope,
  known: new Set([...scope.known, 'lock']),
  members: { ...scope.members, lock: ['token'] },
});

const noToken = (isLeased: boolean): string =>
  isLeased ? 'a lease has its token only in a critical section' : 'only "lock: redis" has a token';

/** A space in `{{ id }}` is not another fault. */
const checkPath = (path: Tree | undefined, scope: Scope): Complaint[] => {
  const looks = checkPathLooks(path, scope);
  return looks.length > 0 ? looks : checkTemplate(path, scope, badInPath);
};

const checkRequest = (step: Branch, scope: Scope): Complaint[] => [
  ...methodsIn(step).flatMap(([, path]) => checkPath(path, scope)),
  ...entriesOf(find(step, 'headers')).flatMap(([, { value }]) => checkTemplate(value, scope, badInHeader)),
  ...[find(step, 'json'), find(step, 'form'), find(step, 'query')].flatMap((value) => checkJson(value, scope)),
  ...entriesOf(find(step, 'multipart'))
    .flatMap(([, { value }]) => (value.kind === 'list' ? itemsOf(value) : [value]))
    .flatMap((part) => [part, find(part, 'value'), find(part, 'file'), find(part, 'name')])
    .flatMap((text) => checkTemplate(text, scope)),
  ...checkTemplate(find(step, 'body', 'file'), scope),
  ...checkTemplate(find(step, 'text'), scope),
  ...textsOfAuth(find(step, 'auth')).flatMap((text) => checkTemplate(text, scope, badInHeader)),
  ...lookalikesSent(step, scope),
  ...checkAnswer(step, scope, withAnswer(scope)),
];

const checkReads = (mode: Branch, data: Pick<Scope, 'known' | 'properties'>): Complaint[] => {
  const { known } = namesOfRead(mode);
  const others = known.size === 1 ? '' : ', and what "before" and "login" capture';
  const because = ofSteps(mode, `the read of a value can only use "key"${others}`);
  const ofRead: Scope = { known, because };
  const members = membersOfUser(mode);
  const ofReader: Scope = { known: new Set([...known, ...Object.keys(members)]), members, because };
  const onlyData: Scope = { ...data, because: ofSteps(mode, 'a key can only use data variables') };
  const reading = sectionsOf(mode).filter(({ tree }) => readIn(tree) !== undefined);
  return reading.flatMap(({ tree }) => [
    ...checkTemplate(find(tree, 'key'), onlyData),
    ...checkPath(find(readIn(tree), 'get'), ofRead),
    ...checkExpression(find(readIn(tree), 'value'), withAnswer({ known, because: () => undefined })),
    ...[
      ...entriesOf(find(readIn(tree), 'headers')).map(([, { value }]) => value),
      ...textsOfAuth(find(readIn(tree), 'auth')),
    ].flatMap((text) => checkTemplate(text, ofReader, badInHeader)),
  ]);
};

const checkQuestions = (mode: Branch): Complaint[] => {
  const because = ofSteps(mode, 'an invariant can only use its answer, and what "before" and "login" capture');
  const ofReader: Scope = { known: namesOfQuestion(mode).known, members: membersOfUser(mode), because };
  const question = find(mode, 'consistency', invariantName);
  const steps: Complaint[] = [];
  const { known } = walk(find(question, 'steps'), namesOfQuestion(mode), false, {
    request: (step, names) => void steps.push(...checkRequest(step, { ...ofReader, known: names.known })),
  });
  const captured = Object.entries(stepsAsNames(mode)).filter(([name]) => !known.has(name));
  const ofThat: Scope = {
    known: new Set([...known, ...captured.map(([name]) => name)]),
    members: { ...membersOfUser(mode), ...Object.fromEntries(captured) },
    because,
  };
  return [
    ...checkPath(find(question, 'get'), ofReader),
    ...[
      ...entriesOf(find(question, 'headers')).map(([, { value }]) => value),
      ...textsOfAuth(find(question, 'auth')),
    ].flatMap((text) => checkTemplate(text, ofReader, badInHeader)),
    ...steps,
    ...thatIn(mode).flatMap((that) => checkExpression(that, withAnswer(ofThat))),
  ];
};

/** The same reason for every name that the steps know. */
const ofSteps = (mode: Branch, why: string): Scope['because'] => {
  const maps = [
    find(mode, 'data'),
    ...[loginOf(mode), find(mode, 'steps')].flatMap(requestTrees).map((step) => find(step, 'capture')),
  ];
  const names = new Set(maps.flatMap((map) => entriesOf(map).map(([name]) => name)));
  return (name) => (names.has(name) ? why : undefined);
};

/** Only called for names that are not known yet, so the step that captures it is this one or a later one. */
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
