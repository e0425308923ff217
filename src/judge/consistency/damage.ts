import { type History, ok, operations } from '../../core/history/history.ts';
import type { DataFinding } from '../../core/result/finding.ts';
import type { Wrong } from '../../core/result/result.ts';
import type { ModelName } from './model-names.ts';

/** Models whose rules count grants: giving something back cannot break those. */
const ofHolds: { readonly [model: string]: true } = { allocation: true, mutex: true };

const codes = Object.fromEntries(operations.map((name, at) => [name, at]));
const noChange = new Set(['read', 'section', 'element', 'release'].map((name) => codes[name]!));

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, one) => all + one, 0);

/**
 * By key, the number of acknowledged operations that a finding there can be about: for holds the grants, for everything else the changes.
 *
 * @param from the first row that counts
 */
export const acknowledgedByKey = (
  { f, key, keys, length, status }: History,
  model: ModelName,
  from: number,
): ReadonlyMap<string, number> => {
  const counts = new Uint32Array(keys.length);
  const isOfHolds = Object.hasOwn(ofHolds, model);
  for (let row = from; row < length; row++)
    if (status[row] === ok && (isOfHolds ? f[row] === codes['acquire'] : !noChange.has(f[row]!))) counts[key[row]!]!++;
  return new Map(keys.map((name, at) => [name, counts[at]!]));
};

/** Adds to each finding the number of operations on its key that could be wrong; transfers are judged all together. */
export const withAcknowledged = (
  findings: readonly DataFinding[],
  acknowledged: ReadonlyMap<string, number>,
  model: ModelName,
): readonly DataFinding[] =>
  findings.map((finding) => {
    const ofKey = model === 'transfer' ? sum(acknowledged.values()) : (acknowledged.get(finding.key) ?? 0);
    return finding.atLeast > ofKey || finding.asked !== undefined ? finding : { ...finding, acknowledged: ofKey };
  });

/** The least number of grants that were wrong, of all; `undefined` if the model has no grants. For each key its worst finding counts. */
export const wrongGrants = (
  findings: readonly DataFinding[],
  acknowledged: ReadonlyMap<string, number>,
  model: ModelName,
): Wrong | undefined => {
  if (!Object.hasOwn(ofHolds, model)) return undefined;
  const byKey = new Map<string, number>();
  for (const { key, atLeast } of findings) byKey.set(key, Math.max(atLeast, byKey.get(key) ?? 0));
  return { atLeast: sum(byKey.values()), of: sum(acknowledged.values()) };
};
