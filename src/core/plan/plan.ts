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
  /** The models that the data is held against, by their names; empty: nobody asked. */
  readonly consistency: readonly string[];
  /** By model, what it promises beside what its name says; absent: no model promises more. */
  readonly promises?: { readonly [model: string]: Promises };
  /** Of the modes that are run, in the order of the scenario. */
  readonly gates: readonly Gate[];
  /** What is masked in everything that is written; absent: the scenario has no secret. */
  readonly secrets?: readonly string[];
}

/** What a build asks: a limit on a number of one mode, a limit that another mode sets, right data, or a generator that kept up. */
export type Gate = LimitGate | RelativeGate | ConsistencyGate | GeneratorGate;

/** `throughput(new) >= 0.95 * throughput(old)`, `service.p99(new/write) <= 1.1 * service.p99(old/write) + 5ms` */
export interface RelativeGate {
  /** As it was written. */
  readonly text: string;
  readonly metric: MetricName;
  readonly mode: string;
  readonly step?: string;
  readonly op: '<' | '<=' | '>' | '>=';
  /** What it is held against: `times` × the metric of that mode, and `plus`, in the metric's own unit. */
  readonly against: { readonly mode: string; readonly step?: string; readonly times: number; readonly plus: number };
  /** A run that has already lost it is stopped: after every round, at a level of its own, see `looks.ts`. */
  readonly abort?: boolean;
}

/** Whether a gate holds one mode against another. */
export const isRelative = (gate: Gate): gate is RelativeGate => 'against' in gate;

/** `generator`, `generator(locked)`: it was not saturated, and can be believed, in every mode or in this one. */
export interface GeneratorGate {
  readonly text: string;
  readonly metric: 'generator';
  /** Absent: every one. */
  readonly mode?: string;
}

/** `p99(locked) < 50ms` */
export interface LimitGate {
  /** As it was written. */
  readonly text: string;
  readonly metric: MetricName;
  readonly mode: string;
  /** The step whose number it is, or the group, or `tag:` and a tag; absent: the mode's. */
  readonly step?: string;
  readonly op: '<' | '<=' | '>' | '>=' | '==';
  /** In the metric's own unit. */
  readonly limit: number;
  /** A run that has already lost it is stopped. */
  readonly abort?: boolean;
}

/** `consistency(locked)` */
export interface ConsistencyGate {
  /** As it was written. */
  readonly text: string;
  readonly metric: 'consistency';
  readonly mode: string;
  /** A run in which it is violated is stopped. */
  readonly abort?: boolean;
}

/** A mode complete in itself: the scenario with the mode's own keys laid over it. Nothing is looked up anywhere else. */
export interface Mode {
  readonly name: string;
  /** `http(s)://…` without a trailing slash, or `builtin:store?…`; with a `serve` the port may be `${port}`. */
  readonly target: string;
  /** What contend starts there; absent: what is there is there. */
  readonly serve?: Serve;
  readonly load: Load;
  /** Variable name to where its values come from. */
  readonly data: { readonly [variable: string]: Variable };
  readonly lock: Choice;
  /** How many threads share the users and the iterations; `auto`: as many as the machine has cores for. */
  readonly workers: number | 'auto';
  /** How many agents of the run; 0: this machine. Absent: all that the run has, and this machine where it has none. */
  readonly agents?: number;
  readonly pacing: Pacing;
  readonly transport: Choice;
  readonly tls: Tls;
  /** What requests go through, `http(s)://[user:password@]host:port`; absent: straight to the target. */
  readonly proxy?: string;
  /** What steps of the login go through that have a target of their own, by that target, where the environment says; absent: `proxy`. */
  readonly loginProxies?: { readonly [target: string]: string };
  /** By `host:port` of an address: the `host:port` where connections for it go. */
  readonly connectTo?: { readonly [authority: string]: string };
  /** Each request has a new connection; absent: they share connections. */
  readonly keepAlive?: false;
  readonly timeouts: Timeouts;
  /** Time that each critical section takes once its last answer is in. */
  readonly process: Processing;
  /** Sent once per slot, one after the other, before the load. */
  readonly before: readonly RequestStep[];
  /** Sent by each user of a slot, one after the other, before the load: its captures are that user's variables. */
  readonly login?: readonly RequestStep[];
  /** A user whose login is older than this logs in again before its next iteration; absent: once is enough. */
  readonly renewUs?: Micros;
  /** Sent once when the slot is over. */
  readonly after?: readonly RequestStep[];
  /** Each user keeps the cookies that it is given, for the length of a slot. */
  readonly cookies?: true | 'fresh';
  /** At least one critical section: where the scenario names none, the whole iteration is one. */
  readonly steps: readonly Step[];
  readonly observe: readonly Observation[];
  readonly reads: readonly FinalRead[];
  /** What must hold of the target's answers at all times; absent: nobody asks. */
  readonly invariant?: Invariant;
  /** How long after its request, or an answer 202, a change may still take effect; absent: at any later time. */
  readonly settleUs?: Micros;
  readonly violations: 'forbidden' | 'allowed';
  /** The mode overrides `load` or `data`: shown, marked, never gated relatively. */
  readonly differentWorkload: boolean;
}

