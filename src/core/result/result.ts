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

/** The result document: everything that a run found, and the only input of every reporter. */
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
    /** How many were measured, if the run was extended because a gate was undecided; absent: not extended. */
    readonly extendedTo?: number;
    readonly control: string;
  };
  readonly machine: { readonly node: string; readonly cpu: string; readonly cores: number; readonly kernel: string };
  readonly modes: readonly ModeResult[];
  /** What contend started itself; absent if it started nothing, and in older documents. */
  readonly serves?: readonly ServeResult[];
  /** The other machines that measured; absent if there were none, and in older documents. */
  readonly agents?: readonly AgentResult[];
  readonly comparisons: readonly Comparison[];
  /** In the order of the scenario. */
  readonly gates: readonly GateResult[];
  readonly generator: GeneratorResult;
  /** Present if an earlier result was named for comparison; advisory, part of no verdict. */
  readonly baseline?: RunComparison;
  /** Present if the run could not be finished or believed: the reason, and what to do about it. */
  readonly invalid?: Invalid;
  /** The conclusion in one sentence. */
  readonly conclusion: string;
  /** Which mode was the cheapest of those that kept the data right. Absent in older documents. */
  readonly cheapest?: Cheapest;
  readonly verdict: Verdict;
  /** How the run ended, in one word. Absent in older documents, as are `reasons`. */
  readonly headline?: Headline;
  /** Why it ended so, most important first, each a sentence without its full stop; may be empty. */
  readonly reasons?: readonly string[];
  readonly exitCode: number;
  /** How long the run took, in µs. Absent in older documents. */
  readonly tookUs?: number;
}

/** Why a run could not be finished or believed. */
export interface Invalid {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** The last lines of the program in question; absent if there is none, and in older documents. */
  readonly output?: readonly string[];
}

/** A version of HTTP, as written. */
export type HttpVersion = '1.1' | '2';

/** One mode, over all its rounds. */
export interface ModeResult {
  readonly name: string;
  /** The word in the scenario: `mutex`, `none` … */
  readonly lock: string;
  readonly users: number;
  /** Each change, if the number was changed by hand during the run; absent otherwise, and in older documents. */
  readonly usersChanged?: readonly UsersChanged[];
  /** How many threads shared them; with agents, the threads of all of them. */
  readonly workers: number;
  /** What each agent did, if agents measured the mode; absent if this machine did, and in older documents. */
  readonly agents?: readonly ModeAgentResult[];
  /** The word in the scenario: `wire` or `undici`. */
  readonly transport: string;
  /** The version that the target spoke at first; absent if HTTP/2 was not asked for, which means 1.1. */
  readonly httpVersion?: HttpVersion;
  /** False: each request had its own connection. Absent in older documents, whose connections were kept. */
  readonly keepAlive?: boolean;
  /** `null` for a closed load, which offers as much as the target takes. */
  readonly offered: OfferedLoad | null;
  readonly violations: 'forbidden' | 'allowed';
  readonly differentWorkload: boolean;
  /** Median over rounds of completions inside the window / its length; for an open load at most what was due in it and not dropped. */
  readonly throughputPerSecond: number;
  /** CPU time of the built-in store for each request, in µs: median over rounds; `null` with any other target. */
  readonly storeCpuUs: number | null;
  /** The name of its started target, `serve-1`; absent if contend did not start it, and in older documents, like the next two. */
  readonly serve?: string;
  /** CPU time per request of a target that contend started, including the built-in store, in µs: median over rounds; `null` if unknown. */
  readonly targetCpuUs?: number | null;
  /** The same per iteration that has a response time, including the cost of its retries. Absent in older documents. */
  readonly targetCpuIterationUs?: number | null;
  /** The largest sum of the memory of its processes in any round, in bytes, sampled ten times a second; `null` if unknown. */
  readonly targetMemoryBytes?: number | null;
  readonly iterations: IterationCounts;
  readonly requests: RequestCounts;
  /** `null` without a consistency model. */
  readonly lost: Lost | null;
  readonly failuresByClass: { readonly [failure in FailureClass]?: FailureResult };
  /**
   * Iterations of the warm-ups that hung beyond them, by reason; `aborted` counts those interrupted at the end. Absent if there were none,
   * and in older documents.
   */
  readonly hung?: { readonly [failure in FailureClass]?: FailureResult };
  readonly attempts: number;
  readonly conflicts: number;
  readonly gaveUp: number;
  /** Requests in attempts that ended in a conflict. */
  readonly wastedRequests: number;
  /** Requests that a step's `retry` sent again. Absent if there were none, and in older documents. */
  readonly sentAgain?: number;
  /** `null` if nothing has a response time, and in older documents. */
  readonly anatomy: { readonly mean: Anatomy; readonly p99: Anatomy } | null;
  readonly responseTimeUs: TimesResult;
  readonly queueWaitUs: TimesResult;
  readonly sendLagUs: TimesResult;
  readonly serviceTimeUs: TimesResult;
  readonly connectUs: TimesResult;
  /** What the target's `Server-Timing` said, over the requests that had it; absent if none had. */
  readonly server?: { readonly lockWaitUs: TimesResult; readonly queryUs: TimesResult };
  readonly locks: readonly LockResult[];
  /** All locks of the mode together, per critical section and attempt. */
  readonly lockWaitUs: TimesResult;
  readonly lockHoldUs: TimesResult;
  /** Jain index of completions per user, 1/users … 1; `null` if nothing completed, with an open load and with stages. */
  readonly fairness: number | null;
  readonly steps: readonly StepResult[];
  /** Absent if the mode has none, and in older documents. */
  readonly groups?: readonly GroupResult[];
  /** Absent if no step has a tag, and in older documents. */
  readonly tags?: readonly TagResult[];
  /** Absent if the load has none, and in older documents. */
  readonly stages?: readonly StageResult[];
  readonly series: readonly SeriesPoint[];
  readonly slots: readonly SlotResult[];
  /** `null` without a consistency model. */
  readonly consistency: ConsistencyResult | null;
}

