import type * as runs from './run-comparison.ts';
import { fields, list, maybe, number, oneOf, text, type Fields } from './shape.ts';

const run = fields({ startedAt: text, toolVersion: text, rounds: number } satisfies Fields<runs.RunFacts>);

/** The shape of a run beside an earlier one, in a document. */
export const baseline = fields({
  scenario: text,
  control: text,
  differences: list(text),
  before: run,
  after: run,
  level: number,
  changes: list(
    fields({
      mode: text,
      metric: text,
      unit: oneOf('/s', 'µs', 'B'),
      before: number,
      after: number,
      ratio: maybe(number),
      low: maybe(number),
      high: maybe(number),
      change: oneOf('faster', 'slower', 'not shown', null),
    } satisfies Fields<runs.MetricChange>),
  ),
  onlyBefore: list(text),
  onlyAfter: list(text),
} satisfies Fields<runs.RunComparison>);
