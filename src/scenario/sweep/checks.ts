import type { Find } from '../../core/sweep/plan.ts';
import type { NamedMode } from '../layers/modes.ts';
import { isOpenLoad } from '../layers/load-keys.ts';
import { isNothing } from '../layers/merge.ts';
import { at, atKey, type Complaint } from '../text/locate.ts';
import { parseRange } from '../text/notation.ts';
import { didYouMean } from '../text/suggest.ts';
import { entriesOf, find, textOf, type Branch, type Entry, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';
import type { WrittenAxis } from './axis.ts';

/** With fewer rounds, no crossing can be shown over two looks. */
const roundsToCross = 7;

/** How often every point is measured by default. For a search for capacity: into how many probes a duration is divided. */
export const sweepRounds = (wanted: Find | undefined): number => (wanted === 'capacity' ? 1 : 7);

/**
 * Checks that an axis can be swept in this scenario.
 *
 * @param scenario with flags and environment laid over it, but no point
 * @param modes the wanted ones
 */
export const checkSweep = (
  axis: WrittenAxis,
  scenario: Branch,
  modes: readonly NamedMode[],
  { find: wanted, rounds }: { readonly find: Find | undefined; readonly rounds: number },
): readonly Complaint[] => [
  ...checkVariable(axis, scenario),
  ...modes.flatMap(({ name, map }) => checkOverride(axis, name, map)),
  ...checkLoad(axis, scenario, wanted),
  ...checkUnique(scenario),
  ...checkFind(axis, scenario, wanted, modes, rounds),
];

/** A variable must have keys that can be counted. */
const checkVariable = ({ kind, variable, name, place }: WrittenAxis, scenario: Branch): readonly Complaint[] => {
  if (variable === undefined) return [];
  const data = find(scenario, 'data');
  const written = find(data, variable);
  if (written === undefined) {
    const names = entriesOf(data).map(([one]) => one);
    const hint =
      didYouMean(variable, names) ??
      (names.length === 0 ? 'the scenario has no data' : `there are ${names.join(', ')}`);
    return [at(place, `no variable is called ${quoted(variable)}`, hint)];
  }
  const hasRange = parseRange(textOf(written.kind === 'map' ? find(written, 'range') : written)) !== undefined;
  if (kind === 'keys' && !hasRange)
    return [
      at(place, `${name} is not a range, so there are no keys to count`, `such as data: { ${variable}: 1..100 }`),
    ];
  const isMade =
    kind === 'skew' && !hasRange && find(written, 'list') === undefined && find(written, 'file') === undefined;
  return isMade ? [at(place, `${quoted(variable)} has no items to pick from`)] : [];
};

/** A mode that sets the axis itself would not follow it. */
const checkOverride = ({ kind, variable = '' }: WrittenAxis, name: string, map: Branch): readonly Complaint[] => {
  const owns = (entry: Entry | undefined): readonly Complaint[] =>
    entry === undefined
      ? []
      : [
          atKey(
            entry,
            `mode ${quoted(name)} sets this itself, so it cannot be swept`,
            'take it out, or leave the mode out with --modes',
          ),
        ];
  const entryOf = (tree: Tree | undefined, key: string): Entry | undefined =>
    tree?.kind === 'map' ? tree.entries.get(key) : undefined;
  const load = find(map, 'load');
  if (kind === 'workers') return owns(entryOf(map, 'workers'));
  if (kind === 'users' || kind === 'rate') {
    // `load: null` removes the rate.
    if (load !== undefined && isNothing(load)) return owns(entryOf(map, 'load'));
    const other = kind === 'users' ? 'rate' : 'users';
    return [
      ...owns(entryOf(load, kind)),
      ...owns(entryOf(load, 'stages')),
      ...(other === 'rate' ? owns(entryOf(load, other)) : []),
    ];
  }
  const data = find(map, 'data');
  const own = find(data, variable);
  if (own === undefined) return [];
  if (own.kind !== 'map') return owns(entryOf(data, variable));
  if (kind === 'skew')
    return owns(entryOf(own, 'pick') ?? (own.entries.has('range') ? undefined : entryOf(data, variable)));
  const onlyPick = [...own.entries.keys()].every((key) => key === 'pick');
  return onlyPick ? [] : owns(entryOf(data, variable));
};

/** Finds loads for which an axis has no meaning. */
const checkLoad = ({ kind, place }: WrittenAxis, scenario: Branch, wanted: Find | undefined): readonly Complaint[] => {
  const load = find(scenario, 'load');
  const stages = find(load, 'stages');
  if ((kind === 'users' || kind === 'rate' || wanted === 'capacity') && stages !== undefined && !isNothing(stages))
    return [
      at(stages, 'stages change the load within a slot, so it cannot be swept', 'leave them out, or write a duration'),
    ];
  if (kind === 'users' && isOpenLoad(load))
    return [
      at(
        place,
        'users only bound an open load, so they cannot be its axis',
        'take rate=100..5000, or leave "rate" out',
      ),
    ];
  const iterations = find(load, 'iterations');
  return wanted === 'capacity' && iterations !== undefined && !isNothing(iterations)
    ? [
        at(
          iterations,
          'a search for capacity measures for a duration, not a number of iterations',
          'such as duration: 5s',
        ),
      ]
    : [];
};

/** Every point uses the same values, so `unique` values would be used more than once. */
const checkUnique = (scenario: Branch): readonly Complaint[] =>
  entriesOf(find(scenario, 'data')).flatMap(([, { value }]) => {
    const pick = find(value, 'pick');
    return pick !== undefined && (textOf(pick) === 'unique' || find(pick, 'unique') !== undefined)
      ? [at(pick, 'a sweep uses the same values at every point, so none of them is unique', 'take uuid, or shuffled')]
      : [];
  });

const checkFind = (
  { kind, name, place }: WrittenAxis,
  scenario: Branch,
  wanted: Find | undefined,
  modes: readonly NamedMode[],
  rounds: number,
): readonly Complaint[] => {
  const said = treeAt(`--find ${wanted ?? ''}`);
  if (wanted === 'capacity' && kind !== 'rate' && kind !== 'users')
    return [at(said, `a capacity is found over rate or users, not over ${name}`, 'such as --over rate=100..5000')];
  if (wanted !== 'crossing') return [];
  if (modes.length < 2) return [at(said, 'a crossing needs two modes', 'name two or more')];
  if (rounds >= roundsToCross) return [];
  return [
    at(
      find(scenario, 'rounds') ?? place,
      `a crossing needs at least ${roundsToCross} rounds: with ${rounds} no difference can be shown over two looks`,
      `rounds: ${roundsToCross}, or --rounds ${roundsToCross}`,
    ),
  ];
};

const treeAt = (mark: string): Tree => ({ kind: 'leaf', mark, path: 'sweep', value: '' });
