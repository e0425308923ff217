import { at, atKey, type Complaint } from './locate.ts';
import { requestTrees } from './requests.ts';
import { entriesOf, find, itemsOf, jsonOf, type Branch, type Tree } from './tree.ts';
import { quoted } from './words.ts';

/** A request of the steps, and whether it is sent under the mode's lock. */
export interface PlacedRequest {
  readonly request: Branch;
  readonly isInside: boolean;
}

/** The requests of an iteration in order. Where no step is critical, all are in one critical section. */
export const placedRequests = (mode: Branch): readonly PlacedRequest[] => {
  const items = itemsOf(find(mode, 'steps'));
  const isWhole = !items.some(isCritical);
  return items.flatMap((item) =>
    requestsIn(item).map((request) => ({ request, isInside: isWhole || isCritical(item) })),
  );
};

const isCritical = (step: Tree): boolean => step.kind === 'map' && step.entries.has('critical');

const requestsIn = (step: Tree): readonly Branch[] => {
  if (step.kind !== 'map') return [];
  return isCritical(step) ? requestTrees(find(step, 'critical')) : [step];
};

/** What is wrong with the conflicts that steps say: in the wrong place, or two answers to one question. */
export const checkConflicts = (mode: Branch): Complaint[] => {
  const before = requestTrees(find(mode, 'before')).flatMap((step) =>
    refuseConflict(step, 'nobody is faster than a step of "before": it is sent once, before the load'),
  );
  const outside = placedRequests(mode).flatMap(({ request, isInside }) =>
    isInside ? [] : refuseConflict(request, 'only a critical section is tried again', 'put this step under "critical"'),
  );
  const items = itemsOf(find(mode, 'steps'));
  const sections = items.some(isCritical) ? items.filter(isCritical).map(requestsIn) : [items.flatMap(requestsIn)];
  return [...before, ...outside, ...sections.flatMap(checkSection)];
};

const refuseConflict = (step: Branch, why: string, hint = 'leave "conflict" out'): Complaint[] => {
  const entry = step.entries.get('conflict');
  return entry === undefined ? [] : [atKey(entry, why, hint)];
};

/** A section is tried again as a whole, whichever of its steps met the conflict. */
const checkSection = (requests: readonly Branch[]): Complaint[] =>
  ['retries', 'backoff'].flatMap((key) => {
    const said = requests.flatMap((request) => find(request, 'conflict', key) ?? []);
    const other = said.find((value) => JSON.stringify(jsonOf(value)) !== JSON.stringify(jsonOf(said[0]!)));
    const message = `two steps of one critical section say different ${quoted(key)}: it is tried again as a whole`;
    return other === undefined ? [] : [at(other, message, 'say it in one of them')];
  });

/** The names that the key of a mode's lock may use: they are known when the lock is first asked for. */
export const namesBeforeLock = (mode: Branch): ReadonlySet<string> => {
  const requests = placedRequests(mode);
  const first = requests.findIndex(({ isInside }) => isInside);
  const before = requests.slice(0, first === -1 ? 0 : first);
  const maps = [find(mode, 'data'), ...before.map(({ request }) => find(request, 'capture'))];
  return new Set(maps.flatMap((map) => entriesOf(map).map(([name]) => name)));
};
