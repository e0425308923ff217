import { type ClockExposure, consistencyVerdicts, type Asked, type FindingOperation, type Sold } from './finding.ts';
import type * as result from './result.ts';
import { anything, fields, list, maybe, number, oneOf, optional, text, type Fields, type Shape } from './shape.ts';

const found = fields({
  letter: text,
  session: number,
  f: text,
  status: oneOf('ok', 'fail', 'info'),
  call: number,
  ret: maybe(number),
  value: optional(anything),
  operand: optional(anything),
  version: optional(anything),
  agent: optional(number),
  epsilonNs: optional(number),
} satisfies Fields<FindingOperation>);

const consistencyVerdict = oneOf(...consistencyVerdicts);

/** What a result document must have of the verdict on a mode's data; what older ones do not have yet is optional. */
export const consistencyShape: Shape = fields({
  verdict: consistencyVerdict,
  model: text,
  checks: optional(
    list(
      fields({
        model: text,
        verdict: consistencyVerdict,
        because: maybe(text),
        findingCount: number,
        overlapping: number,
      } satisfies Fields<result.ModelCheck>),
    ),
  ),
  findings: list(
    fields({
      model: optional(text),
      rule: text,
      evidence: optional(oneOf('clock-free', 'session', 'same-host', 'bounded-clocks')),
      round: number,
      key: text,
      operations: optional(list(found)),
      because: optional(list(text)),
      before: optional(number),
      expected: optional(list(number)),
      after: optional(number),
      acknowledged: optional(number),
      atLeast: number,
      atMost: maybe(number),
      sold: optional(fields({ granted: number, of: number } satisfies Fields<Sold>)),
      asked: optional(fields({ broken: number, of: number } satisfies Fields<Asked>)),
    } satisfies Fields<result.Finding>),
  ),
  findingCount: optional(number),
  wrong: optional(fields({ atLeast: number, of: number } satisfies Fields<result.Wrong>)),
  coverage: fields({
    keys: number,
    operations: optional(number),
    acknowledged: number,
    unknown: number,
    reads: optional(number),
  } satisfies Fields<result.ConsistencyResult['coverage']>),
  exposure: optional(
    fields({
      overlapping: number,
      atMostShare: maybe(number),
      clocks: optional(
        fields({ errorNs: maybe(number), pairs: number, onlyByError: number } satisfies Fields<ClockExposure>),
      ),
    } satisfies Fields<result.ConsistencyResult['exposure']>),
  ),
} satisfies Fields<result.ConsistencyResult>);
