import type { Cheapest, Drawback } from './cheapest.ts';
import { fields, list, number, oneOf, optional, text, type Fields } from './shape.ts';

/** Which mode was the cheapest, and what speaks against it. */
export const cheapest = fields({
  is: oneOf('one', 'level', 'only', 'none', 'open'),
  modes: list(text),
  drawbacks: optional(
    list(
      fields({
        metric: oneOf('p99', 'failed', 'wasted'),
        value: number,
        than: optional(text),
      } satisfies Fields<Drawback>),
    ),
  ),
} satisfies Fields<Cheapest>);
