import type { Auth, Body } from './body.ts';
import type { ChooseStep, GroupStep, IfStep, RepeatStep, ThinkStep } from './flow.ts';
import type { OperationName } from '../history/history.ts';
import type { Promises } from '../history/promises.ts';
import type { Choice, Json } from '../json.ts';
import type { MetricName } from '../metric.ts';
import type { FailureClass } from '../recording/failure.ts';
import type { Micros } from '../units.ts';
import type { Serve } from './serve.ts';

export type { Promises };

/** What one run will do: frozen, JSON-safe, every default filled in. */
export interface Plan {
  readonly name: string;
  /** Path of the scenario as the user gave it. */
  readonly file: string;
  /** 32 bits, unsigned. */
  readonly seed: number;
  readonly rounds: number;
  /** Name of the mode that the others are compared with. */
  readonly control: string;
  readonly modes: readonly [Mode, ...Mode[]];
  /** Names of the models that the data is checked against; empty: none. */
  readonly consistency: readonly string[];
  /** By model, what it promises beyond its name; absent: nothing. */
  readonly promises?: { readonly [model: string]: Promises };
  /** The modes to run, in the order of the scenario. */
  readonly gates: readonly Gate[];
  /** Values to mask in everything that is written; absent: the scenario has no secret. */
  readonly secrets?: readonly string[];
}

/** A condition for a build: a limit on a metric of one mode, a limit set by another mode, right data, or a generator that kept up. */
export type Gate = LimitGate | RelativeGate | ConsistencyGate | GeneratorGate;

/** `throughput(new) >= 0.95 * throughput(old)`, `service.p99(new/write) <= 1.1 * service.p99(old/write) + 5ms` */
export interface RelativeGate {
  /** As written. */
  readonly text: string;
  readonly metric: MetricName;
  readonly mode: string;
  readonly step?: string;
  readonly op: '<' | '<=' | '>' | '>=';
  /** What it is compared with: `times` × the metric of that mode, and `plus`, in the metric's own unit. */
  readonly against: { readonly mode: string; readonly step?: string; readonly times: number; readonly plus: number };
  /** Whether to stop a run that has already failed it: checked after every round, at its own level, see `looks.ts`. */
  readonly abort?: boolean;
}

/** Whether a gate compares one mode with another. */
export const isRelative = (gate: Gate): gate is RelativeGate => 'against' in gate;

/** `generator`, `generator(locked)`: it was not saturated and can be believed, in every mode or in this one. */
export interface GeneratorGate {
  readonly text: string;
  readonly metric: 'generator';
  /** Absent: every mode. */
  readonly mode?: string;
}

/** `p99(locked) < 50ms` */
export interface LimitGate {
  /** As written. */
  readonly text: string;
  readonly metric: MetricName;
  readonly mode: string;
  /** The step, the group, or `tag:` and a tag; absent: the whole mode. */
  readonly step?: string;
  readonly op: '<' | '<=' | '>' | '>=' | '==';
  /** In the metric's own unit. */
  readonly limit: number;
  /** Whether to stop a run that has already failed it. */
  readonly abort?: boolean;
}

/** `consistency(locked)` */
export interface ConsistencyGate {
  /** As written. */
  readonly text: string;
  readonly metric: 'consistency';
  readonly mode: string;
  /** Whether to stop a run in which it is violated. */
  readonly abort?: boolean;
}

