import type { Json } from '../../core/json.ts';
import { rowsOf, type Table, type Tables } from '../../core/table.ts';
import { generatorSyntax } from '../../measure/data/syntax.ts';
import { parseTemplate } from '../../template/parse.ts';
import { textsOf, type Values } from '../../template/texts.ts';
import { sectionsOf } from './consistency.ts';
import { grouped, sizeOf } from '../plan/data.ts';
import { readIn } from '../names/requests.ts';
import { at, type Complaint } from '../text/locate.ts';
import { parseRange } from '../text/notation.ts';
import { namesOf } from '../names/templates.ts';
import { entriesOf, find, itemsOf, jsonOf, textOf, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/**
 * How many keys a consistency model may have. Each is read before and after each slot. At 10,000 a second a million take two
 * minutes before and two minutes after, and their values a gigabyte.
 */
const mostKeys = 1_000_000;

/** Up to this many are read in a second or two, and need no note. */
const fewKeys = 10_000;

/** Keys whose values cannot be read, because the data are generated or too many. */
export const checkKeys = (mode: Branch, tables: Tables): Complaint[] =>
  sectionsOf(mode).flatMap(({ tree, syntax }) => {
    const key = find(tree, 'key');
    // Where the number of reads is limited, only the keys of the first iterations are read.
    if (readIn(tree) === undefined || key === undefined || syntax.read?.most !== undefined) return [];
    const text = textOf(key) ?? '';
    const generated = namesOf(text).find((name) => isGenerated(find(mode, 'data', name)));
    if (generated !== undefined)
      return [
        at(
          key,
          `the values of ${quoted(generated)} are generated: they are not all known in advance`,
          'make keys of ranges, lists or files',
        ),
      ];
    const count = countOf(mode, text, tables);
    if (count <= mostKeys) return [];
    const keys = count === Infinity ? 'these' : `${grouped(count)} keys`;
    return [at(key, `${keys} are more than the ${grouped(mostKeys)} that can be read before and after each slot`)];
  });

/** How many values are read before and after each slot, by model, if that takes long. */
export const manyKeysOf = (mode: Branch, tables: Tables): ReadonlyMap<string, number> =>
  new Map(
    entriesOf(find(mode, 'consistency')).flatMap(([model, { value }]): [string, number][] => {
      const key = textOf(find(value, 'key'));
      const isSome = sectionsOf(mode).some(({ tree, syntax }) => tree === value && syntax.read?.most !== undefined);
      if (readIn(value) === undefined || key === undefined || isSome) return [];
      const count = countOf(mode, key, tables);
      return count <= fewKeys ? [] : [[model, count]];
    }),
  );

const isGenerated = (variable: Tree | undefined): boolean =>
  Object.keys(generatorSyntax).some((word) => textOf(variable) === word || find(variable, word) !== undefined);

/** How many keys there are, at most. Infinity: more than can be read. */
const countOf = (mode: Branch, key: string, tables: Tables): number => {
  const names = [...new Set(namesOf(key))];
  const sizes = names.map((name) => sizeOf(find(mode, 'data', name), tables[name]) ?? 1);
  const product = sizes.reduce((all, size) => all * size, 1);
  // Rows of a file may repeat a key, unlike the numbers of a range.
  if (product <= fewKeys || !names.some((name) => tables[name] !== undefined)) return product;
  const template = parseTemplate(key);
  const [only, ...others] = names;
  const count = (): number =>
    textsOf(template, (name) => valuesOf(find(mode, 'data', name), tables[name]), mostKeys)?.size ?? Infinity;
  return others.length > 0 ? count() : onceFor(tables[only!]!, key, count);
};

/** By table: counts of its rows. Modes and models that are alike ask for the same ones. */
const counted = new WeakMap<Table, Map<string, number>>();

const onceFor = (table: Table, key: string, count: () => number): number => {
  const known = counted.get(table) ?? new Map<string, number>();
  counted.set(table, known);
  const found = known.get(key) ?? count();
  known.set(key, found);
  return found;
};

const valuesOf = (variable: Tree | undefined, table: Table | undefined): Values => {
  if (table !== undefined) return { size: table.rows, at: rowsOf(table) };
  const list = find(variable, 'list');
  if (list !== undefined) {
    const items: readonly Json[] = itemsOf(list).map((item) => jsonOf(item));
    return { size: items.length, at: (index) => items[index]! };
  }
  const range = parseRange(textOf(variable?.kind === 'map' ? find(variable, 'range') : variable));
  return range === undefined
    ? { size: 1, at: () => 0 }
    : { size: range.to - range.from + 1, at: (index) => range.from + index };
};
