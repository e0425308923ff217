/**
 * What JSON can say: what a plan, a job and a recording are made of, so that each crosses a thread or a queue unchanged. A whole
 * number beyond 2^53 is a `bigint`: `exact/` reads and writes it.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [key: string]: Json };

/** A member of a family as the scenario chose it, `mutex` or `{ zipf: 1.1 }`; its options were parsed by that family's syntax. */
export interface Choice {
  readonly name: string;
  readonly options: Json;
}