/** A complete mode: the scenario with the mode's own keys laid over it. Nothing is looked up elsewhere. */
export interface Mode {
  readonly name: string;
  /** `http(s)://…` without a trailing slash, or `builtin:store?…`; with a `serve` the port may be `${port}`. */
  readonly target: string;
  /** What contend starts there; absent: nothing. */
  readonly serve?: Serve;
  readonly load: Load;
  /** Variable name to the source of its values. */
  readonly data: { readonly [variable: string]: Variable };
  readonly lock: Choice;
  /** How many threads share the users and the iterations; `auto`: as many as the machine has cores for. */
  readonly workers: number | 'auto';
  /** How many of the run's agents; 0: this machine. Absent: all agents of the run, or this machine if it has none. */
  readonly agents?: number;
  readonly pacing: Pacing;
  readonly transport: Choice;
  readonly tls: Tls;
  /** Proxy for the requests, `http(s)://[user:password@]host:port`; absent: none. */
  readonly proxy?: string;
  /** What steps of the login go through that have a target of their own, by that target, where the environment says; absent: `proxy`. */
  readonly loginProxies?: { readonly [target: string]: string };
  /** `host:port` of an address to the `host:port` to connect to instead. */
  readonly connectTo?: { readonly [authority: string]: string };
  /** Each request opens a new connection; absent: they share connections. */
  readonly keepAlive?: false;
  readonly timeouts: Timeouts;
  /** Time that each critical section takes after its last answer. */
  readonly process: Processing;
  /** Sent once per slot, one after the other, before the load. */
  readonly before: readonly RequestStep[];
  /** Sent by each user of a slot, one after the other, before the load: its captures are that user's variables. */
  readonly login?: readonly RequestStep[];
  /** A user whose login is older than this logs in again before its next iteration; absent: logins do not expire. */
  readonly renewUs?: Micros;
  /** Sent once after the slot. */
  readonly after?: readonly RequestStep[];
  /** Each user keeps its cookies during a slot. */
  readonly cookies?: true | 'fresh';
  /** At least one critical section: if the scenario names none, the whole iteration is one. */
  readonly steps: readonly Step[];
  readonly observe: readonly Observation[];
  readonly reads: readonly FinalRead[];
  /** What must always be true of the target's answers; absent: no invariant. */
  readonly invariant?: Invariant;
  /** How long after its request, or an answer 202, a change may still take effect; absent: at any later time. */
  readonly settleUs?: Micros;
  readonly violations: 'forbidden' | 'allowed';
  /** The mode overrides `load` or `data`: shown and marked, but never gated relatively. */
  readonly differentWorkload: boolean;
}

/** Whether a mode's target is the built-in store. */
export const isBuiltin = ({ target }: Mode): boolean => target.startsWith('builtin:');

/** Equal for modes with the same target: its address, and the process started there. */
export const targetKeyOf = ({ target, serve }: Mode): string =>
  serve === undefined ? target : `${serve.name} ${target}`;

/** Whether contend starts a mode's target, so that it is cold and needs a warm-up before it is measured. */
export const isStarted = (mode: Mode): boolean => isBuiltin(mode) || mode.serve !== undefined;

/**
 * How an open load waits for the next arrival: `hybrid` looks at the clock all the time for the last millisecond, but
 * for naps while nothing is in flight, which takes up to a core and is late by microseconds; `relaxed` sleeps, which is late by a tenth of a millisecond; `auto`: hybrid where
 * a core can be spared.
 */
export type Pacing = 'auto' | 'hybrid' | 'relaxed';

/** Settings of https connections. Paths of PEM files, as the user gave them. */
export interface Tls {
  /** Certificates are not verified. */
  readonly insecure: boolean;
  readonly ca?: string;
  /** Trusted in addition to the well-known ones. */
  readonly extraCa?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name to request and verify, instead of the target's host. */
  readonly servername?: string;
}

/** How much, and how long. */
export type Load = ClosedLoad | OpenLoad;

interface AnyLoad {
  /** The size of the pool: the most iterations in flight. */
  readonly users: number;
  /** For the whole mode; a slot gets its share. */
  readonly stop: Stop;
  readonly warmupUs: Micros;
  /** How long requests in flight at a slot's end may still take. */
  readonly drainUs: Micros;
}

/** `users` back to back. */
export interface ClosedLoad extends AnyLoad {
  readonly kind: 'closed';
  /** Pause between a user's iterations, drawn evenly between the two. */
  readonly thinkUs: readonly [least: Micros, most: Micros];
  /** How many of the users are active; empty: all. The warm-up runs at the start of the first stage. */
  readonly stages: readonly Stage[];
  /** Users may be added and removed by hand during the run, up to this many; absent: they may not. Not with stages. */
  readonly mostUsers?: number;
}

/** The most users that may be active at any time. */
export const mostUsersOf = (load: Load): number =>
  load.kind === 'closed' ? (load.mostUsers ?? load.users) : load.users;

/** Iterations begin when they are due, however many are in flight, as long as a user is free. */
export interface OpenLoad extends AnyLoad {
  readonly kind: 'open';
  /** `even` or `poisson`. */
  readonly arrival: Choice;
  /** Iterations per second in the warm-up and, without stages, throughout. */
  readonly ratePerSecond: number;
  /** How many iterations per second are due. */
  readonly stages: readonly Stage[];
  /** How many arrivals may wait for a free user; the rest are dropped. `null`: any number. */
  readonly queue: number | null;
}

/** A part of a slot in which a rate per second, or a number of users, changes evenly from one value to another. */
export interface Stage {
  readonly durationUs: Micros;
  readonly from: number;
  readonly to: number;
}

/** How long all stages take together. */
export const lengthOf = (stages: readonly Stage[]): Micros =>
  stages.reduce((sum, { durationUs }) => sum + durationUs, 0) as Micros;

