import type { Cheapest } from './cheapest.ts';
import type { AgentResult, ModeAgentResult } from './agents.ts';
import type { ClockExposure, ConsistencyVerdict } from './finding.ts';
import type { FailureClass } from '../recording/failure.ts';
import type { DataFinding } from './finding.ts';
import type { IterationCounts, ResponseParts, Unmeasured } from '../recording/recording.ts';
import type { RunComparison } from './run-comparison.ts';
import type { Headline, Verdict } from './verdict.ts';
import type { ServeResult } from './serve.ts';
import type { Warning } from './warning.ts';

/** Version of the result document that this build writes. */
export const schemaVersion = 1;

/** The result document: all that a run found, the only input of every reporter. */
export interface Result {
  readonly schemaVersion: number;
  readonly tool: { readonly name: 'contend'; readonly version: string };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly scenario: {
    readonly name: string;
    readonly file: string;
    readonly seed: number;
    /** As planned. */
    readonly rounds: number;
    /** As many were measured where a gate was undecided after those planned; absent: it was not extended. */
    readonly extendedTo?: number;
    readonly control: string;
  };
  readonly machine: { readonly node: string; readonly cpu: string; readonly cores: number; readonly kernel: string };
  readonly modes: readonly ModeResult[];
  /** What contend started itself; absent where it started nothing, and in documents older than this. */
  readonly serves?: readonly ServeResult[];
  /** The machines that it was measured on beside this one; absent where there were none, and in documents older than this. */
  readonly agents?: readonly AgentResult[];
  readonly comparisons: readonly Comparison[];
  /** In the order of the scenario. */
  readonly gates: readonly GateResult[];
  readonly generator: GeneratorResult;
  /** Present where an earlier result was named to compare with: advisory, in no verdict. */
  readonly baseline?: RunComparison;
  /** Present where the run could not be finished or believed: the reason, and how to mend it. */
  readonly invalid?: Invalid;
  /** The sentence people come for. */
  readonly conclusion: string;
  /** Which mode was the cheapest of those that kept the data right. Absent in documents older than this. */
  readonly cheapest?: Cheapest;
  readonly verdict: Verdict;
  /** How it ended, in a word. Absent in documents older than this, as are `reasons`. */
  readonly headline?: Headline;
  /** What made it end so, the weightiest first, each a sentence without its full stop; empty where there is nothing to say. */
  readonly reasons?: readonly string[];
  readonly exitCode: number;
  /** How long the run took, in µs. Absent in documents older than this. */
  readonly tookUs?: number;
}

/** Why a run could not be finished or believed. */
export interface Invalid {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** The last lines of the program that it is about; absent where it is about none, and in documents older than this. */
  readonly output?: readonly string[];
}

/** A version of HTTP, as it is written. */
export type HttpVersion = '1.1' | '2';

