import type { History } from './history.ts';

/**
 * The rows of each key, in their order: at place k those of `keys[k]`. Parts of one array.
 *
 * Counting sort: two passes over `key`, 4 bytes a row.
 */
export const rowsByKey = ({ length, key, keys }: History): readonly Uint32Array[] => {
  // ends[k]: where the next row of key k goes; after the second pass, where its rows end.
  const ends = new Uint32Array(keys.length + 1);
  for (let row = 0; row < length; row++) ends[key[row]! + 1]!++;
  for (let k = 1; k <= keys.length; k++) ends[k]! += ends[k - 1]!;
  const rows = new Uint32Array(length);
  for (let row = 0; row < length; row++) rows[ends[key[row]!]!++] = row;
  return keys.map((_, k) => rows.subarray(k === 0 ? 0 : ends[k - 1], ends[k]));
};