/** What an open load offered, and how. */
export interface OfferedLoad {
  /** `even` or `poisson`. */
  readonly arrival: string;
  /** Median over rounds of arrivals that were due inside the window / its length. */
  readonly perSecond: number;
  /** The requested rate; absent with stages, whose rates differ, and in older documents. */
  readonly askedPerSecond?: number;
  readonly pacing: 'hybrid' | 'relaxed';
  /** Arrivals that began after the window, although a user was free inside it: the generator could not keep up. */
  readonly late: number;
  /** Arrivals waiting or in flight when the windows opened, and when they closed, over all slots; absent in older documents. */
  readonly backlog?: { readonly atStart: number; readonly atEnd: number };
}

/** One stage of a mode's load, all rounds together. */
export interface StageResult {
  readonly durationUs: number;
  /** What changed evenly from one value to the other: arrivals per second, or users. */
  readonly of: 'rate' | 'users';
  readonly from: number;
  readonly to: number;
  /** For the iterations that were due in it; with users, that began in it. */
  readonly completed: number;
  readonly failed: number;
  readonly dropped: number;
  readonly responseTimeUs: TimesResult;
}

/** total = Σ byStatus + Σ byError, measured requests only. A server's own count is total + Σ unmeasured. */
export interface RequestCounts {
  readonly total: number;
  readonly byStatus: { readonly [status: string]: number };
  readonly byError: { readonly [failure in FailureClass]?: number };
  /** Sent again after the target had closed the idle connection; counted once in `total`. */
  readonly resent: number;
  /** Received with the answers: head and body with HTTP/1.1, the body with HTTP/2. Absent in older documents. */
  readonly bytes?: number;
  readonly unmeasured: Unmeasured;
}

/** Lost updates, and how many were acknowledged. */
export interface Lost {
  readonly acknowledged: number;
  readonly atLeast: number;
  readonly atMost: number;
}

/** Grants that went wrong, and all that were acknowledged. */
export interface Wrong {
  readonly atLeast: number;
  readonly of: number;
}

