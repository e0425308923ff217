import type { Json } from '../../core/json.ts';
import type { Tables } from '../../core/table.ts';

/** What a source has that is made of items. */
export interface Items {
  readonly size: number;
  readonly at: (index: number) => Json;
}

/** Makes the items of a source; `options` were parsed by the syntax of the word. */
export type MakeItems = (options: Json, tables: Tables) => Items;

/** A number in [0, 1) of which a value may draw as many as it needs, by number. */
export type Draw = (number: number) => number;

/** Makes a source of generated values. */
export type MakeGenerator = (options: Json) => (draw: Draw) => Json;
