import { pieces } from './result-shape.ts';
import { serve } from './serve-shape.ts';
import {
  anything,
  fields,
  kind,
  list,
  maybe,
  number,
  oneOf,
  optional,
  text,
  type Fields,
  type Shape,
} from './shape.ts';
import type * as sweep from './sweep.ts';
import { headlines } from './verdict.ts';

const ends = maybe(fields({ estimate: optional(number), low: optional(number), high: optional(maybe(number)) }));

const law = fields({
  verdict: oneOf('fits', 'rough', 'rejected', 'too few points'),
  p: maybe(number),
  worst: maybe(fields({ at: number, share: number })),
  gamma: ends,
  sigma: ends,
  kappa: ends,
  peak: maybe(fields({ estimate: number, low: number, high: maybe(number) } satisfies Fields<sweep.Ends>)),
} satisfies Fields<sweep.LawResult>);

const point = fields({
  at: number,
  stage: number,
  modes: list(pieces.mode),
  comparisons: list(pieces.comparison),
  intervals: optional(
    list(
      fields({
        mode: text,
        metric: oneOf('throughput', 'p50', 'p95', 'p99'),
        estimate: number,
        low: number,
        high: number,
      } satisfies Fields<sweep.LevelInterval>),
    ),
  ),
  gates: list(pieces.gate),
  generator: pieces.generator,
  dropped: list(fields({ mode: text, code: text, because: text } satisfies Fields<sweep.DroppedMode>)),
} satisfies Fields<sweep.PointResult>);

/** What the document of a sweep must have. */
export const sweepShape: Shape = fields({
  schemaVersion: number,
  kind: oneOf('sweep'),
  tool: pieces.tool,
  startedAt: text,
  scenario: fields({ name: text, file: text, seed: number, rounds: number, control: text }),
  machine: pieces.machine,
  serves: optional(list(serve)),
  invalid: optional(pieces.invalid),
  axis: fields({ kind: oneOf('users', 'rate', 'workers', 'keys', 'skew'), name: text, values: list(number) }),
  find: oneOf('crossing', 'capacity', null),
  width: number,
  points: list(point),
  scaling: list(
    fields({
      mode: text,
      peak: fields({ best: number, from: number, to: number, falls: kind('boolean') }),
      law,
      ceilingPerSecond: maybe(number),
    } satisfies Fields<sweep.ScalingResult>),
  ),
  crossings: list(
    fields({
      mode: text,
      control: text,
      metric: text,
      kind: oneOf('crossing', 'one side', 'several', 'no difference shown'),
      verdict: oneOf('faster', 'slower', null),
      brackets: list(
        fields({
          below: number,
          above: number,
          becomes: oneOf('faster', 'slower'),
        } satisfies Fields<sweep.CrossingBracket>),
      ),
      ties: list(number),
      about: maybe(number),
    } satisfies Fields<sweep.CrossingResult>),
  ),
  capacity: list(
    fields({
      mode: text,
      gates: list(text),
      keeps: maybe(number),
      fails: maybe(number),
      undecided: list(number),
      endedBy: text,
      limit: oneOf('target', 'users', 'generator', null),
      exercised: anything,
      probes: list(
        fields({
          at: number,
          passes: number,
          failures: number,
          undecided: number,
          spoiled: optional(number),
          because: maybe(text),
        }),
      ),
      served: optional(fields({ perSecond: number, users: number, isMost: kind('boolean') })),
    } satisfies Fields<sweep.CapacityResult>),
  ),
  gates: list(pieces.gate),
  cut: optional(text),
  conclusion: text,
  headline: oneOf(...headlines),
  reasons: list(text),
  verdict: fields({ is: pieces.verdict, because: text }),
  exitCode: number,
  tookUs: number,
} satisfies Fields<sweep.SweepResult>);
