import { writeJson } from '../../core/exact/write.ts';
import { at, atKey, type Complaint } from '../text/locate.ts';
import { namesOfUser, noNames } from '../names/names.ts';
import { listsAround, loginOf, requestTrees, stepsOfInvariant, wordOf } from '../names/requests.ts';
import { find, itemsOf, jsonOf, numberOf, type Branch, type Tree } from '../text/tree.ts';
import { blockWordOf, innerPaths, walk } from '../names/walk.ts';
import { quoted } from '../text/words.ts';

/** A request of the steps, and whether it is sent under the mode's lock. */
export interface PlacedRequest {
  readonly request: Branch;
  readonly isInside: boolean;
}

/** The requests of an iteration in order. If no step is critical, all are in one critical section. */
export const placedRequests = (mode: Branch): readonly PlacedRequest[] => {
  const placed: PlacedRequest[] = [];
  walk(find(mode, 'steps'), noNames, isWhole(mode), {
    request: (request, _, isInside) => void placed.push({ request, isInside }),
  });
  return placed;
};

/** Whether the whole iteration is one critical section. */
export const isWhole = (mode: Branch): boolean => sectionsIn(find(mode, 'steps')).length === 0;

const sectionsIn = (list: Tree | undefined): readonly Branch[] =>
  itemsOf(list).flatMap((step) => {
    if (step.kind !== 'map') return [];
    if (blockWordOf(step) === 'critical') return [step];
    return innerPaths(step).flatMap((path) => sectionsIn(find(step, ...path)));
  });

const sentOnce = { before: 'before the load', login: 'before the load', after: 'when the slot is over' };

/** Reports conflicts that steps set in the wrong place, or that contradict each other. */
export const checkConflicts = (mode: Branch): Complaint[] => [
  ...conflictsIn(mode),
  ...checkRetries(mode),
  ...checkTags(mode),
];

/** Only measured steps are grouped by tag. */
const checkTags = (mode: Branch): Complaint[] =>
  refusedAround(mode, 'tags', (where) => `a step of ${where} is not measured, so no gate can use its tags`);

/** Refuses a key in the steps around the load. */
const refusedAround = (mode: Branch, key: string, why: (where: string) => string): Complaint[] =>
  listsAround.flatMap((list) =>
    requestTrees(find(mode, ...list)).flatMap((request) => {
      const entry = request.entries.get(key);
      return entry === undefined ? [] : [atKey(entry, why(quoted(wordOf(list))), `leave ${quoted(key)} out`)];
    }),
  );

/** Only steps of the load send a request again, and not after a conflict. */
const checkRetries = (mode: Branch): Complaint[] => [
  ...checkCopies(mode),
  ...refusedAround(
    mode,
    'retry',
    (where) => `only "steps" send a request again: what fails in ${where} should be seen`,
  ),
  ...placedRequests(mode).flatMap(({ request, isInside }) => {
    const conflicts = numbersIn(
      find(request, 'conflict', 'status') ?? (isInside ? find(mode, 'conflict', 'status') : undefined),
    );
    const on = find(request, 'retry', 'on');
    return (on?.kind === 'list' ? itemsOf(on) : on === undefined ? [] : [on]).flatMap((one) => {
      const status = numberOf(one);
      return status === undefined || !conflicts.includes(status)
        ? []
        : [
            at(
              one,
              `${status} is a conflict: after it the critical section runs again`,
              'leave it out here, or out of "conflict"',
            ),
          ];
    });
  }),
];

/** Whether several copies of a request are sent at the same time. One copy is the request itself. */
export const hasCopies = (request: Tree): boolean => {
  const copies = find(request, 'copies');
  return copies !== undefined && !(copies.kind === 'leaf' && (copies.value === null || copies.value === 1));
};

/** Only the load has copies, and each is sent once. */
const checkCopies = (mode: Branch): Complaint[] => [
  ...refusedAround(mode, 'copies', (where) => `a step of ${where} is sent once`),
  ...requestTrees(find(mode, 'steps')).flatMap((request) => {
    if (!hasCopies(request)) return [];
    return ['conflict', 'retry', 'redirects'].flatMap((key) => {
      const entry = request.entries.get(key);
      const isNone =
        entry === undefined || (entry.value.kind === 'leaf' && [0, null].includes(entry.value.value as null));
      // A fault of all steps is reported where the scenario sets the key.
      return isNone
        ? []
        : [
            atKey(
              entry,
              `${quoted(key)} of one copy says nothing about the others: each is sent once and judged separately`,
              'leave one of them out',
            ),
          ];
    });
  }),
];

const numbersIn = (tree: Tree | undefined): readonly number[] =>
  (tree?.kind === 'list' ? itemsOf(tree) : tree === undefined ? [] : [tree]).flatMap((one) => numberOf(one) ?? []);

const conflictsIn = (mode: Branch): Complaint[] => {
  const once = Object.entries(sentOnce).flatMap(([list, when]) =>
    requestTrees(list === 'login' ? loginOf(mode) : find(mode, list)).flatMap((step) =>
      refuseConflict(step, `there is no conflict in a step of "${list}": it is sent once, ${when}`),
    ),
  );
  const asking = requestTrees(find(mode, ...stepsOfInvariant)).flatMap((step) =>
    refuseConflict(step, 'there is no conflict in the question of an invariant'),
  );
  const outside = placedRequests(mode).flatMap(({ request, isInside }) =>
    isInside ? [] : refuseConflict(request, 'only a critical section is tried again', 'put this step under "critical"'),
  );
  const sections = isWhole(mode)
    ? [requestTrees(find(mode, 'steps'))]
    : sectionsIn(find(mode, 'steps')).map((section) => requestTrees(find(section, 'critical')));
  return [...once, ...asking, ...outside, ...sections.flatMap(checkSection)];
};

const refuseConflict = (step: Branch, why: string, hint = 'leave "conflict" out'): Complaint[] => {
  const entry = step.entries.get('conflict');
  return entry === undefined ? [] : [atKey(entry, why, hint)];
};

/** A section is retried as a whole, whichever of its steps had the conflict. */
const checkSection = (requests: readonly Branch[]): Complaint[] =>
  ['retries', 'backoff'].flatMap((key) => {
    const said = requests.flatMap((request) => find(request, 'conflict', key) ?? []);
    const other = said.find((value) => writeJson(jsonOf(value)) !== writeJson(jsonOf(said[0]!)));
    const message = `two steps of one critical section say different ${quoted(key)}: it is tried again as a whole`;
    return other === undefined ? [] : [at(other, message, 'say it in one of them')];
  });

/** The names that the key of a mode's lock may use: those known every time the lock is asked for. */
export const namesBeforeLock = (mode: Branch): ReadonlySet<string> => {
  const begin = namesOfUser(mode);
  if (isWhole(mode)) return begin.known;
  let known: readonly string[] | undefined;
  walk(find(mode, 'steps'), begin, false, {
    request: () => undefined,
    block: (step, names) => {
      if (blockWordOf(step) !== 'critical') return;
      known = known === undefined ? [...names.known] : known.filter((name) => names.known.has(name));
    },
  });
  return new Set(known);
};