/** One mode, all its rounds together. */
export interface ModeResult {
  readonly name: string;
  /** The word of the scenario: `mutex`, `none` … */
  readonly lock: string;
  readonly users: number;
  /** Where their number was changed by hand while it ran, each change; absent: it was not, and in documents older than this. */
  readonly usersChanged?: readonly UsersChanged[];
  /** How many threads shared them; of agents, those of all of them together. */
  readonly workers: number;
  /** What each of the agents did that it was measured on; absent: it was measured on this machine, as in documents older than this. */
  readonly agents?: readonly ModeAgentResult[];
  /** The word of the scenario: `wire` or `undici`. */
  readonly transport: string;
  /** What the target spoke when it was first asked; absent where HTTP/2 was not asked for, so that it is 1.1. */
  readonly httpVersion?: HttpVersion;
  /** False: each request had a connection of its own. Absent in documents older than this, of connections that were kept. */
  readonly keepAlive?: boolean;
  /** `null` with a closed load, which offers as much as the target takes. */
  readonly offered: OfferedLoad | null;
  readonly violations: 'forbidden' | 'allowed';
  readonly differentWorkload: boolean;
  /** Median over rounds of completions inside the window / its length; of an open load at most what was due in it and not dropped. */
  readonly throughputPerSecond: number;
  /** CPU time of the built-in store for each request, in µs: median over rounds; `null` with any other target. */
  readonly storeCpuUs: number | null;
  /** What its target was started as, `serve-1`; absent where contend did not start it, and in documents older than this, as are the next two. */
  readonly serve?: string;
  /** CPU time of a target that contend started, the built-in store too, for each request, in µs: median over rounds; `null` where nobody can tell. */
  readonly targetCpuUs?: number | null;
  /** The same for each iteration that has a response time, with all that its retries cost. Absent in documents older than this. */
  readonly targetCpuIterationUs?: number | null;
  /** The largest sum of the memory of its processes in any round, in bytes, at ten looks a second; `null` where nobody can tell. */
  readonly targetMemoryBytes?: number | null;
  readonly iterations: IterationCounts;
  readonly requests: RequestCounts;
  /** `null` where no consistency model was named. */
  readonly lost: Lost | null;
  readonly failuresByClass: { readonly [failure in FailureClass]?: FailureResult };
  /**
   * Of the warm-ups: iterations that hung beyond them, by why; `aborted` those that were interrupted at the end. Absent where none did,
   * and in documents older than this.
   */
  readonly hung?: { readonly [failure in FailureClass]?: FailureResult };
  readonly attempts: number;
  readonly conflicts: number;
  readonly gaveUp: number;
  /** Requests in attempts that ended in a conflict. */
  readonly wastedRequests: number;
  /** Requests that a step's `retry` sent in place of others. Absent where there were none, and in documents older than this. */
  readonly sentAgain?: number;
  /** `null` where nothing has a response time, and in documents older than this. */
  readonly anatomy: { readonly mean: Anatomy; readonly p99: Anatomy } | null;
  readonly responseTimeUs: TimesResult;
  readonly queueWaitUs: TimesResult;
  readonly sendLagUs: TimesResult;
  readonly serviceTimeUs: TimesResult;
  readonly connectUs: TimesResult;
  /** What the target itself said, in `Server-Timing`, of the requests that told it; absent where none did. */
  readonly server?: { readonly lockWaitUs: TimesResult; readonly queryUs: TimesResult };
  readonly locks: readonly LockResult[];
  /** All locks of the mode together, per critical section and attempt. */
  readonly lockWaitUs: TimesResult;
  readonly lockHoldUs: TimesResult;
  /** Jain index of completions per user, 1/users … 1; `null` where nothing completed, with an open load and with stages. */
  readonly fairness: number | null;
  readonly steps: readonly StepResult[];
  /** Absent where the mode has none, and in documents older than this. */
  readonly groups?: readonly GroupResult[];
  /** Absent where no step has a tag, and in documents older than this. */
  readonly tags?: readonly TagResult[];
  /** Absent where the load has none, and in documents older than this. */
  readonly stages?: readonly StageResult[];
  readonly series: readonly SeriesPoint[];
  readonly slots: readonly SlotResult[];
  /** `null` where no consistency model was named. */
  readonly consistency: ConsistencyResult | null;
}

/** What an open load asked for, and how. */
export interface OfferedLoad {
  /** `even` or `poisson`. */
  readonly arrival: string;
  /** Median over rounds of arrivals that were due inside the window / its length. */
  readonly perSecond: number;
  /** The rate that was asked for; absent with stages, whose rates differ, and in documents older than this. */
  readonly askedPerSecond?: number;
  readonly pacing: 'hybrid' | 'relaxed';
  /** Arrivals that began after the window, although a user was free inside it: the generator could not keep up. */
  readonly late: number;
  /** Arrivals that waited or were in flight as the windows opened, and as they closed, of all slots together; absent in documents older than this. */
  readonly backlog?: { readonly atStart: number; readonly atEnd: number };
}

/** One stage of a mode's load, all rounds together. */
export interface StageResult {
  readonly durationUs: number;
  /** What went evenly from one value to the other: arrivals per second, or users. */
  readonly of: 'rate' | 'users';
  readonly from: number;
  readonly to: number;
  /** Of the iterations that were due in it; with users, that began in it. */
  readonly completed: number;
  readonly failed: number;
  readonly dropped: number;
  readonly responseTimeUs: TimesResult;
}

/** total = Σ byStatus + Σ byError: the measured ones. A server's own count is total + Σ unmeasured. */
export interface RequestCounts {
  readonly total: number;
  readonly byStatus: { readonly [status: string]: number };
  readonly byError: { readonly [failure in FailureClass]?: number };
  /** Sent again after the target had closed the idle connection; counted once in `total`. */
  readonly resent: number;
  /** Received with the answers: head and body with HTTP/1.1, the body with HTTP/2. Absent in documents older than this. */
  readonly bytes?: number;
  readonly unmeasured: Unmeasured;
}

/** Lost updates, of so many acknowledged ones. */
export interface Lost {
  readonly acknowledged: number;
  readonly atLeast: number;
  readonly atMost: number;
}

