import type { Axis } from '../sweep/axis.ts';
import type { Find } from '../sweep/plan.ts';
import type { Comparison, GateResult, GeneratorResult, ModeResult, Result } from './result.ts';
import type { Headline, Verdict } from './verdict.ts';

/** The result of a sweep. As in a result document, `null` means unknown. */
export interface SweepResult extends Pick<
  Result,
  'schemaVersion' | 'tool' | 'startedAt' | 'machine' | 'serves' | 'invalid'
> {
  readonly kind: 'sweep';
  readonly scenario: Pick<Result['scenario'], 'name' | 'file' | 'seed' | 'rounds' | 'control'>;
  readonly axis: Axis;
  /** What it searched for beyond the points; `null`: nothing. */
  readonly find: Find | null;
  /** How far apart the ends of a capacity may be: 0.05 is 5 %. */
  readonly width: number;
  /** In ascending order. */
  readonly points: readonly PointResult[];
  /** For an axis of users or workers, mode by mode. */
  readonly scaling: readonly ScalingResult[];
  /** All pairs of modes; none for a search for capacity. */
  readonly crossings: readonly CrossingResult[];
  /** For a search for capacity: each mode that has a gate. */
  readonly capacity: readonly CapacityResult[];
  /** Gates on the sweep itself; those at a point are in the point. */
  readonly gates: readonly GateResult[];
  /** A sentence about what was cut to fit a budget; absent: nothing. */
  readonly cut?: string;
  readonly conclusion: string;
  readonly headline: Headline;
  readonly reasons: readonly string[];
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly tookUs: number;
}

/** All modes at one value of the axis, judged like a run. */
export interface PointResult {
  readonly at: number;
  /** 0: the grid; 1 and 2: refined points. 0 in a search for capacity. */
  readonly stage: number;
  readonly modes: readonly ModeResult[];
  readonly comparisons: readonly Comparison[];
  /** How precise each mode's figures are. Absent in older documents. */
  readonly intervals?: readonly LevelInterval[];
  /** Facts about the point; they affect no exit code. */
  readonly gates: readonly GateResult[];
  readonly generator: GeneratorResult;
  /** Modes that are left out of every law, peak and crossing here, and why. */
  readonly dropped: readonly DroppedMode[];
}

/** A mode's figure at a point over its rounds; none if a round lacks it, or if there are too few rounds. */
export interface LevelInterval {
  readonly mode: string;
  readonly metric: 'throughput' | 'p50' | 'p95' | 'p99';
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** A mode whose figures say nothing about the target at a point. */
export interface DroppedMode {
  readonly mode: string;
  /** `SATURATED`, `ERRORS` … */
  readonly code: string;
  readonly because: string;
}

/** An estimate with its two ends; `high` `null`: no upper end. */
export interface Ends {
  readonly estimate: number;
  readonly low: number;
  readonly high: number | null;
}

/** How a mode scales with its users or workers. */
export interface ScalingResult {
  readonly mode: string;
  /** Without any law: the point with the highest throughput, and the first and last point not shown to be slower. */
  readonly peak: { readonly best: number; readonly from: number; readonly to: number; readonly falls: boolean };
  readonly law: LawResult;
  /** One over the hold time of the mode's only lock per completed iteration, per second; the median of the points. `null` if it has no such lock. */
  readonly ceilingPerSecond: number | null;
}

/** The Universal Scalability Law, as far as it can be believed. */
export interface LawResult {
  readonly verdict: 'fits' | 'rough' | 'rejected' | 'too few points';
  /** How likely the points would lie this far from the law if it held. */
  readonly p: number | null;
  /** The point farthest from it, and by which share of the measured value. */
  readonly worst: { readonly at: number; readonly share: number } | null;
  /** With intervals if the law fits; without if it is only rough. */
  readonly gamma: Partial<Ends> | null;
  readonly sigma: Partial<Ends> | null;
  readonly kappa: Partial<Ends> | null;
  /** Present if the law fits and a fall is shown. */
  readonly peak: Ends | null;
}

/** How two modes compare over the axis. */
export interface CrossingResult {
  readonly mode: string;
  readonly control: string;
  readonly metric: Comparison['metric'];
  readonly kind: 'crossing' | 'one side' | 'several' | 'no difference shown';
  /** For `one side`: what the mode is wherever a difference is shown. */
  readonly verdict: 'faster' | 'slower' | null;
  /** The brackets: one for a crossing, more for several. */
  readonly brackets: readonly CrossingBracket[];
  /** Points at which no difference is shown; for a crossing, those between its ends. */
  readonly ties: readonly number[];
  /** Where the two are about level, for the eye only: it has no interval. */
  readonly about: number | null;
}

/** Between these two points one mode overtakes the other; the state at each end is shown. */
export interface CrossingBracket {
  readonly below: number;
  readonly above: number;
  /** What the mode is from `above` on. */
  readonly becomes: 'faster' | 'slower';
}

/** Whose limit a search ran into: the target's, that of the users who bound what is in flight, or the generator's own. */
export type Limit = 'target' | 'users' | 'generator';

/**
 * Why a search ended. `width`: the bracket is narrow; `axis`: the highest value still keeps the gates; `from`: the lowest does not;
 * `generator`: contend cannot offer more; `violated`: the data went wrong; `recovery`: the target did not recover;
 * `undecided`: slots of one load disagree; the others: it was cut short.
 */
export type EndedBy =
  | 'width'
  | 'axis'
  | 'from'
  | 'generator'
  | 'violated'
  | 'recovery'
  | 'undecided'
  | 'budget'
  | 'interrupted'
  | 'invalid';

/** All slots of one load. */
export interface Probed {
  readonly at: number;
  readonly passes: number;
  readonly failures: number;
  readonly undecided: number;
  /** How many of the failures say nothing of the target, as contend itself was late or full. Absent in older documents. */
  readonly spoiled?: number;
  /** Why the last slot that failed did; `null`: none failed. */
  readonly because: string | null;
}

/** What is known about the highest load at which a mode keeps its gates. */
export interface Capacity {
  /** The highest load shown to be kept; `null`: none. */
  readonly keeps: number | null;
  /** The lowest load shown not to be kept; `null`: none. */
  readonly fails: number | null;
  /** Loads between the two whose slots disagree. */
  readonly undecided: readonly number[];
  readonly endedBy: EndedBy;
  /** Whose limit the search ran into; `null`: no one's, or the data's. With `generator`, `fails` is `null`: what the target can do beyond is unknown. */
  readonly limit: Limit | null;
  /** In ascending order. */
  readonly probes: readonly Probed[];
}

/** The highest load at which a mode keeps its gates. */
export interface CapacityResult extends Capacity {
  readonly mode: string;
  /** The gates that it must keep. */
  readonly gates: readonly string[];
  /** Whether wrong data could have shown up to `keeps`; `null` without a consistency model. */
  readonly exercised: boolean | null;
  /** What the target was seen to serve before the search began; absent: that was not looked at. */
  readonly served?: Served;
}

/** How much users back to back had completed, in a look of a few seconds that is not judged. */
export interface Served {
  readonly perSecond: number;
  readonly users: number;
  /** Whether more users would have got no more: they waited for each other. */
  readonly isMost: boolean;
}