/** The number of users from then on. */
export interface UsersChanged {
  /** From 1. */
  readonly round: number;
  /** Since the round's measured part began, to a tenth of a second; negative in its warm-up or before. */
  readonly second: number;
  readonly users: number;
}

/** Failed iterations of one class. */
export interface FailureResult {
  readonly count: number;
  readonly example: string;
  /** For each step that failed like this, one answer, if an answer was the reason. */
  readonly samples?: readonly SampleResult[];
}

/** An answer that failed a check, or lacked what was to be captured; secrets masked. */
export interface SampleResult {
  readonly step: string;
  readonly status: number;
  /** As far as the step read them. */
  readonly headers: { readonly [name: string]: string };
  /** The first 300 characters, if the step read it. */
  readonly body: string;
}

/** A histogram's key figures, in whole µs (mean: rounded to 0.1); with `count` 0 all others are 0. */
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
  /** Leases that ran out while held: each is a violation of mutual exclusion. */
  readonly lapsed: number;
  /** The longest wait over the median wait, which counts as at least 1 µs; `null` if there were no waits. */
  readonly starvation: number | null;
}

/** The parts of a response time, in µs, which add up to `responseUs`: of the mean, or of an iteration as slow as the p99. */
export interface Anatomy extends ResponseParts {
  /** Declared pauses and processing, and the generator's own work. */
  readonly otherUs: number;
}

/** One step's requests. */
export interface StepResult {
  readonly name: string;
  /** `GET` …; absent in older documents. */
  readonly method?: string;
  readonly serviceTimeUs: TimesResult;
  readonly requests: number;
}

/** One group's passes. `unfinished`: those that failed or were interrupted and have no time. */
export interface GroupResult {
  readonly name: string;
  readonly timeUs: TimesResult;
  readonly unfinished: number;
}

/** The requests of all steps with one tag. */
export interface TagResult {
  readonly name: string;
  /** The steps, by name. */
  readonly steps: readonly string[];
  readonly serviceTimeUs: TimesResult;
  readonly requests: number;
}

/** One second of one round, both counted from 1; `null` if no iteration ended in it. */
export interface SeriesPoint {
  readonly round: number;
  readonly second: number;
  readonly completed: number;
  readonly failed: number;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
}

/** The figures of one slot, from which comparisons are computed; `round` counts from 1, `position` from 0. `errors`: failed / begun. */
export interface SlotResult {
  readonly round: number;
  readonly position: number;
  readonly throughputPerSecond: number;
  readonly p50Us: number;
  readonly p95Us: number;
  readonly p99Us: number;
  readonly errors: number;
  /** CPU time of the built-in store per request that it answered, in µs; `null` with any other target. */
  readonly storeCpuUs: number | null;
  /** The same for a target that contend started, the store included; `null` if unknown. Absent in older documents, like the next one. */
  readonly targetCpuUs?: number | null;
  /** The largest sum of the memory of its processes, in bytes; `null` if unknown. */
  readonly targetMemoryBytes?: number | null;
  /** Completions per second in the second half of the window over those in the first; `null` if the slot did not end by time. */
  readonly drift: number | null;
  /** As for the mode. */
  readonly sentAgain?: number;
  /** Response times of iterations, service times of requests, and those of each step. */
  readonly response: SlotTimes;
  readonly service: SlotTimes;
  readonly steps: { readonly [step: string]: SlotTimes };
  /** Absent in older documents. */
  readonly requests?: Pick<RequestCounts, 'total' | 'byStatus' | 'byError' | 'bytes'>;
  /** Absent if the mode has none, and in older documents. */
  readonly groups?: { readonly [group: string]: SlotTimes };
  /** The same. */
  readonly tags?: { readonly [tag: string]: SlotTimes };
}

/** The percentiles of one slot, in whole µs, from which ratios and their intervals are computed. */
export interface SlotTimes {
  readonly count: number;
  /** How many have no time: if they would fill a percentile's tail, it is unknown. */
  readonly missing: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
}

