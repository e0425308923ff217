import type { Json } from '../../core/json.ts';
import type { Tables } from '../../core/table.ts';

/** What a source made of items has. */
export interface Items {
  readonly size: number;
  readonly at: (index: number) => Json;
}

/** Makes the items of a source; `options` were parsed by the syntax of the word. */
export type MakeItems = (options: Json, tables: Tables) => Items;

/** A number in [0, 1), by number: a value may draw any number of them. */
export type Draw = (number: number) => number;

/** Makes a source of generated values. */
export type MakeGenerator = (options: Json) => (draw: Draw) => Json;
