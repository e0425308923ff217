import type { Tables } from '../core/table.ts';
import { checkSaid, sectionsOf } from './check-consistency.ts';
import { propertiesOf } from './data.ts';
import type { Complaint } from './locate.ts';
import { checkAnswer } from './check-answer.ts';
import { methodsIn, requestTrees } from './requests.ts';
import { checkExpression, checkJson, checkTemplate, type Forbidden, type Scope } from './templates.ts';
import { placedRequests } from './check-sections.ts';
import { checkLockKey, lockNameOf } from './lock-key.ts';
import { entriesOf, find, textOf, type Branch } from './tree.ts';
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
 * A step knows the data variables and the captures of the steps before it, and under a lease its `lock.token`; the key of a
 * lock, what is known when the lock is first asked for; a capture, its answer and what its step knows; `before`, nothing; the
 * read of a value, `key`.
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
  const before = requestTrees(find(mode, 'before')).flatMap((step) => [
    ...checkRequest(step, {
      known: new Set(),
      because: ofSteps(mode, '"before" is sent once per slot: it knows no variables'),
    }),
    ...checkNoCaptures(step),
  ]);
  const known = new Set(data);
  const steps: Complaint[] = [];
  const requests = placedRequests(mode);
  const isLeased = lockNameOf(find(mode, 'lock')) === 'redis';
  const isLater = laterCaptures(requests.map(({ request }) => request));
  const scope: Scope = { known, properties, because: (name) => (name === 'lock' ? noToken(isLeased) : isLater(name)) };
  for (const { request, isInside } of requests) {
    steps.push(...checkRequest(request, isInside && isLeased ? withToken(scope) : scope));
    steps.push(...checkSaid(mode, textOf(find(request, 'name')), scope, ofAnswer));
    for (const [name] of entriesOf(find(request, 'capture'))) known.add(name);
  }
  return [...before, ...steps, ...checkLockKey(mode), ...checkReads(mode, { known: new Set(data), properties })];
};

/** A capture, or a check, knows the answer beside what its step knows. */
const withAnswer = (scope: Scope): Scope => ({ ...scope, known: new Set([...ofAnswer.known, ...scope.known]) });

const withToken = (scope: Scope): Scope => ({
  ...scope,
  known: new Set([...scope.known, 'lock']),
  members: { lock: ['token'] },
});

const noToken = (isLeased: boolean): string =>
  isLeased ? 'a lease has its token only in a critical section' : 'only "lock: redis" has a token';

const checkRequest = (step: Branch, scope: Scope): Complaint[] => [
  ...methodsIn(step).flatMap(([, path]) => checkTemplate(path, scope, badInPath)),
  ...entriesOf(find(step, 'headers')).flatMap(([, { value }]) => checkTemplate(value, scope, badInHeader)),
  ...checkJson(find(step, 'json'), scope),
  ...checkAnswer(step, scope, withAnswer(scope)),
];

const checkNoCaptures = (step: Branch): Complaint[] =>
  entriesOf(find(step, 'capture'))
    .slice(0, 1)
    .map(([, { key, value }]) => ({ mark: key, path: value.path, message: 'a capture in "before" is read by nobody' }));

const checkReads = (mode: Branch, data: Pick<Scope, 'known' | 'properties'>): Complaint[] => {
  const onlyKey: Scope = { known: new Set(['key']), because: ofSteps(mode, 'the read of a value knows "key" alone') };
  const onlyData: Scope = { ...data, because: ofSteps(mode, 'a key is made of data variables alone') };
  const reading = sectionsOf(mode).filter(({ tree }) => find(tree, 'read') !== undefined);
  return [
    ...reading.flatMap(({ tree }) => [
      ...checkTemplate(find(tree, 'key'), onlyData),
      ...checkTemplate(find(tree, 'read', 'get'), onlyKey, badInPath),
      ...checkExpression(find(tree, 'read', 'value'), ofAnswer),
    ]),
    ...(reading.length === 0 ? [] : headersOfRead(mode, onlyKey)),
  ];
};

/** The headers of all steps are those of the read, too. */
const headersOfRead = (mode: Branch, scope: Scope): Complaint[] =>
  entriesOf(find(mode, 'headers')).flatMap(([, { value }]) => checkTemplate(value, scope, badInHeader));

/** The same reason for every name that the steps know. */
const ofSteps = (mode: Branch, why: string): Scope['because'] => {
  const maps = [find(mode, 'data'), ...requestTrees(find(mode, 'steps')).map((step) => find(step, 'capture'))];
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