/** What ends the measured part: time, a number of iterations, or, in every slot, the last of the load's stages. */
export type Stop =
  | { readonly kind: 'duration'; readonly durationUs: Micros }
  | { readonly kind: 'iterations'; readonly iterations: number }
  | { readonly kind: 'stages' };

/** How long a connection and the wait for a lock may take; a request's own limit is its step's. */
export interface Timeouts {
  readonly connectUs: Micros;
  readonly lockUs: Micros;
}

/** A declared pause, or time spent computing. */
export interface Processing {
  readonly kind: 'pause' | 'busy';
  readonly us: Micros;
}

/** A source of values, by its word and options; `pick`, for a source with items: which one iteration n gets. */
export interface Variable extends Choice {
  readonly pick?: Choice;
}

/** One piece of an iteration. */
export type Step =
  RequestStep | CriticalStep | ThinkStep | RepeatStep<Step> | IfStep<Step> | ChooseStep<Step> | GroupStep<Step>;

/** One piece of a critical section, which has no other inside it. */
export type SectionStep =
  | RequestStep
  | ThinkStep
  | RepeatStep<SectionStep>
  | IfStep<SectionStep>
  | ChooseStep<SectionStep>
  | GroupStep<SectionStep>;

/** One HTTP exchange. `path`, header values and the strings in `json` are templates; captures are expressions. */
export interface RequestStep {
  readonly kind: 'request';
  readonly name: string;
  /** Where it goes, if not to the mode's target: `http(s)://…` without a trailing slash. Only in a login. */
  readonly target?: string;
  /** Tags that combine its times with those of other steps; absent: none. */
  readonly tags?: readonly string[];
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  readonly path: string;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly json?: Json;
  /** Instead of `json`. */
  readonly body?: Body;
  /** Appended to the path; names as written, values are templates. */
  readonly query?: { readonly [name: string]: readonly string[] };
  readonly auth?: Auth;
  /** How many redirects to follow; absent: none. */
  readonly redirects?: number;
  readonly capture: { readonly [variable: string]: Capture };
  readonly expect: Expect;
  /** How often it is sent at the same moment; absent: once. */
  readonly copies?: number;
  /** When the same bytes are sent again; absent: never. */
  readonly retry?: Retry;
  /** Statuses that mean "another one was faster" and are not errors. Only in critical sections that say what follows a conflict. */
  readonly conflict?: readonly number[];
  readonly timeoutUs: Micros;
}

/** When a client sends a request again, inside the same iteration, attempt and hold. */
export interface Retry {
  readonly statuses: readonly number[];
  readonly failures: readonly RetriedFailure[];
  /** n: n + 1 tries. */
  readonly times: number;
  readonly backoffUs: readonly [least: Micros, most: Micros];
}

/** What the network does to a request. */
export const retriedFailures = [
  'connect',
  'timeout',
  'reset',
  'protocol',
  'tls',
  'dns',
] as const satisfies readonly FailureClass[];

/** One of these words. */
export type RetriedFailure = (typeof retriedFailures)[number];

/** Whether a method is safe (RFC 9110, 9.2.1): it changes nothing, and does no harm when it arrives twice. */
export const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/** An expression over the answer, or another way to a value by its word: `text`, a pattern, or `jsonpath`, a query. */
export type Capture = string | Choice;

/** What an answer must be. Without `status`: anything below 400. */
export interface Expect {
  readonly status?: readonly number[];
  /** The longest that it may take from the request's first byte to its own last byte. */
  readonly withinUs?: Micros;
  /** Bytes of the body, decoded. */
  readonly size?: { readonly from: number; readonly to: number };
  /** By name in lower case: `equals`, a template, `contains`, `matches`, a pattern, or `present`. */
  readonly headers?: { readonly [name: string]: Choice };
  /** For the body as text: `equals` and `contains`, templates, and `matches`, a pattern. */
  readonly text?: readonly Choice[];
  /** Path in the body to the value there; strings are templates. */
  readonly body?: { readonly [path: string]: Json };
  /** Expressions that must be true. */
  readonly that?: readonly string[];
}

/** Steps that run under the mode's lock; after a conflict they run again from the first one. */
export interface CriticalStep {
  readonly kind: 'critical';
  readonly steps: readonly [SectionStep, ...SectionStep[]];
  readonly conflict?: Conflict;
}

/** What follows a conflict. `retries` n: n + 1 attempts. */
export interface Conflict {
  readonly retries: number;
  readonly backoffUs: readonly [least: Micros, most: Micros];
}

/**
 * "This step is that operation on this key." A consistency model turns its section into these; the engine knows no model.
 *
 * What is sent is a template over the variables that the step knows, what is answered an expression over its answer.
 */