/** From then on so many users were to be at work. */
export interface UsersChanged {
  /** From 1. */
  readonly round: number;
  /** Since the round's measured part began, to a tenth; below 0 in its warm-up or before. */
  readonly second: number;
  readonly users: number;
}

/** Failed iterations of one class. */
export interface FailureResult {
  readonly count: number;
  readonly example: string;
  /** An answer of each step that failed so, where an answer was the reason. */
  readonly samples?: readonly SampleResult[];
}

/** An answer that failed a check, or had not what was to be captured; secrets masked. */
export interface SampleResult {
  readonly step: string;
  readonly status: number;
  /** As far as the step read them. */
  readonly headers: { readonly [name: string]: string };
  /** The first 300 characters, where the step read it. */
  readonly body: string;
}

/** A histogram as people read it, in whole µs (mean: rounded to 0.1); with `count` 0 all others are 0. */
export interface TimesResult {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly clamped: number;
  /** HdrHistogram V2, compressed, base64. */
  readonly histogram: string;
}

/** One lock of a mode. */
export interface LockResult {
  readonly name: string;
  readonly waitUs: TimesResult;
  readonly holdUs: TimesResult;
  readonly contended: number;
  readonly longestQueue: number;
  /** Leases that ran out while they were held: each a violation of mutual exclusion. */
  readonly lapsed: number;
  /** The longest wait over the median wait, which counts as 1 µs at least; `null` where nobody had to wait. */
  readonly starvation: number | null;
}

/** What a response time was spent on, in µs, added up to `responseUs`: of the mean, or of an iteration as slow as the p99. */
export interface Anatomy extends ResponseParts {
  /** Declared pauses and processing, and the generator's own work. */
  readonly otherUs: number;
}

/** One step's requests. */
export interface StepResult {
  readonly name: string;
  /** `GET` …; absent in documents older than this. */
  readonly method?: string;
  readonly serviceTimeUs: TimesResult;
  readonly requests: number;
}

/** One group's passes. `unfinished`: those that failed or were interrupted, and have no time. */
export interface GroupResult {
  readonly name: string;
  readonly timeUs: TimesResult;
  readonly unfinished: number;
}

/** The requests of all steps that have a tag. */
export interface TagResult {
  readonly name: string;
  /** The steps, by name. */
  readonly steps: readonly string[];
  readonly serviceTimeUs: TimesResult;
  readonly requests: number;
}

/** One second of one round, which count from 1; `null` where no iteration ended in it. */
export interface SeriesPoint {
  readonly round: number;
  readonly second: number;
  readonly completed: number;
  readonly failed: number;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
}

/** The figures of one slot, from which comparisons are recomputed; `round` counts from 1, `position` from 0. `errors`: failed / begun. */
export interface SlotResult {
  readonly round: number;
  readonly position: number;
  readonly throughputPerSecond: number;
  readonly p50Us: number;
  readonly p95Us: number;
  readonly p99Us: number;
  readonly errors: number;
  /** CPU time of the built-in store for each request that it answered, in µs; `null` with any other target. */
  readonly storeCpuUs: number | null;
  /** The same of a target that contend started, the store too; `null` where nobody can tell. Absent in documents older than this, as is the next one. */
  readonly targetCpuUs?: number | null;
  /** The largest sum of the memory of its processes, in bytes; `null` where nobody can tell. */
  readonly targetMemoryBytes?: number | null;
  /** Completions per second in the second half of the window over those in the first; `null` where time did not end it. */
  readonly drift: number | null;
  /** As of the mode. */
  readonly sentAgain?: number;
  /** Response times of iterations, service times of requests, and those of each step. */
  readonly response: SlotTimes;
  readonly service: SlotTimes;
  readonly steps: { readonly [step: string]: SlotTimes };
  /** Absent in documents older than this. */
  readonly requests?: Pick<RequestCounts, 'total' | 'byStatus' | 'byError' | 'bytes'>;
  /** Absent where the mode has none, and in documents older than this. */
  readonly groups?: { readonly [group: string]: SlotTimes };
  /** The same. */
  readonly tags?: { readonly [tag: string]: SlotTimes };
}

/** The percentiles of one slot, in whole µs: what ratios and their intervals are made of. */
export interface SlotTimes {
  readonly count: number;
  /** How many have no time: with as many as lie in a percentile's tail it is not known. */
  readonly missing: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
}

/**
 * Was the data right? `violated`: shown by the findings; `consistent`: an exact check ran over all operations;
 * `no-violation-found`: only necessary conditions could be checked; `not-exercised`: nothing overlapped, so nothing could go wrong, or be seen to;
 * `unknown`: something could not be read, or the check took too long.
 */
