import type { GateResult } from '../../core/result/result.ts';
import type { CapacityResult, ScalingResult } from '../../core/result/sweep.ts';
import type { SweepGate } from '../../core/sweep/plan.ts';

/** What gates on a sweep are checked against. */
export interface SweptFacts {
  readonly scaling: readonly ScalingResult[];
  readonly capacity: readonly CapacityResult[];
  /** How many values of the axis a peak rests on. */
  readonly points: number;
}

type Decision = Pick<GateResult, 'verdict' | 'because'>;

/**
 * Checks each gate on a sweep against what is shown, and fails closed: between the ends of an interval nothing is decided.
 *
 * @param doubt why nothing can be decided, such as "the sweep is not over"
 */
export const judgeSweepGates = (
  gates: readonly SweepGate[],
  facts: SweptFacts,
  doubt: string | undefined,
): readonly GateResult[] =>
  gates.map((gate) => {
    const { actual, limit, samples, ...decision } = gate.metric === 'peak' ? peak(gate, facts) : capacity(gate, facts);
    const isRatio = typeof gate.atLeast !== 'number';
    return {
      text: gate.text,
      metric: gate.metric,
      mode: gate.mode,
      unit: isRatio ? 'ratio' : 'count',
      interval: null,
      actual,
      limit,
      samples,
      ...decision,
      ...(doubt === undefined
        ? {}
        : { verdict: 'undecided' as const, because: `${doubt}, so this proves nothing: ${decision.because}` }),
    };
  });

type Judged = Decision & Pick<GateResult, 'actual' | 'limit' | 'samples'>;

const unmeasured = { verdict: 'undecided', actual: null, samples: 0 } as const;

const peak = ({ mode, atLeast }: SweepGate, { scaling, points }: SweptFacts): Judged => {
  const limit = atLeast as number;
  const found = scaling.find((one) => one.mode === mode);
  if (found === undefined) return { ...unmeasured, limit, because: `nothing is known of ${mode}` };
  const { best, from, to, falls } = found.peak;
  const where = from === to ? `at ${from}` : `between ${from} and ${to}`;
  const said = { actual: best, limit, samples: points };
  if (from >= limit) return { ...said, verdict: 'pass', because: `it peaks ${where}, which is not before ${limit}` };
  if (to < limit && falls)
    return { ...said, verdict: 'fail', because: `it peaks ${where}, before ${limit}, and falls behind it` };
  const open = to < limit ? `it is highest ${where}, and no fall behind it is shown` : `it peaks ${where}`;
  return { ...said, verdict: 'undecided', because: `${open}: ${limit} may be before that or not` };
};

const capacity = ({ mode, atLeast }: SweepGate, facts: SweptFacts): Judged => {
  const own = facts.capacity.find((one) => one.mode === mode);
  const samples = own === undefined ? 0 : slotsOf(own);
  const limit = typeof atLeast === 'number' ? atLeast : atLeast.times;
  if (own === undefined)
    return { ...unmeasured, limit, because: `${mode} has no gate of its own, so its capacity was not looked for` };
  if (typeof atLeast === 'number') {
    const said = { actual: own.keeps, limit, samples };
    if (own.keeps !== null && own.keeps >= limit) return { ...said, verdict: 'pass', because: `it keeps ${own.keeps}` };
    if (own.fails !== null && own.fails <= limit)
      return { ...said, verdict: 'fail', because: `it fails at ${own.fails}` };
    return { ...said, verdict: 'undecided', because: `${endsText(own)}: ${limit} lies between` };
  }
  const other = facts.capacity.find((one) => one.mode === atLeast.mode);
  if (other === undefined)
    return {
      ...unmeasured,
      limit,
      because: `${atLeast.mode} has no gate of its own, so its capacity was not looked for`,
    };
  const { times } = atLeast;
  const because = `${mode} ${endsText(own)}, ${atLeast.mode} ${endsText(other)}`;
  const actual = own.keeps === null || other.keeps === null ? null : own.keeps / other.keeps;
  const said = { actual, limit, samples: Math.min(samples, slotsOf(other)), because };
  if (own.keeps !== null && other.fails !== null && own.keeps >= times * other.fails)
    return { ...said, verdict: 'pass' };
  if (own.fails !== null && other.keeps !== null && own.fails < times * other.keeps)
    return { ...said, verdict: 'fail' };
  return { ...said, verdict: 'undecided' };
};

const slotsOf = ({ probes }: CapacityResult): number =>
  probes.reduce((sum, { passes, failures, undecided }) => sum + passes + failures + undecided, 0);

/** `keeps 185 and fails 195` */
const endsText = ({ keeps, fails }: CapacityResult): string => {
  const ends = [...(keeps === null ? [] : [`keeps ${keeps}`]), ...(fails === null ? [] : [`fails at ${fails}`])];
  return ends.length === 0 ? 'is not known to keep or fail anything' : ends.join(' and ');
};
