import { canonicalJson } from '../../../core/exact/write.ts';
import { parseJson } from '../../../core/exact/parse.ts';
import { type History, nameOf } from '../../../core/history/history.ts';
import type { KeyResult, Part } from '../judge-keys.ts';

/**
 * The result for a key, unless one of its values has more digits than a number keeps: then it is unknown whether that value differs from
 * one close to it, as one of the two may have been rounded, here or where it comes from.
 *
 * @cost a look at each name, and if one is such a value, at each row
 */
export const unlessRounded = (
  history: History,
  parts: readonly Part[],
): ((result: KeyResult, at: number) => KeyResult) => {
  const { names, value, operand, version } = history;
  const rounded = new Set([...names.keys()].filter((place) => isRounded(names[place]!)));
  if (rounded.size === 0) return (result) => result;
  const roundedIn = (row: number): number | undefined =>
    [value, operand, version].map((column) => nameOf(column[row]!)).find((place) => rounded.has(place));
  return (result, at) => {
    const row = parts[at]!.rows.find((one) => roundedIn(one) !== undefined);
    if (row === undefined) return result;
    const because = `${names[roundedIn(row)!]} has more digits than can be compared: put it in quotes`;
    return { ...result, verdict: 'unknown', because, findings: [] };
  };
};

/** Whether a value, as JSON, would change if its numbers were parsed as numbers. */
const isRounded = (name: string): boolean =>
  !name.startsWith('"') && /[.e]/u.test(name) && canonicalJson(parseJson(name)) !== name;
