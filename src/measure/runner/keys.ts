import type { FinalRead, Mode } from '../../core/plan/plan.ts';
import type { Job } from '../../core/slot.ts';
import type { Tables } from '../../core/table.ts';
import { compileText, TemplateValueError } from '../../template/compile.ts';
import { parseTemplate } from '../../template/parse.ts';
import { textsOf } from '../../template/texts.ts';
import { itemsOf, usedUp, type SourceParts } from '../data/source.ts';
import { compileFill } from '../iteration/fill.ts';
import { userLookup } from '../iteration/read/scope.ts';
import { newUser } from '../user.ts';

/** The keys of each of a mode's reads, in their order. */
export type KeysOfReads = readonly (readonly string[])[];

/** {@link keysOf} for each of a mode's reads in a slot; `stop` says how long the slot is. */
export const keysOfReads = (mode: Mode, parts: SourceParts, stop: Job['stop']): KeysOfReads =>
  mode.reads.map((read) => keysOf(read, mode, parts, stop.kind === 'iterations' ? stop.iterations : undefined));

/**
 * The keys whose values are read around a slot: all that a template over data variables can give or, if there are too many
 * to read or they cannot be listed, those of the slot's first iterations.
 *
 * @param iterations of the slot, if they are counted
 * @cost for keys of iterations, up to a microsecond for each of 20 iterations for every key
 */
export const keysOf = (read: FinalRead, mode: Mode, parts: SourceParts, iterations = Infinity): readonly string[] => {
  const { most } = read;
  if (most === undefined) return allOf(read, mode, parts.tables);
  const all = isEnumerable(read, mode) ? textsWithin(read, mode, parts.tables, most) : undefined;
  return all ?? firstUsed(read, mode, parts, most, iterations);
};

const allOf = (read: FinalRead, mode: Mode, tables: Tables): readonly string[] => {
  const ofRun = keysOfRuns.get(tables) ?? new WeakMap<FinalRead, readonly string[]>();
  keysOfRuns.set(tables, ofRun);
  const keys = ofRun.get(read) ?? textsWithin(read, mode, tables, Infinity)!;
  ofRun.set(read, keys);
  return keys;
};

/** The keys of a read of all keys, which are the same in all slots of a run, by the run's tables. */
const keysOfRuns = new WeakMap<Tables, WeakMap<FinalRead, readonly string[]>>();

const textsWithin = (
  { key }: FinalRead,
  { data }: Mode,
  tables: Tables,
  most: number,
): readonly string[] | undefined => {
  const texts = textsOf(parseTemplate(key), (name) => itemsOf(data[name]!, tables), most);
  return texts === undefined ? undefined : [...texts];
};

const isEnumerable = ({ key }: FinalRead, { data }: Mode): boolean =>
  parseTemplate(key).names.every((name) => data[name]!.pick !== undefined);

/** Where keys repeat, this many iterations are checked for each key to be read. */
const iterationsOfKey = 20;

const firstUsed = (
  { key }: FinalRead,
  { data }: Mode,
  parts: SourceParts,
  most: number,
  iterations: number,
): readonly string[] => {
  const names = Object.keys(data);
  const fill = compileFill(data, parts);
  const text = compileText(parseTemplate(key), userLookup(new Map(names.map((name, place) => [name, place]))));
  const user = newUser(0, names.length);
  const keys = new Set<string>();
  const last = Math.min(iterations, most * iterationsOfKey);
  for (let n = 0; n < last && keys.size < most; n++) {
    user.iteration = parts.slot.firstIteration + n;
    fill(user);
    // An iteration for which `unique` has no value left does not run.
    if (user.variables.includes(usedUp)) break;
    try {
      keys.add(typeof text === 'string' ? text : text(user));
    } catch (error) {
      // Such an iteration sends nothing.
      if (!(error instanceof TemplateValueError)) throw error;
    }
  }
  return [...keys];
};