export interface Observation {
  /** The model whose history it belongs to. */
  readonly model: string;
  readonly step: string;
  /** For a read that combines several answers: all steps in order, ending with `step`; it can use their captures. */
  readonly steps?: readonly string[];
  readonly operation: OperationName;
  /** Template. */
  readonly key: string;
  readonly value?: Observed;
  readonly operand?: Observed;
  readonly version?: Observed;
  /** A whole list from the answer, instead of value and version. */
  readonly list?: Observed;
  /** It spans from the first request of its critical section, like a value that is read and written back. */
  readonly spansSection: boolean;
  /** Expression over the answer and the step's variables: if true, the operation was done. Absent: the status decides. */
  readonly done?: string;
  /** Statuses, or such an expression, that mean that it was not done. */
  readonly refused?: readonly number[] | string;
  /**
   * The statuses that refuse it where `refused` is not given. Present where a refusal says something by itself, as "sold out"
   * does: any other answer by which it was not done then says nothing.
   */
  readonly usuallyRefused?: readonly number[];
  /** A conflict of the step is a refusal, too. */
  readonly isRefusedByConflict?: true;
  /** Statuses, or such an expression, that mean that it was empty: it is done, and its value is nothing. */
  readonly empty?: readonly number[] | string;
  /** An answer 202 means that it is done within this time; absent: its outcome is unknown. */
  readonly settleUs?: Micros;
}

/** The source of a value of an operation. */
export type Observed =
  | { readonly sent: string; readonly isAmount: boolean }
  | {
      readonly answered: string;
      /** A list whose order does not matter. */
      readonly isSet?: true;
      /** If the answer has version 0, as for an empty list, it may be missing. */
      readonly isNoneAtZero?: true;
    };

/** How to read the value of every key, before and after each slot. */
export interface FinalRead {
  /** The model that needs it. */
  readonly model: string;
  /** Template over data variables only: its values are the keys. */
  readonly key: string;
  /** A GET whose path is a template over `key`. */
  readonly request: RequestStep;
  /** Expression over the answer. */
  readonly value: string;
  /** The kind of value it must give. */
  readonly kind: 'number' | 'scalar' | 'list';
  /** Only the first of this many keys; absent: all. */
  readonly most?: number;
  /** How many keys there are, if reading them takes long. */
  readonly manyKeys?: number;
}

/** A request whose answer must always be right: checked before and after each slot, and during it if it says so. */
export interface Invariant {
  /** Sent one after the other; the captures of one can be used by the next. */
  readonly requests: readonly [RequestStep, ...RequestStep[]];
  /** Expressions over the last answer, the requests' captures and the reader's variables: each must be true. */
  readonly that: readonly [string, ...string[]];
  /** How often it is asked while the load is on; absent: it is not. */
  readonly everyUs?: Micros;
}

/** What an invariant is called beside the models: it is no `--model`, as no operation of the steps is one of its own. */
export const invariantName = 'invariant';

/** The lists of steps that a step holds: none, one, or one for each way that an iteration may take. */
const innerLists = (step: Step): readonly (readonly Step[])[] => {
  switch (step.kind) {
    case 'request':
    case 'think':
      return [];
    case 'critical':
    case 'repeat':
    case 'group':
      return [step.steps];
    case 'if':
      return [step.yes, step.no];
    default:
      return step.branches.map(({ steps }) => steps);
  }
};

/** The requests of a list of steps, those inside other steps included, in the order in which they are written. */
export const requestsOf = (steps: readonly Step[]): readonly RequestStep[] =>
  steps.flatMap((step) => (step.kind === 'request' ? [step] : innerLists(step).flatMap(requestsOf)));

/** The critical sections of a list of steps, those inside other steps included. */
export const sectionsOf = (steps: readonly Step[]): readonly CriticalStep[] =>
  steps.flatMap((step) => (step.kind === 'critical' ? [step] : innerLists(step).flatMap(sectionsOf)));

/** Whether each pass through a section that begins with this step sends it once, so that passes are counted by it. */
export const opens = (step: Step): boolean =>
  step.kind === 'request' && step.retry === undefined && step.copies === undefined;

/** The most requests that a user has on its way at once, by a group that sends its own so. */
export const parallelOf = (steps: readonly Step[]): number =>
  Math.max(
    1,
    ...steps.map((step) =>
      step.kind === 'group' && step.parallel === true
        ? step.steps.length
        : Math.max(1, ...innerLists(step).map(parallelOf)),
    ),
  );

/** The names of the groups of a list of steps, those inside other steps included, each before those that it holds. */
export const groupsOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) => [...(step.kind === 'group' ? [step.name] : []), ...innerLists(step).flatMap(groupsOf)]);
