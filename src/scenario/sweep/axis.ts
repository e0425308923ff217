import type { Axis, AxisKind } from '../../core/sweep/axis.ts';
import { at, atKey, type Complaint } from '../text/locate.ts';
import { parseRange, parseRate, parseRates } from '../text/notation.ts';
import { didYouMean } from '../text/suggest.ts';
import { entriesOf, find, itemsOf, treeOf, type Branch, type Leaf, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** An axis, and where it was written. */
export interface WrittenAxis extends Axis {
  /** For `data.NAME`. */
  readonly variable?: string;
  readonly place: Tree;
}

type Read = { readonly axis: WrittenAxis } | { readonly complaints: readonly Complaint[] };

/** More points than this take too long to be useful. */
const mostPoints = 32;

/** How many points between two ends of a skew. */
const skewPoints = 8;

const plainAxes = ['users', 'rate', 'workers'] as const;

/** How to write an axis, for hints. */
const axisHint = 'users=1..128, rate=100..5000, workers=1..8, data.NAME=1..64 or data.NAME.pick.zipf=0..1.4';

/**
 * The axis of a sweep: from `--over`, otherwise from `sweep:` in the file.
 *
 * @param over the text after `--over`
 */
export const readAxis = (scenario: Branch, over: string | undefined): Read => {
  if (over !== undefined) return readOver(over);
  const written = find(scenario, 'sweep');
  if (written === undefined) {
    const place = treeOf('', '--over', 'sweep');
    return refused(
      at(
        place,
        'a sweep needs an axis',
        `write --over ${axisHint.split(',')[0]}, or "sweep: { users: 1..128 }"; -R 50/s..5000/s --gate "p99 < 50ms" finds the highest rate that holds`,
      ),
    );
  }
  const [first, second] = entriesOf(written);
  if (first === undefined) return refused(at(written, 'a sweep needs an axis', 'such as { users: 1..128 }'));
  if (second !== undefined)
    return refused(atKey(second[1], `one axis at a time, and ${quoted(first[0])} is one`, 'leave one of them out'));
  return axisOf(first[0], first[1].value, (message, hint) => atKey(first[1], message, hint));
};

const readOver = (over: string): Read => {
  const place = treeOf(over, '--over', 'sweep');
  const equals = over.indexOf('=');
  if (equals === -1) return refused(at(place, `expected NAME=VALUES, got ${quoted(over)}`, axisHint));
  const values = treeOf(over.slice(equals + 1).trim(), '--over', 'sweep');
  return axisOf(over.slice(0, equals).trim(), values, (message, hint) => at(place, message, hint));
};

const axisOf = (name: string, written: Tree, complain: (message: string, hint?: string) => Complaint): Read => {
  const kind = kindOf(name);
  if (kind === undefined) {
    const hint = didYouMean(name, plainAxes) ?? axisHint;
    return refused(complain(`${quoted(name)} is not an axis of a sweep`, hint));
  }
  const values = valuesOf(kind, written);
  if (typeof values === 'string') return refused(at(written, values, `such as ${example(kind)}`));
  if (values.length > mostPoints)
    return refused(at(written, `at most ${mostPoints} points, these are ${values.length}`, 'a..b doubles'));
  const variable = /^data\.([^.]+)/u.exec(name)?.[1];
  return { axis: { kind, name, values, place: written, ...(variable === undefined ? {} : { variable }) } };
};

const refused = (...complaints: readonly Complaint[]): Read => ({ complaints });

const kindOf = (name: string): AxisKind | undefined => {
  const [plain] = plainAxes.filter((one) => one === name || `load.${one}` === name);
  if (plain !== undefined) return plain;
  if (/^data\.[A-Za-z_]\w*$/u.test(name)) return 'keys';
  return /^data\.[A-Za-z_]\w*\.pick\.zipf$/u.test(name) ? 'skew' : undefined;
};

const example = (kind: AxisKind): string =>
  ({ users: '1..128', rate: '100..5000', workers: '1..8', keys: '1,4,20,100', skew: '0..1.4' })[kind];

const mostOf: { readonly [kind in AxisKind]: number } = {
  users: 100_000,
  rate: 1_000_000,
  workers: 64,
  keys: 1e9,
  skew: 10,
};

/** The values in ascending order, without duplicates; or what is wrong with them. */
const valuesOf = (kind: AxisKind, written: Tree): readonly number[] | string => {
  const items = written.kind === 'list' ? itemsOf(written) : itemsIn(written);
  if (items.length === 0) return 'no value is named';
  const read = items.map((item) => spanOf(kind, item));
  const wrong = read.find((one) => typeof one === 'string');
  if (wrong !== undefined) return wrong;
  const values = [...new Set((read as readonly (readonly number[])[]).flat())].toSorted((a, b) => a - b);
  return values.length < 2 ? 'a sweep needs at least two values' : values;
};

/** `1,4,20` is a list too. */
const itemsIn = (written: Tree): readonly Tree[] =>
  written.kind === 'leaf' && typeof written.value === 'string'
    ? written.value
        .split(',')
        .flatMap((text): Leaf[] => (text.trim() === '' ? [] : [{ ...written, value: text.trim() }]))
    : [written];

const spanOf = (kind: AxisKind, item: Tree): readonly number[] | string => {
  const value = item.kind === 'leaf' ? item.value : undefined;
  const ends = endsOf(kind, value);
  if (ends === undefined) return `expected ${example(kind)} or a list, got ${quoted(textFor(item))}`;
  const [from, to] = ends;
  if (from > to) return 'the range ends before it begins';
  if (from < (kind === 'skew' ? 0 : 1)) return `expected values from ${kind === 'skew' ? 0 : 1} on`;
  if (to > mostOf[kind]) return `expected at most ${mostOf[kind].toLocaleString('en-US')}`;
  return from === to ? [from] : kind === 'skew' ? evenly(from, to) : doubling(from, to);
};

const textFor = (item: Tree): string => (item.kind === 'leaf' ? String(item.value) : `a ${item.kind}`);

const endsOf = (kind: AxisKind, value: unknown): readonly [from: number, to: number] | undefined => {
  if (kind === 'rate')
    return parseRates(value) ?? (parseRate(value) === undefined ? undefined : [parseRate(value)!, parseRate(value)!]);
  if (kind === 'skew') {
    const [, from, to = from] = /^(\d{1,2}(?:\.\d{1,4})?)(?:\.\.(\d{1,2}(?:\.\d{1,4})?))?$/u.exec(String(value)) ?? [];
    return from === undefined ? undefined : [Number(from), Number(to)];
  }
  const range = parseRange(/^\d+$/u.test(String(value)) ? `${String(value)}..${String(value)}` : value);
  return range === undefined ? undefined : [range.from, range.to];
};

const doubling = (from: number, to: number): readonly number[] => {
  const values = [from];
  for (let next = 2 * from; next < to; next *= 2) values.push(next);
  return [...values, to];
};

const evenly = (from: number, to: number): readonly number[] =>
  Array.from({ length: skewPoints }, (_, index) =>
    Number((from + ((to - from) * index) / (skewPoints - 1)).toFixed(2)),
  );
