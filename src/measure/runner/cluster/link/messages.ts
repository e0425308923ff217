import type { Mode } from '../../../../core/plan/plan.ts';
import type { Recording } from '../../../../core/recording/recording.ts';
import type { Endpoint, Job } from '../../../../core/slot.ts';
import type { Column } from '../../../../core/table.ts';
import type { Refused } from '../../threads/messages.ts';

/** What a run asks for on the queue of all agents, in clear: enough to open the rest, or to say why not. */
export interface Enlistment {
  readonly protocol: number;
  readonly version: string;
  readonly run: string;
  /** The place among the agents of the run, from 0. */
  readonly shard: number;
  /** {@link Terms}, sealed. */
  readonly terms: string;
}

/** What an agent is told of a run before it says that it is there. */
export interface Terms {
  readonly agents: number;
  /** Who asks: `name@host`. */
  readonly who: string;
  readonly scenario: string;
}

/** What an agent says of its machine. */
export interface AgentFacts {
  readonly host: string;
  readonly version: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** How many threads it lends. */
  readonly threads: number;
  /** Which loopback it has: see `Host.network`. */
  readonly network: string;
}

/** Why an agent does not take part, in the clear: it may have no key that the controller could open it with. */
export interface Declined {
  readonly kind: 'declined';
  readonly host: string;
  readonly version: string;
  readonly protocol: number;
  readonly why: 'protocol' | 'version' | 'seal';
}

/** What the controller tells an agent, but for jobs. */
export type ToAgent =
  /** Twice a second, from a thread of its own. `users`: how many are to be at work, by hand; 0: as planned. */
  | { readonly kind: 'alive'; readonly users: number }
  | {
      readonly kind: 'begin';
      readonly slot: number;
      /** By Redis' clock, in µs since 1970. */
      readonly atUs: number;
    }
  | { readonly kind: 'abort'; readonly slot: number; readonly reason: string }
  | { readonly kind: 'end'; readonly why: string };

/** What an agent tells the controller. */
export type FromAgent =
  | { readonly kind: 'hello'; readonly facts: AgentFacts; readonly challenge: string }
  | { readonly kind: 'planned' }
  | { readonly kind: 'refused'; readonly why: string; readonly hint: string }
  | { readonly kind: 'ready'; readonly slot: number }
  /** What it has recorded waits to be taken. */
  | { readonly kind: 'measured'; readonly slot: number }
  | {
      /** Five times a second. */
      readonly kind: 'beat';
      readonly slot: number;
      /** Whether it goes where the run goes, and the last slots that it was ready for, has begun, and whose recording waits to be taken: a word of it may have been lost with a connection. */
      readonly isPlanned: boolean;
      readonly ready: number;
      readonly begun: number;
      readonly measured: number;
      readonly failed: number;
      /** Response times of completed iterations, in the buckets of `seconds.ts`. */
      readonly histogram: readonly number[];
      /** How far its clock may be beside the reference. */
      readonly withinUs: number;
      /** CPU time of its process since the beat before, over that of the threads that it lends, 0 to 1. */
      readonly cpuShare: number;
    }
  | { readonly kind: 'leaving'; readonly why: string };

/** The first job of a session: where the run goes, what it needs there. */
export interface PlanJob {
  /** How long the run is expected to take, in µs. */
  readonly lengthUs: number;
  readonly ways: readonly Way[];
  /** Sent once, and kept for the run. */
  readonly blobs: readonly Blob[];
}

/** One mode, and where it is sent. */
export interface Way {
  readonly mode: Mode;
  readonly endpoint: Endpoint;
}

/** Something large that goes through a list of its own. */
export type Blob =
  | { readonly kind: 'files'; readonly hash: string }
  | {
      readonly kind: 'table';
      /** SHA-256 of all that makes it. */
      readonly hash: string;
      readonly rows: number;
      /** How many of the bytes are rows; the others say where each ends. */
      readonly rowBytes: number;
      readonly columns?: readonly Column[];
      readonly keys?: readonly string[];
    };

/** A slot's job, as an agent is given it. */
export interface SlotJob {
  /** Of the run, from 1. */
  readonly slot: number;
  /** Without its files, and with the name of its histories only. */
  readonly job: Omit<Job, 'shard'>;
  /** The first of its shards, and how many there are in all. */
  readonly first: number;
  readonly count: number;
  /** Hash of the files that its requests send; absent: they send none. */
  readonly files?: string;
  /** By name: the hash of each of its tables. */
  readonly tables: { readonly [name: string]: string };
  /** Zero of the run's clock, by Redis' clock, in µs since 1970. */
  readonly epochUs: number;
}

/** What becomes of a slot on an agent: the first of the bytes that it sends, the files of its histories behind it. */
export type SlotEnd =
  | ({ readonly kind: 'recording' } & Measured)
  | { readonly kind: 'refused'; readonly why: Refused }
  | { readonly kind: 'lost'; readonly how: string; readonly rest?: Measured };

/** What was measured on an agent, and how well. */
export interface Measured {
  /** Of all its threads. */
  readonly recording: Recording;
  /** How long before it began it heard of that; less than 0: too late. */
  readonly noticeUs: number;
  /** The times in it are so far beside the run's clock at most; null: a clock was set meanwhile. */
  readonly withinUs: number | null;
}
