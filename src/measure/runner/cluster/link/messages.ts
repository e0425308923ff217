import type { Mode } from '../../../../core/plan/plan.ts';
import type { Recording } from '../../../../core/recording/recording.ts';
import type { Endpoint, Job } from '../../../../core/slot.ts';
import type { Column } from '../../../../core/table.ts';
import type { Refused } from '../../threads/messages.ts';

/** What a run asks for on the queue of all agents, in the clear: enough to open the rest, or to say why that is not possible. */
export interface Enlistment {
  readonly protocol: number;
  readonly version: string;
  readonly run: string;
  /** The place among the agents of the run, from 0. */
  readonly shard: number;
  /** {@link Terms}, sealed. */
  readonly terms: string;
}

/** What an agent learns about a run before it says hello. */
export interface Terms {
  readonly agents: number;
  /** Who asks: `name@host`. */
  readonly who: string;
  readonly scenario: string;
}

/** What an agent reports of its machine. */
export interface AgentFacts {
  readonly host: string;
  readonly version: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** The number of threads that it lends. */
  readonly threads: number;
  /** Which loopback it has: see `Host.network`. */
  readonly network: string;
}

/** Why an agent does not take part, in the clear, as it may have no key that the controller could open it with. */
export interface Declined {
  readonly kind: 'declined';
  readonly host: string;
  readonly version: string;
  readonly protocol: number;
  readonly why: 'protocol' | 'version' | 'seal';
}

/** What the controller tells an agent, apart from jobs. */
export type ToAgent =
  /** Twice a second, from its own thread. `users`: how many are to be at work if that was set by hand; 0: as planned. */
  | { readonly kind: 'alive'; readonly users: number }
  | {
      readonly kind: 'begin';
      readonly slot: number;
      /** When the slot begins, by Redis' clock, in µs since 1970. */
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
  /** Its recording is ready to be taken. */
  | { readonly kind: 'measured'; readonly slot: number }
  | {
      /** Five times a second. */
      readonly kind: 'beat';
      readonly slot: number;
      /**
       * Whether it agrees to go where the run goes, and the last slots that it was ready for, that it has begun, and whose
       * recording is ready to be taken. Repeated here, as a message may have been lost with a connection.
       */
      readonly isPlanned: boolean;
      readonly ready: number;
      readonly begun: number;
      readonly measured: number;
      readonly failed: number;
      /** Response times of completed iterations, in the buckets of `seconds.ts`. */
      readonly histogram: readonly number[];
      /** How far its clock may be off the reference. */
      readonly withinUs: number;
      /** CPU time of its process since the previous beat, over that of the threads that it lends, 0 to 1. */
      readonly cpuShare: number;
    }
  | { readonly kind: 'leaving'; readonly why: string };

/** The first job of a session: where the run goes, and what it needs there. */
export interface PlanJob {
  /** How long the run is expected to take, in µs. */
  readonly lengthUs: number;
  readonly ways: readonly Way[];
  /** Sent once, and kept for the run. */
  readonly blobs: readonly Blob[];
}

/** One mode, and where it sends load. */
export interface Way {
  readonly mode: Mode;
  readonly endpoint: Endpoint;
}

/** Something large that goes through its own list. */
export type Blob =
  | { readonly kind: 'files'; readonly hash: string }
  | {
      readonly kind: 'table';
      /** SHA-256 of everything in it. */
      readonly hash: string;
      readonly rows: number;
      /** How many of the bytes are rows; the others say where each row ends. */
      readonly rowBytes: number;
      readonly columns?: readonly Column[];
      readonly keys?: readonly string[];
    };

/** A slot's job, as an agent gets it. */
export interface SlotJob {
  /** The slot's number in the run, from 1. */
  readonly slot: number;
  /** Without its files, and only with the base name of its histories. */
  readonly job: Omit<Job, 'shard'>;
  /** The first of its shards, and the number of all shards. */
  readonly first: number;
  readonly count: number;
  /** Hash of the files that its requests send; absent: they send none. */
  readonly files?: string;
  /** The hash of each of its tables, by name. */
  readonly tables: { readonly [name: string]: string };
  /** Zero of the run's clock, by Redis' clock, in µs since 1970. */
  readonly epochUs: number;
}

/** What became of a slot on an agent: comes first in the bytes that it sends, before the files of its histories. */
export type SlotEnd =
  | ({ readonly kind: 'recording' } & Measured)
  | { readonly kind: 'refused'; readonly why: Refused }
  | { readonly kind: 'lost'; readonly how: string; readonly rest?: Measured };

/** What was measured on an agent, and how well. */
export interface Measured {
  /** The merged recording of all its threads. */
  readonly recording: Recording;
  /** How long before the start it was notified; less than 0: too late. */
  readonly noticeUs: number;
  /** How far its times may be off the run's clock at most; `null` if a clock was set meanwhile. */
  readonly withinUs: number | null;
}