export interface ConsistencyResult {
  readonly verdict: ConsistencyVerdict;
  /** The models, joined by `, `. */
  readonly model: string;
  /** What each of them says. */
  readonly checks: readonly ModelCheck[];
  /** Those with the most that is surely wrong first; a hundred at most. */
  readonly findings: readonly Finding[];
  /** How many there are. */
  readonly findingCount: number;
  readonly coverage: {
    readonly keys: number;
    readonly operations: number;
    readonly acknowledged: number;
    readonly unknown: number;
    readonly reads: number;
  };
  readonly exposure: {
    /** Pairs of passes through a critical section on one key, one begun before the other had ended; of holds, acquires that fit into one. */
    readonly overlapping: number;
    /** No violation in so many pairs: with 95 % confidence at most this share of them violates. `null`: none, or some found. */
    readonly atMostShare: number | null;
    /** What the clocks of several machines left open; absent: nothing. */
    readonly clocks?: ClockExposure;
  };
}

/** What one model says of a mode. */
export interface ModelCheck {
  readonly model: string;
  readonly verdict: ConsistencyVerdict;
  readonly because: string | null;
  readonly findingCount: number;
  readonly overlapping: number;
}

/** What is wrong with one key in one round. */
export interface Finding extends DataFinding {
  readonly model: string;
  readonly round: number;
  /** Where a sum does not agree: the value before the load. */
  readonly before?: number;
  /** The final value if every acknowledged change was applied once, whatever became of the unknown ones. */
  readonly expected?: readonly [least: number, most: number];
  readonly after?: number;
  readonly acknowledged?: number;
}

/** One gate, decided or not. `actual` and `limit` in the metric's own unit; `null` where there is none. */
export interface GateResult {
  /** As it was written. */
  readonly text: string;
  /** What it asks about, as in `generator`; absent in documents older than this. */
  readonly metric?: string;
  /** The mode that it names first; absent where it names none, and in documents older than this. */
  readonly mode?: string;
  readonly verdict: Verdict['is'];
  readonly actual: number | null;
  readonly limit: number | null;
  readonly unit: 'µs' | '/s' | 'share' | 'count' | 'B' | 'ratio' | null;
  /** Of a gate that compares modes, the interval of `actual`; `null` for any other, and where there are too few rounds. */
  readonly interval: readonly [low: number, high: number] | null;
  /** What stands behind `actual`: for a gate that compares modes, rounds. */
  readonly samples: number;
  readonly because: string;
}

/** How the generator itself fared: what it says of the target is worth no more than this. */
export interface GeneratorResult {
  /**
   * CPU time of a measuring thread, without that spent waiting for the next arrival, over the measured time, 0 … 1: that
   * of the busiest mode; `null` where nothing was measured.
   */
  readonly cpuShare: number | null;
  readonly eventLoopDelayP99Us: number | null;
  readonly warnings: readonly Warning[];
}

/**
 * A mode beside the control, by the ratio of one metric: paired round by round, on the scale of logarithms.
 *
 * `faster`, `slower`: the interval does not hold 1; `no difference shown`: it lies within 5 % of 1; `inconclusive`: it is too
 * wide to say; `null`: fewer than 6 rounds, which show what happened and prove nothing. Each stands for itself, at its own level.
 */
export interface Comparison {
  readonly mode: string;
  readonly control: string;
  /** `target.cpu.iteration` where the two send unlike numbers of requests for an iteration. `store.cpu` stands in documents older than `target.cpu`. */
  readonly metric:
    | 'throughput'
    | 'p50'
    | 'p95'
    | 'p99'
    | 'service.p50'
    | 'service.p95'
    | 'service.p99'
    | 'target.cpu'
    | 'target.cpu.iteration'
    | 'target.memory'
    | 'store.cpu';
  /** Hodges-Lehmann estimate of mode ÷ control. */
  readonly ratio: number;
  /** The interval of the exact signed-rank test; `null` where there are too few rounds for one. */
  readonly low: number | null;
  readonly high: number | null;
  /** Its confidence: 0.95, or 0.9706 at each of two looks. */
  readonly level: number;
  /** Rounds in which both were measured, with enough samples. */
  readonly rounds: number;
  /** Standard deviation of the paired log ratios: the noise of this machine. `null` for one round. */
  readonly noise: number | null;
  readonly verdict: 'faster' | 'slower' | 'no difference shown' | 'inconclusive' | null;
}
