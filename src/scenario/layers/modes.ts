import type { Complaint } from '../text/locate.ts';
import { didYouMean } from '../text/suggest.ts';
import { entriesOf, find, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** More modes than a report can show, or a reader can compare. */
export const mostModes = 32;

/** A mode as in the file. `map` is what it lays over the scenario. */
export interface NamedMode {
  readonly name: string;
  readonly map: Branch;
}

/** The name of the only mode of a scenario without modes: its lock, or `lock-free`. */
export const loneModeName = (scenario: Branch): string => {
  const lock = find(scenario, 'lock');
  const word = lock?.kind === 'leaf' ? lock.value : entriesOf(lock)[0]?.[0];
  return typeof word === 'string' && word !== 'none' ? word : 'lock-free';
};

/** The modes of the file, as many as a run may have. Without any, one mode that is the scenario as it is. */
export const modesOf = (scenario: Branch): readonly NamedMode[] => {
  const { mark } = scenario;
  const named = entriesOf(find(scenario, 'modes'))
    .slice(0, mostModes)
    .flatMap(([name, { value }]) => {
      const map = longForm(value);
      return map === undefined ? [] : [{ name, map }];
    });
  return named.length > 0
    ? named
    : [{ name: loneModeName(scenario), map: { kind: 'map', mark, path: 'modes', entries: new Map() } }];
};

/** `locked: mutex` becomes `locked: { lock: mutex }`. */
const longForm = (mode: Tree): Branch | undefined => {
  if (mode.kind === 'map') return mode;
  if (mode.kind !== 'leaf' || typeof mode.value !== 'string') return undefined;
  return { ...mode, kind: 'map', entries: new Map([['lock', { key: mode.mark, value: mode }]]) };
};

/**
 * The modes that `--modes` names, in its order; all if it names none.
 *
 * @returns the modes, and what is wrong with the names
 */
export const selectModes = (
  modes: readonly NamedMode[],
  only: readonly string[] | undefined,
): [readonly NamedMode[], Complaint[]] => {
  if (only === undefined) return [modes, []];
  const place = { mark: '--modes', path: 'modes' };
  if (only.length === 0) return [[], [{ ...place, message: 'no mode is named' }]];
  const names = modes.map((mode) => mode.name);
  const wanted: NamedMode[] = [];
  const complaints: Complaint[] = [];
  for (const name of only) {
    const mode = modes.find((mode) => mode.name === name);
    if (mode === undefined) {
      complaints.push({
        ...place,
        message: `no mode is called ${quoted(name)}`,
        hint: didYouMean(name, names) ?? modesAre(names),
      });
    } else if (wanted.includes(mode)) complaints.push({ ...place, message: `${quoted(name)} is there twice` });
    else wanted.push(mode);
  }
  return [wanted, complaints];
};

/** The names of modes, for a hint. */
export const modesAre = (names: readonly string[]): string =>
  `the modes are ${names.slice(0, 10).map(quoted).join(', ')}`;
