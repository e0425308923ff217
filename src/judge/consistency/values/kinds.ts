import { type History, nameOf } from '../../../core/history/history.ts';
import { isWholeRead, listSeen } from '../../../core/history/whole-lists.ts';
import type { Known } from '../engines/engine.ts';
import { valueWord } from '../engines/words.ts';

/**
 * Points out that a value of some operations also occurs as another kind, such as `2` and `"2"`: those are two values, though one may have
 * been meant. `undefined` if there is no such value.
 *
 * @param history of one key
 * @param of the rows whose values are checked; all of them if not given
 */
export const otherKind = (history: History, known: Known, of?: readonly number[]): string | undefined => {
  const { value, operand, version, names } = history;
  const all = new Set<number>([known.initial, known.final]);
  for (const column of [value, operand, version]) for (const one of column) all.add(one);
  const named = new Map<string, number>();
  for (const one of all) if (nameOf(one) >= 0) named.set(names[nameOf(one)]!, one);
  const looked = of === undefined ? all : new Set([known.final, ...of.flatMap((row) => valuesOf(history, row))]);
  for (const one of looked) {
    const text = textOf(history, one);
    const twin = text === undefined ? undefined : twinOf(text);
    if (twin === undefined) continue;
    if (!(named.has(twin) || (String(Number(twin)) === twin && all.has(Number(twin))))) continue;
    const [inQuotes, bare] = text!.startsWith('"') ? [text, twin] : [twin, text];
    return `${inQuotes}, a text, and ${bare}, ${isNumber(bare!) ? 'a number' : 'no text'}, are two values: where they mean the same, both have to be of one kind, as ${isNumber(bare!) ? 'number(body.value) makes them' : 'with == "true"'}`;
  }
  return undefined;
};

const valuesOf = (history: History, row: number): readonly number[] => [
  history.value[row]!,
  history.operand[row]!,
  history.version[row]!,
  ...(isWholeRead(history, row) ? (listSeen(history, row) ?? []) : []),
];

/** A value as JSON; `undefined` if nothing was said, or nothing is there. */
const textOf = (history: History, value: number): string | undefined =>
  Number.isFinite(value) ? valueWord(history, value) : undefined;

/** The text of a value as a JSON string, or the value that a JSON string looks like; `undefined` if it looks like none. */
const twinOf = (text: string): string | undefined => {
  if (!text.startsWith('"')) return isPlain(text) ? JSON.stringify(text) : undefined;
  const inside = JSON.parse(text) as string;
  return isPlain(inside) ? inside : undefined;
};

const isNumber = (text: string): boolean => /^-?\d/u.test(text);

const isPlain = (text: string): boolean => /^(?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false)$/u.test(text);
