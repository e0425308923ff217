import type { Result } from '../../core/result/result.ts';
import type { Warning } from '../../core/result/warning.ts';

/** A warning's message in pieces: the text between the numbers, the numbers, and the mode that it is about. */
interface Pieces {
  readonly words: readonly string[];
  readonly numbers: readonly string[];
  readonly mode: string;
}

/** Stands for the mode's name; occurs in no message. */
const place = '\u0000';
const numeral = /\d+(?:[.,]\d+)*/gu;

/**
 * The warnings of a run, each reported once: those that differ only in the mode's name and in numbers are merged, with all names
 * and the range of each number.
 */
export const warningsOf = ({ generator, modes }: Result): readonly Warning[] => {
  const names = modes
    .flatMap(({ name }) => (name === '' ? [] : [name]))
    .toSorted((one, other) => other.length - one.length);
  const groups = new Map<string, { readonly warning: Warning; readonly all: Pieces[] }>();
  for (const warning of generator.warnings) {
    const pieces = piecesOf(warning.message, names);
    const key = JSON.stringify([warning.code, warning.hint, pieces?.words ?? warning.message]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { warning, all: pieces === undefined ? [] : [pieces] });
    else if (pieces !== undefined) group.all.push(pieces);
  }
  return [...groups.values()].map(({ warning, all }) =>
    all.length < 2 ? warning : { ...warning, message: together(all) },
  );
};

/** `undefined` if the message names no mode. */
const piecesOf = (message: string, names: readonly string[]): Pieces | undefined => {
  for (const mode of names) {
    const at = positionOf(mode, message);
    if (at === -1) continue;
    const text = message.slice(0, at) + place + message.slice(at + mode.length);
    return { words: text.split(numeral), numbers: text.match(numeral) ?? [], mode };
  }
  return undefined;
};

/** The index of a name as a whole word; -1 if it does not occur. */
const positionOf = (name: string, message: string): number => {
  const isPart = (character: string | undefined): boolean =>
    character !== undefined && /[\p{L}\p{N}_-]/u.test(character);
  for (let at = message.indexOf(name); at !== -1; at = message.indexOf(name, at + 1)) {
    if (!isPart(message[at - 1]) && !isPart(message[at + name.length])) return at;
  }
  return -1;
};

const together = (all: readonly Pieces[]): string => {
  const modes = [...new Set(all.map(({ mode }) => mode))];
  const told = modes.length === 1 ? modes[0]! : `${modes.slice(0, -1).join(', ')} and ${modes.at(-1)}`;
  const [{ words }] = all as [Pieces];
  return words
    .map((text, at) => (at === 0 ? text : rangeOf(all.map(({ numbers }) => numbers[at - 1]!)) + text))
    .join('')
    .replace(place, () => told);
};

const rangeOf = (numbers: readonly string[]): string => {
  const [least, ...others] = numbers.toSorted((one, other) => valueOf(one) - valueOf(other));
  const most = others.at(-1);
  return most === undefined || most === least ? least! : `${least} … ${most}`;
};

const valueOf = (number: string): number => Number(number.replaceAll(',', ''));