/**
 * Was the data right? `violated`: the findings prove it wrong; `consistent`: an exact check covered all operations;
 * `no-violation-found`: only necessary conditions could be checked; `not-exercised`: nothing overlapped, so no fault could have shown;
 * `unknown`: something could not be read, or the check took too long.
 */
export interface ConsistencyResult {
  readonly verdict: ConsistencyVerdict;
  /** The models, joined by `, `. */
  readonly model: string;
  /** The verdict of each. */
  readonly checks: readonly ModelCheck[];
  /** At most a hundred, those with the most certain damage first. */
  readonly findings: readonly Finding[];
  /** How many there are in all. */
  readonly findingCount: number;
  /** Of models with grants, all keys and rounds together; absent: the model has none, or an older document. */
  readonly wrong?: Wrong;
  readonly coverage: {
    readonly keys: number;
    readonly operations: number;
    readonly acknowledged: number;
    readonly unknown: number;
    readonly reads: number;
  };
  readonly exposure: {
    /** Pairs of passes through a critical section on one key, one begun before the other ended; for holds, acquires that fit into one. */
    readonly overlapping: number;
    /** With no violation in that many pairs, at most this share of them violates, at 95 % confidence. `null`: no pairs, or some violate. */
    readonly atMostShare: number | null;
    /** What the clocks of several machines left undecided; absent: nothing. */
    readonly clocks?: ClockExposure;
  };
}

/** The verdict of one model on a mode. */
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
  /** For a sum that does not agree: the value before the load. */
  readonly before?: number;
  /** The final value if every acknowledged change was applied once, whatever happened to the unknown ones. */
  readonly expected?: readonly [least: number, most: number];
  readonly after?: number;
}

/** One gate, decided or not. `actual` and `limit` in the metric's own unit; `null` where there is none. */
export interface GateResult {
  /** As written. */
  readonly text: string;
  /** What it is about, as in `generator`; absent in older documents. */
  readonly metric?: string;
  /** The mode that it names first; absent if it names none, and in older documents. */
  readonly mode?: string;
  readonly verdict: Verdict['is'];
  readonly actual: number | null;
  readonly limit: number | null;
  readonly unit: 'µs' | '/s' | 'share' | 'count' | 'B' | 'ratio' | null;
  /** For a gate that compares modes, the interval of `actual`; `null` for any other, and with too few rounds. */
  readonly interval: readonly [low: number, high: number] | null;
  /** How many samples `actual` is based on; for a gate that compares modes, rounds. */
  readonly samples: number;
  readonly because: string;
}

/** The health of the generator: the figures about the target deserve no more trust than this. */
export interface GeneratorResult {
  /**
   * CPU time of a measuring thread, without the time spent waiting for the next arrival, over the measured time, 0 … 1, for
   * the busiest mode; `null` if nothing was measured.
   */
  readonly cpuShare: number | null;
  readonly eventLoopDelayP99Us: number | null;
  readonly warnings: readonly Warning[];
}

/**
 * A mode compared with the control, by the ratio of one metric: paired round by round, on a logarithmic scale.
 *
 * `faster`, `slower`: the interval does not contain 1; `no difference shown`: it lies within 5 % of 1; `inconclusive`: it is too
 * wide to say; `null`: fewer than 6 rounds, which show what happened and prove nothing. Each verdict is independent, at its own level.
 */
export interface Comparison {
  readonly mode: string;
  readonly control: string;
  /** `target.cpu.iteration` if the two send different numbers of requests per iteration. `store.cpu` is the name in documents from before `target.cpu`. */
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
  /** The interval of the exact signed-rank test; `null` with too few rounds. */
  readonly low: number | null;
  readonly high: number | null;
  /** Its confidence: 0.95, or 0.9706 at each of two looks. */
  readonly level: number;
  /** Rounds in which both were measured with enough samples. */
  readonly rounds: number;
  /** Standard deviation of the paired log ratios: the noise of this machine. `null` for one round. */
  readonly noise: number | null;
  readonly verdict: 'faster' | 'slower' | 'no difference shown' | 'inconclusive' | null;
}
