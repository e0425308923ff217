/** What JSON can say: what a plan, a job and a recording are made of, so that each crosses a thread or a queue unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A member of a family as the scenario chose it, `mutex` or `{ zipf: 1.1 }`; its options were parsed by that family's syntax. */
export interface Choice {
  readonly name: string;
  readonly options: Json;
}

/**
 * A value as JSON with the keys of every object in order: the same text for what says the same.
 *
 * @cost that of JSON.stringify, but for objects, which are copied
 */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, typeof value === 'object' && value !== null ? inOrder : undefined) ?? 'null';

const inOrder = (_key: string, value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
