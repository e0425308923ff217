import type { ClockExposure, ConsistencyVerdict } from './result/finding.ts';
import type { Json } from './json.ts';
import type { Mode, Stop } from './plan/plan.ts';
import type { Recording } from './recording/recording.ts';
import type { Finding, Lost, Wrong } from './result/result.ts';

/** Plain JSON: one mode, one round, one share of the work. It is run here, posted to a thread or put on a queue. */
export interface Job {
  readonly mode: Mode;
  readonly endpoint: Endpoint;
  readonly seed: number;
  readonly round: number;
  /** This slot's share of the mode's `load.stop`, all shards together. */
  readonly stop: Exclude<Stop, { kind: 'stages' }>;
  /** Number of this slot's first iteration within the mode: iterations of a slot follow those of the slot before. */
  readonly firstIteration: number;
  readonly shard: Shard;
  /** Path that the files of observed operations begin with; absent: nothing is observed. */
  readonly histories?: string;
  /** The mode's pacing, `auto` decided. */
  readonly pacing: 'hybrid' | 'relaxed';
  /** How many iterations to draw; absent: none. */
  readonly samples?: number;
}

/** Where a mode's requests go, resolved once per run. */
export interface Endpoint {
  /** `http(s)://host[:port][/base]` without a trailing slash, or `http(s)://unix:/path/of/socket[:/base]`. */
  readonly origin: string;
  /** The IP addresses that connections go to, all of which are used: those of the host, unless `dial` or `proxy` says otherwise; empty for a unix socket. */
  readonly addresses: readonly string[];
  /** Connect there instead of to the origin's host and port, which requests still name. */
  readonly dial?: { readonly host: string; readonly port: number };
  /** Proxy for the requests: `http(s)://[user:password@]host:port`. */
  readonly proxy?: string;
  readonly tls: Credentials;
  /** Where steps of the login go that name a target of their own, by that target as the plan has it. Absent: there are none. */
  readonly elsewhere?: { readonly [target: string]: Endpoint };
  /** The files that requests send, by the path that the scenario gives; base64. Absent: there are none. */
  readonly files?: { readonly [path: string]: string };
}

/** Settings of https connections; PEM texts. */
export interface Credentials {
  /** Certificates are not verified. */
  readonly insecure: boolean;
  readonly ca?: string;
  /** Trusted in addition to the well-known ones. */
  readonly extraCa?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

/** Shard i of n owns the users and the iterations i, i + n, i + 2n … */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** How many of `all`, numbered from 0, belong to the shard. Infinity stays Infinity. */
export const shareOf = (all: number, { index, count }: Shard): number => Math.max(0, Math.ceil((all - index) / count));

/** A value before the load and after it; undefined where it could not be read. */
export type ReadTwice = readonly [before: Json | undefined, after: Json | undefined];

/** One mode measured once, warm-up and measured part. */
export interface Slot {
  readonly mode: string;
  readonly round: number;
  readonly position: number;
  /** Of a sweep: the value of the axis; absent in a run. */
  readonly at?: number;
  /** How many threads shared the work. */
  readonly workers: number;
  readonly pacing: Job['pacing'];
  /** How it was on each of the agents that it was run on; absent: it was run on this machine. */
  readonly agents?: readonly AgentShare[];
  readonly recording: Recording;
  /** CPU time that the built-in store used from before the slot's first request to after its last; absent with any other target. */
  readonly storeCpuUs?: number;
  /** The same for any target that contend started; absent if unknown. */
  readonly targetCpuUs?: number;
  /** The largest sum of the memory of its processes, in bytes, sampled ten times a second; absent if unknown. */
  readonly targetMemoryBytes?: number;
  /** Why a step of `after` did not end as expected; absent: all did. */
  readonly afterProblem?: string;
  /** By model and key: the value before the load and after it. */
  readonly finals: { readonly [model: string]: { readonly [key: string]: ReadTwice } };
  /** The last values were read after all effects: see `settleUs` of a mode. */
  readonly isSettled?: boolean;
  /** The verdict of each model; absent until it was judged. */
  readonly consistency?: readonly SlotConsistency[];
}

/** How a slot was on one agent. */
export interface AgentShare {
  /** Its place among those of the run, from 1. */
  readonly agent: number;
  /** Iterations inside the window, which is so long. */
  readonly completed: number;
  readonly windowUs: number;
  /** Response times. */
  readonly p50Us: number;
  readonly p99Us: number;
  /** CPU time of its threads, and the time over which they used it, added up. */
  readonly cpuUs: number;
  readonly wallUs: number;
  /** How much later than the others it heard that the slot had begun, less the time that it had for that. */
  readonly lateUs: number;
  /** Its times are so far beside the run's clock at most; null: a clock was set meanwhile. */
  readonly withinUs: number | null;
}

/** What one model says of one slot. */
export interface SlotConsistency {
  readonly model: string;
  readonly verdict: ConsistencyVerdict;
  /** The reason, if there is more to say. */
  readonly because?: string;
  /** The worst first; a few hundred at most. */
  readonly findings: readonly Finding[];
  /** How many there are in all. */
  readonly findingCount: number;
  /** Of a model with grants. */
  readonly wrong?: Wrong;
  readonly keys: readonly string[];
  readonly coverage: Coverage;
  /** What the clocks of several machines left open; absent: nothing. */
  readonly clocks?: ClockExposure;
  /** Of sums of changes; `null` where the model adds nothing up. */
  readonly lost: Lost | null;
}

/** How much was judged. */
export interface Coverage {
  readonly operations: number;
  /** Operations that change something and are known to be done. */
  readonly acknowledged: number;
  /** Operations whose outcome is unknown. */
  readonly unknown: number;
  /** Reads that were answered. */
  readonly reads: number;
  /** Pairs of passes through a critical section on one key, one begun before the other had ended; of holds, acquires that fit into one. */
  readonly overlapping: number;
}
