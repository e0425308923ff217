import { isNothing, mergeBy, merge, replace, type Merger } from './merge.ts';
import { find, itemsOf, withEntry, type Branch, type Tree } from '../text/tree.ts';

/** What a load's stages vary: its rate or its users. Also `mixed` if that is unknown. */
export const kindOfStages = (stages: Tree | undefined): 'rate' | 'users' | 'mixed' => {
  const items = itemsOf(stages);
  for (const kind of ['rate', 'users'] as const) {
    const other = kind === 'rate' ? 'users' : 'rate';
    if (
      items.some((stage) => find(stage, kind) !== undefined) &&
      items.every((stage) => find(stage, other) === undefined)
    )
      return kind;
  }
  return 'mixed';
};

/** Whether a load is open: it has a rate, or stages of one. */
export const isOpenLoad = (load: Tree | undefined): boolean => {
  const rate = find(load, 'rate');
  return (rate !== undefined && !isNothing(rate)) || kindOfStages(find(load, 'stages')) === 'rate';
};

/**
 * The keys of a load that give way when one is laid over them, because both set the same thing in different ways: what ends the
 * load, or what makes it open or closed.
 *
 * A duration does not displace stages: the rate would go with them, and it would be a different load.
 */
export const displacedBy = (key: string, value: Tree, load: Branch): readonly string[] => {
  if (isNothing(value)) return [];
  switch (key) {
    case 'duration':
      return ['iterations'];
    case 'iterations':
      return ['duration'];
    case 'rate':
      return ['stages'];
    case 'users':
      return kindOfStages(find(load, 'stages')) === 'users' ? ['stages'] : [];
    case 'stages':
      return ['duration', 'iterations', 'rate', ...(kindOfStages(value) === 'users' ? ['users'] : [])];
    default:
      return [];
  }
};

/** A choice is a word or a map with that word as its one key, and two choices never merge. */
const mergeKeys = mergeBy((key) => (key === 'arrival' ? replace : merge));

/** Lays a mode's load over the scenario's, as maps merge, but without the displaced keys. */
export const mergeLoad: Merger = (below, over) => {
  if (over.kind !== 'map' || below?.kind !== 'map') return mergeKeys(below, over);
  const gone = [...over.entries].flatMap(([key, { value }]) => displacedBy(key, value, below));
  return mergeKeys(
    gone.reduce((map, key) => withEntry(map, key, undefined), below),
    over,
  );
};
