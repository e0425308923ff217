import type { Choice, Json } from '../../core/json.ts';
import { lengthOf, type Load, type Mode, type Variable } from '../../core/plan/plan.ts';
import type { Table, Tables } from '../../core/table.ts';
import { mostItems, type PickName, type UniqueShare } from '../../measure/data/syntax.ts';
import { at, type Complaint } from '../text/locate.ts';
import { parseRange } from '../text/notation.ts';
import { tableName, type FileOptions } from '../rows/files.ts';
import { entriesOf, find, itemsOf, jsonOf, textOf, type Branch, type Tree } from '../text/tree.ts';

/** The position of a mode among those that are run, and how many rounds there may be. */
export interface Place {
  readonly mode: number;
  readonly modes: number;
  readonly rounds: number;
  /** How many the run may have, if it may be extended. */
  readonly mostRounds: number;
}

/** The variables of a mode of the plan: files by the name of their table, and what `unique` needs to divide items up. */
export const dataOf = (data: { readonly [name: string]: Variable }, load: Load, place: Place): Mode['data'] =>
  Object.fromEntries(Object.entries(data).map(([name, variable]) => [name, planned(variable, load, place)]));

const planned = ({ name, options, pick }: Variable, load: Load, place: Place): Variable => {
  const { file } = options as unknown as FileOptions;
  return {
    name,
    options: name === 'file' ? { file, table: tableName(options as unknown as FileOptions) } : options,
    ...(pick === undefined ? {} : { pick: pick.name === 'unique' ? uniquePick(load, place) : pick }),
  };
};

const uniquePick = (load: Load, place: Place): Choice => ({
  name: 'unique',
  options: shareOf(load, place) as unknown as Json,
});

const shareOf = ({ stop, warmupUs, stages }: Load, { mode, modes, rounds, mostRounds }: Place): UniqueShare => {
  const isCounted = stop.kind === 'iterations';
  const slotUs = stop.kind === 'duration' ? stop.durationUs / rounds : lengthOf(stages);
  return {
    mode,
    modes,
    rounds: mostRounds,
    iterations: isCounted ? Math.ceil(stop.iterations / rounds) : null,
    warmup: warmupUs === 0 ? 0 : warmupUs / (warmupUs + (isCounted ? 0 : slotUs)),
  };
};

/** Finds variables with `unique` that have fewer items than the run is certain to need. */
export const checkUnique = (mode: Branch, load: Load, place: Place, tables: Tables): Complaint[] =>
  entriesOf(find(mode, 'data')).flatMap(([name, { value }]) => {
    const pick = find(value, 'pick');
    const size = sizeOf(value, tables[name]);
    if (textOf(pick) !== 'unique' && find(pick, 'unique') === undefined) return [];
    if (pick === undefined || size === undefined) return [];
    const { modes, rounds, iterations, warmup } = shareOf(load, place);
    const ofSlot = (iterations ?? 1) + (warmup > 0 ? 1 : 0);
    const needed = ofSlot * modes * rounds;
    if (needed <= size) return [];
    const why = `${modes} × ${rounds} slots (modes × rounds) take at least ${grouped(ofSlot)} each`;
    return [
      at(
        pick,
        `"unique" needs ${grouped(needed)} items, "${name}" has ${grouped(size)}: ${why}`,
        'more items, or fewer iterations, rounds or modes',
      ),
    ];
  });

/** Checks that a variable does not have more items than its pick takes. */
export const checkVariable = (variable: Tree, table: Table | undefined): Complaint[] => {
  const pick = find(variable, 'pick');
  const word = textOf(pick) ?? entriesOf(pick)[0]?.[0] ?? '';
  const most = Object.hasOwn(mostItems, word) ? mostItems[word as PickName] : undefined;
  const size = sizeOf(variable, table);
  if (most === undefined || size === undefined || size <= most) return [];
  const source = find(variable, 'range') ?? find(variable, 'file') ?? variable;
  const what = find(variable, 'range') === undefined ? 'file' : 'range';
  return [at(source, `${word} takes at most ${grouped(most)} values, this ${what} has ${grouped(size)}`)];
};

/** How many items a variable has. `undefined` if unknown or generated. */
export const sizeOf = (variable: Tree | undefined, table: Table | undefined): number | undefined => {
  if (find(variable, 'file') !== undefined) return table?.rows;
  const list = find(variable, 'list');
  if (list !== undefined) return itemsOf(list).length;
  const range = parseRange(textOf(variable?.kind === 'map' ? find(variable, 'range') : variable));
  return range === undefined ? undefined : range.to - range.from + 1;
};

/** The properties that a variable's values may have. `undefined` if unknown. */
export const propertiesOf = (variable: Tree, table: Table | undefined): readonly string[] | undefined => {
  if (find(variable, 'file') !== undefined) return table?.keys;
  const list = find(variable, 'list');
  if (list !== undefined) {
    const items = itemsOf(list).map(jsonOf);
    const areMaps = items.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
    return areMaps ? [...new Set(items.flatMap((item) => Object.keys(item as object)))] : undefined;
  }
  return sizeOf(variable, undefined) === undefined ? undefined : [];
};

/** A whole number with separators, for easy reading: `10,200`. */
export const grouped = (number: number): string => number.toLocaleString('en');