/** Whether a mode's target is the store that contend brings. */
export const isBuiltin = ({ target }: Mode): boolean => target.startsWith('builtin:');

/** What is the same for modes that ask one target: its address, and what was started there. */
export const targetKeyOf = ({ target, serve }: Mode): string =>
  serve === undefined ? target : `${serve.name} ${target}`;

/** Whether contend starts what a mode asks, so that it is cold and is warmed before it is measured. */
export const isStarted = (mode: Mode): boolean => isBuiltin(mode) || mode.serve !== undefined;

/**
 * How an open load waits for the next arrival: `hybrid` looks at the clock all the time for the last millisecond, but
 * for naps while nothing is in flight, which takes up to a core and is late by microseconds; `relaxed` sleeps, which is late by a tenth of a millisecond; `auto`: hybrid where
 * a core can be spared.
 */
export type Pacing = 'auto' | 'hybrid' | 'relaxed';

/** What https connections are made with. Paths of PEM files, as the user gave them. */
export interface Tls {
  /** Certificates are not verified. */
  readonly insecure: boolean;
  readonly ca?: string;
  /** Trusted beside those that are trusted anyway. */
  readonly extraCa?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name that is asked for, and verified, in place of the target's host. */
  readonly servername?: string;
}

/** How much, and how long. */
export type Load = ClosedLoad | OpenLoad;

interface AnyLoad {
  /** The size of the pool: never more iterations in flight than that. */
  readonly users: number;
  /** Of the whole mode; a slot gets its share. */
  readonly stop: Stop;
  readonly warmupUs: Micros;
  /** How long what is in flight at a slot's end may still take. */
  readonly drainUs: Micros;
}

/** `users` back to back. */
export interface ClosedLoad extends AnyLoad {
  readonly kind: 'closed';
  /** Pause between a user's iterations, drawn evenly between the two. */
  readonly thinkUs: readonly [least: Micros, most: Micros];
  /** How many of the users are at work; empty: all of them. The warm-up is at the first stage's beginning. */
  readonly stages: readonly Stage[];
  /** Users may be added and taken by hand while it runs, up to so many; absent: they may not. Only where there are no stages. */
  readonly mostUsers?: number;
}

/** How many users there may ever be at work. */
export const mostUsersOf = (load: Load): number =>
  load.kind === 'closed' ? (load.mostUsers ?? load.users) : load.users;

/** Iterations begin when they are due, however many are in flight, as long as a user is free. */
export interface OpenLoad extends AnyLoad {
  readonly kind: 'open';
  /** `even` or `poisson`. */
  readonly arrival: Choice;
  /** Iterations per second in the warm-up, and where there are no stages throughout. */
  readonly ratePerSecond: number;
  /** How many iterations per second are due. */
  readonly stages: readonly Stage[];
  /** How many arrivals may wait for a free user; those beyond are dropped. `null`: any number. */
  readonly queue: number | null;
}

/** A part of a slot in which a rate per second, or a number of users, goes evenly from one value to another. */
export interface Stage {
  readonly durationUs: Micros;
  readonly from: number;
  readonly to: number;
}

/** How long stages take, one after the other. */
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

/** A source of values, by its word and options; `pick`, of a source that has items: which of them iteration n gets. */
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
  /** Where it goes, if not to the mode's target: `http(s)://…` without a trailing slash. Of a login alone. */
  readonly target?: string;
  /** Words under which its times are put together with those of other steps; absent: none. */
  readonly tags?: readonly string[];
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  readonly path: string;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly json?: Json;
  /** In place of `json`. */
  readonly body?: Body;
  /** Put behind the path; names as they stand, values are templates. */
  readonly query?: { readonly [name: string]: readonly string[] };
  readonly auth?: Auth;
  /** How many redirects are followed; absent: none. */
  readonly redirects?: number;
  readonly capture: { readonly [variable: string]: Capture };
  readonly expect: Expect;
  /** It is sent so often at the same moment; absent: once. */
  readonly copies?: number;
  /** After what it is sent again, the same bytes; absent: after nothing. */
  readonly retry?: Retry;
  /** Statuses that are no error but "somebody was faster". Only in critical sections that say what follows a conflict. */
  readonly conflict?: readonly number[];
  readonly timeoutUs: Micros;
}

