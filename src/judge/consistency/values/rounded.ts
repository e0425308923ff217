import { canonicalJson } from '../../../core/exact/write.ts';
import { parseJson } from '../../../core/exact/parse.ts';
import { type History, nameOf } from '../../../core/history/history.ts';
import type { KeyResult, Part } from '../judge-keys.ts';

/**
 * What is said of a key of whose values one has more digits than a number keeps: whether it is another one that is close to it
 * nobody knows, as one of the two may have been rounded, here or where it comes from.
 *
 * @cost a look at each name, and where one is such a value, at each row
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

/** Whether a value, as JSON, would be another one if its numbers were numbers. */
const isRounded = (name: string): boolean =>
  !name.startsWith('"') && /[.e]/u.test(name) && canonicalJson(parseJson(name)) !== name;
