import type { Axis } from '../sweep/axis.ts';
import type { Find } from '../sweep/plan.ts';
import type { Comparison, GateResult, GeneratorResult, ModeResult, Result } from './result.ts';
import type { Headline, Verdict } from './verdict.ts';

/** What a sweep found: all that it says anywhere. As in a result document, `null` where nothing is known. */
export interface SweepResult extends Pick<
  Result,
  'schemaVersion' | 'tool' | 'startedAt' | 'machine' | 'serves' | 'invalid'
> {
  readonly kind: 'sweep';
  readonly scenario: Pick<Result['scenario'], 'name' | 'file' | 'seed' | 'rounds' | 'control'>;
  readonly axis: Axis;
  /** What was looked for beyond the points; `null`: nothing. */
  readonly find: Find | null;
  /** How far apart the ends of a capacity may be: 0.05 is 5 %. */
  readonly width: number;
  /** Rising. */
  readonly points: readonly PointResult[];
  /** Of an axis of users or workers, mode by mode. */
  readonly scaling: readonly ScalingResult[];
  /** All pairs of modes; none with a search for capacity. */
  readonly crossings: readonly CrossingResult[];
  /** With a search for capacity, of each mode that has a gate. */
  readonly capacity: readonly CapacityResult[];
  /** On the sweep itself; those at a point are the point's. */
  readonly gates: readonly GateResult[];
  /** What was cut to fit a budget, a sentence; absent: nothing was. */
  readonly cut?: string;
  readonly conclusion: string;
  readonly headline: Headline;
  readonly reasons: readonly string[];
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly tookUs: number;
}

/** All modes at one value of the axis, judged as a run of them is. */
export interface PointResult {
  readonly at: number;
  /** 0: the grid; 1 and 2: where it was refined. Of a search for capacity 0. */
  readonly stage: number;
  readonly modes: readonly ModeResult[];
  readonly comparisons: readonly Comparison[];
  /** How sure the figures of each mode are. Absent in documents older than this. */
  readonly intervals?: readonly LevelInterval[];
  /** Facts of the point, in no exit code. */
  readonly gates: readonly GateResult[];
  readonly generator: GeneratorResult;
  /** Modes that are in no law, no peak and no crossing here, and why. */
  readonly dropped: readonly DroppedMode[];
}

/** What a mode's figure is at a point, over its rounds; none where some round lacks it, or there are too few of them. */
export interface LevelInterval {
  readonly mode: string;
  readonly metric: 'throughput' | 'p50' | 'p95' | 'p99';
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** A mode that says nothing of the target at a point. */
export interface DroppedMode {
  readonly mode: string;
  /** `SATURATED`, `ERRORS` … */
  readonly code: string;
  readonly because: string;
}

/** An estimate between two ends; `high` `null`: it has no upper end. */
export interface Ends {
  readonly estimate: number;
  readonly low: number;
  readonly high: number | null;
}

/** How a mode grows with its users or workers. */
export interface ScalingResult {
  readonly mode: string;
  /** Without any law: the point with the highest throughput, and the first and last that are not shown to be slower. */
  readonly peak: { readonly best: number; readonly from: number; readonly to: number; readonly falls: boolean };
  readonly law: LawResult;
  /** One over the mean hold of the mode's one lock, per second: it cannot complete more. `null` where it has no such lock. */
  readonly ceilingPerSecond: number | null;
}

/** The Universal Scalability Law, as far as it is to be believed. */
export interface LawResult {
  readonly verdict: 'fits' | 'rough' | 'rejected' | 'too few points';
  /** How likely points would lie so far from it if it held. */
  readonly p: number | null;
  /** The point farthest from it, and by which share of what was measured. */
  readonly worst: { readonly at: number; readonly share: number } | null;
  /** With intervals where the law fits; where it is only rough, without. */
  readonly gamma: Partial<Ends> | null;
  readonly sigma: Partial<Ends> | null;
  readonly kappa: Partial<Ends> | null;
  /** Told where the law fits and a fall is shown. */
  readonly peak: Ends | null;
}

/** How two modes lie to each other over the axis. */
export interface CrossingResult {
  readonly mode: string;
  readonly control: string;
  readonly metric: Comparison['metric'];
  readonly kind: 'crossing' | 'one side' | 'several' | 'no difference shown';
  /** Of one side: what the mode is wherever a difference is shown. */
  readonly verdict: 'faster' | 'slower' | null;
  /** The brackets: one of a crossing, several of several. */
  readonly brackets: readonly CrossingBracket[];
  /** Points at which no difference is shown: of a crossing those between its ends. */
  readonly ties: readonly number[];
  /** Where the two are about level, for the eye: it has no interval. */
  readonly about: number | null;
}

/** Between these two points one mode overtakes the other; what the mode is at each is shown. */
export interface CrossingBracket {
  readonly below: number;
  readonly above: number;
  /** What the mode is from `above` on. */
  readonly becomes: 'faster' | 'slower';
}

/** Whose limit a search ran into: the target's, that of the users who bound what is in flight, or the generator's own. */
export type Limit = 'target' | 'users' | 'generator';

/**
 * What ended a search. `width`: the bracket is narrow; `axis`: the highest value still keeps the gates; `from`: the lowest does not;
 * `generator`: contend can offer no more; `violated`: the data went wrong; `recovery`: the target did not come back to itself;
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
  /** Why the last that did not keep did not; `null`: all did. */
  readonly because: string | null;
}

/** What is known of the highest load that a mode keeps its gates at. */
export interface Capacity {
  /** The highest load that is shown to be kept; `null`: none is. */
  readonly keeps: number | null;
  /** The lowest that is shown not to be; `null`: none is. */
  readonly fails: number | null;
  /** Loads between the two whose slots disagree. */
  readonly undecided: readonly number[];
  readonly endedBy: EndedBy;
  /** Whose limit the search ran into; `null`: nobody's, or the data's. With `generator` `fails` is `null`: what the target can do beyond is unknown. */
  readonly limit: Limit | null;
  /** Rising. */
  readonly probes: readonly Probed[];
}

/** The highest load at which a mode keeps its gates. */
export interface CapacityResult extends Capacity {
  readonly mode: string;
  /** The gates that it was held against. */
  readonly gates: readonly string[];
  /** Whether wrong data could have shown up to `keeps`; `null` where nobody asked. */
  readonly exercised: boolean | null;
}