/** What makes a client send a request again, inside the same iteration, attempt and hold. */
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

/** A word of them. */
export type RetriedFailure = (typeof retriedFailures)[number];

/** Whether a request of this method only asks (RFC 9110, 9.2.1): it changes nothing, and does no harm when it comes twice. */
export const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/** An expression over the answer, or another way to a value by its word: `text`, a pattern, or `jsonpath`, a query. */
export type Capture = string | Choice;

/** What an answer must be. No `status`: anything below 400 will do. */
export interface Expect {
  readonly status?: readonly number[];
  /** The most that it may take from the request's first byte to its own last byte. */
  readonly withinUs?: Micros;
  /** Bytes of the body, decoded. */
  readonly size?: { readonly from: number; readonly to: number };
  /** By name in lower case: `equals`, a template, `contains`, `matches`, a pattern, or `present`. */
  readonly headers?: { readonly [name: string]: Choice };
  /** Of the body as text: `equals` and `contains`, templates, and `matches`, a pattern. */
  readonly text?: readonly Choice[];
  /** Path in the body to the value there; strings are templates. */
  readonly body?: { readonly [path: string]: Json };
  /** Expressions that must be true. */
  readonly that?: readonly string[];
}

/** Steps run under the mode's lock; run again from the first one on a conflict, where one of their answers may be one. */
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
  /** The model whose history it enters. */
  readonly model: string;
  readonly step: string;
  /** Of a read that takes the answers of several: all of them, in their order, `step` being the last; what they capture is known to it. */
  readonly steps?: readonly string[];
  readonly operation: OperationName;
  /** Template. */
  readonly key: string;
  readonly value?: Observed;
  readonly operand?: Observed;
  readonly version?: Observed;
  /** A whole list that the answer tells, in place of value and version. */
  readonly list?: Observed;
  /** It reaches from the first request of its critical section on, as a value that is read and written back does. */
  readonly spansSection: boolean;
  /** Expression over the answer and what the step knows: where it holds, the operation was done. Absent: the status decides. */
  readonly done?: string;
  /** Statuses, or such an expression, by which the target says that it was not done. */
  readonly refused?: readonly number[] | string;
  /**
   * The statuses that refuse it where `refused` is not given. Present where a refusal says something by itself, as "sold out"
   * does: any other answer by which it was not done then says nothing.
   */
  readonly usuallyRefused?: readonly number[];
  /** A conflict of the step refuses it, too. */
  readonly isRefusedByConflict?: true;
  /** Statuses, or such an expression, by which the target says that there was nothing: it is done, and its value is nothing. */
  readonly empty?: readonly number[] | string;
  /** An answer 202 means that it is done so long afterwards at the latest; absent: nobody knows what became of it. */
  readonly settleUs?: Micros;
}

/** Where something that an operation says is taken from. */
export type Observed =
  | { readonly sent: string; readonly isAmount: boolean }
  | {
      readonly answered: string;
      /** A list whose order does not matter. */
      readonly isSet?: true;
      /** Where the answer tells version 0, as of a list that is empty, it need not be there. */
      readonly isNoneAtZero?: true;
    };

/** The value of every key, read before and after each slot. */
export interface FinalRead {
  /** The model that wants to know. */
  readonly model: string;
  /** Template over data variables only: its values are the keys. */
  readonly key: string;
  /** A GET whose path is a template over `key`. */
  readonly request: RequestStep;
  /** Expression over the answer. */
  readonly value: string;
  /** What it must give. */
  readonly kind: 'number' | 'scalar' | 'list';
  /** Of so many keys, the first ones; absent: of all. */
  readonly most?: number;
  /** How many keys there are, where reading them takes long. */
  readonly manyKeys?: number;
}

/** A question to the target whose answer is right at all times: asked before and after each slot, and in between if it says so. */
export interface Invariant {
  /** Sent one after the other; the captures of one can be used by the next. */
  readonly requests: readonly [RequestStep, ...RequestStep[]];
  /** Expressions over the last answer, over what the requests capture, and over what their reader knows: each is to be true. */
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
