import type { Draw } from './draw.ts';
import type { FailureClass } from './failure.ts';

/** The times of design: each is a histogram in whole microseconds. */
export const timeNames = ['response', 'queueWait', 'sendLag', 'service', 'connect', 'lockWait', 'lockHold'] as const;

/** One of the times that a recording holds. */
export type TimeName = (typeof timeNames)[number];

/**
 * A histogram at rest: HdrHistogram V2, compressed, base64, in whole µs.
 *
 * `min`, `max` and `sum` are exact, which the histogram's buckets are not; all three are 0 where nothing was recorded.
 * `clamped` counts the values above 1 h, recorded as 1 h.
 */
export interface Times {
  readonly histogram: string;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly clamped: number;
}

/**
 * What happened in one slot, or in several merged: counters and histograms, never a list of samples except the few that were asked to be drawn.
 *
 * Law: merge(record(a), record(b)) equals record(a then b), field by field. So nothing in here is a percentile or a share.
 */
export interface Recording {
  readonly iterations: IterationCounts;
  /** The measured part, µs since the run's epoch, and the iterations that completed inside it, whenever they began. */
  readonly window: {
    readonly fromUs: number;
    readonly toUs: number;
    readonly completed: number;
    /** Of those, the ones in the first half of its planned length; 0 where the length was not planned. */
    readonly firstHalf: number;
  };
  /** Passes through critical sections. */
  readonly attempts: number;
  readonly conflicts: number;
  /** Requests in attempts that ended in a conflict. */
  readonly wasted: number;
  /** Requests that were sent instead of one that `retry` names. */
  readonly again: number;
  /** Iterations that failed, by why; `example` is that of the lowest iteration number. */
  readonly failures: { readonly [failure in FailureClass]?: FailureCount };
  /** Of the warm-up: iterations that hung beyond it, by why; `aborted` those that the end interrupted. Absent where none did. */
  readonly hung?: { readonly [failure in FailureClass]?: FailureCount };
  /** Absent with HTTP/2, whose requests share connections. */
  readonly connections?: ConnectionCounts;
  readonly unmeasured: Unmeasured;
  readonly times: { readonly [name in TimeName]: Times };
  /** By step name. */
  readonly steps: { readonly [step: string]: StepRecording };
  /** By the group's name; absent where the mode has none. */
  readonly groups?: { readonly [group: string]: GroupRecording };
  /** In the order of the load; absent where it has none. */
  readonly stages?: readonly StageRecording[];
  /** Of an open load: arrivals that were due, and neither ended nor dropped. Absent with a closed one. */
  readonly backlog?: Backlog;
  /** By the lock's own name: `mutex`, or `request` and `response`. */
  readonly locks: { readonly [lock: string]: LockRecording };
  /** Where response times went, by bucket of the response time; those without an iteration are left out. */
  readonly anatomy: readonly AnatomyRow[];
  readonly inFlight: InFlight;
  /** By second since the window opened. */
  readonly seconds: readonly Second[];
  /** Of requests whose answer told them in `Server-Timing`; absent where none did. */
  readonly server?: ServerRecording;
  /** By user. */
  readonly completedByUser: readonly number[];
  readonly generator: GeneratorRecording;
  /** Iterations that were drawn; absent where none were to be. */
  readonly draw?: Draw;
  /** Every observed operation since `before`, warm-up and drain included: a file for each model and share. */
  readonly histories: readonly HistoryRecording[];
}

/** The connections of a slot, or of its share on one thread. */
export interface ConnectionCounts {
  readonly opened: number;
  /** At a time, at most. */
  readonly open: number;
  /** At a time, at most: of those that were open, the ones on which the target had answered. */
  readonly answering: number;
  /** On which the target did not answer until others were closed, or never. */
  readonly starved: number;
  /** That the target closed although it had not said so, all of them after as many answers; 0 where it keeps some longer. */
  readonly closed: number;
  /** Answers on those. */
  readonly closedAnswers: number;
  /** Requests that were sent on one of those when it was closed already. */
  readonly closedLost: number;
  /** Answers over TLS that end with the connection, of which the target did not say that it ends: they may be cut off. */
  readonly unclosed: number;
}

/** What became of the iterations that were due in one stage of a load. */
export interface StageRecording {
  readonly completed: number;
  readonly failed: number;
  readonly dropped: number;
  /** Response times. */
  readonly response: Times;
}

/** How many arrivals were waiting or in flight as the window opened, and as it closed. */
export interface Backlog {
  readonly atStart: number;
  readonly atEnd: number;
}

/** How the generator fared in the measured part, its threads added up. */
export interface GeneratorRecording {
  readonly cpuUs: number;
  /** How much of the CPU time was spent looking at the clock with nothing to do. */
  readonly idleUs: number;
  /** The time over which that was used. */
  readonly wallUs: number;
  /** Time that garbage collection held the thread. */
  readonly gcUs: number;
  /** How late its timers were. */
  readonly loopDelay: Times;
  /** The longest time in which a thread did nothing although it should have: it was held, or the machine slept. */
  readonly longestGapUs: number;
  /** Arrivals inside the window that began after it, although a user was free in time. */
  readonly late: number;
}

/** scheduled = begun + dropped; begun = completed + failed + interrupted. */
export interface IterationCounts {
  readonly scheduled: number;
  readonly begun: number;
  readonly completed: number;
  readonly failed: number;
  readonly interrupted: number;
  readonly dropped: number;
}

/** Requests that were sent and are in no statistic. */
export interface Unmeasured {
  readonly preflight: number;
  readonly before: number;
  readonly warmup: number;
  readonly finalReads: number;
  /** Of the users of each slot, where there is a login. */
  readonly login?: number;
  /** Where there are steps for when a slot is over. */
  readonly after?: number;
  /** Of an invariant that is asked while the load is on. */
  readonly observer?: number;
}

/** How often, and the first of them in words. */
export interface FailureCount {
  readonly count: number;
  readonly example: { readonly iteration: number; readonly text: string };
  /** By step: an answer that failed, that of the lowest iteration number; absent where no answer was the reason. */
  readonly samples?: { readonly [step: string]: Sample };
}

/** What came back, as far as the step read it, without what could be a secret. */
export interface Sample {
  readonly iteration: number;
  readonly status: number;
  /** In their order; names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The beginning of it. */
  readonly body: string;
}

/** One step's requests: answers by status, failures by class; together they are all its requests. */
export interface StepRecording {
  readonly byStatus: { readonly [status: string]: number };
  readonly byError: { readonly [failure in FailureClass]?: number };
  /** Those that were sent again, because the target had closed the idle connection that they were sent on. */
  readonly resent: number;
  /** Of answers, as they were received. */
  readonly bytes: number;
  readonly service: Times;
}

/** The passes through one group of steps: the times of those that completed, and how many failed or were interrupted. */
export interface GroupRecording {
  readonly time: Times;
  readonly unfinished: number;
}

/** What the target said of its own time: waits for locks, and queries. */
export interface ServerRecording {
  readonly lockWait: Times;
  readonly query: Times;
}

/** One lock of a mode. `longestQueue` counts the waiting, the holder not among them. */
export interface LockRecording {
  readonly wait: Times;
  readonly hold: Times;
  readonly contended: number;
  readonly longestQueue: number;
  /** Leases that ran out while they were held, warm-up and drain included. */
  readonly lapsed: number;
}

/**
 * What response times were spent on, in µs: `responseUs` is these parts and the rest, which is pauses, processing, and the
 * generator's own work.
 */
export interface ResponseParts {
  readonly responseUs: number;
  readonly queueWaitUs: number;
  readonly sendLagUs: number;
  readonly lockWaitUs: number;
  readonly serviceUs: number;
  readonly connectUs: number;
  /** Attempts that ended in a conflict, with all that was in them, and the pauses after them and before a request is sent again. */
  readonly retriesUs: number;
  /** Parts of `serviceUs`, as the target tells them; absent where it does not. */
  readonly serverLockUs?: number;
  readonly serverQueryUs?: number;
}

/** The iterations of about one response time, their parts added up. */
export interface AnatomyRow extends ResponseParts {
  readonly bucket: number;
  readonly count: number;
}

/** What a target told of its time, as it stands in an anatomy: nothing where it told nothing. */
export const toldBy = (
  serverLockUs: number,
  serverQueryUs: number,
): Pick<AnatomyRow, 'serverLockUs' | 'serverQueryUs'> =>
  serverLockUs + serverQueryUs === 0 ? {} : { serverLockUs, serverQueryUs };

/** What Little's law needs beside the times of iterations. */
export interface InFlight {
  /**
   * The number of users inside an iteration, any iteration, integrated over the window, in µs. Not looked at from time to time:
   * even arrivals and looks at even times keep step, and would find the same number always.
   */
  readonly userUs: number;
  /**
   * What makes that the sum of the times, from beginning to end, of the iterations with a response time: added, what those
   * took outside the window; taken away, what others took inside.
   */
  readonly acrossUs: number;
}

/** One second of a slot. `response`: counts of completed iterations in the buckets of `seconds.ts`. */
export interface Second {
  readonly second: number;
  readonly completed: number;
  readonly failed: number;
  readonly response: readonly number[];
}

/** The operations of one model in one share of a slot. */
export interface HistoryRecording {
  readonly model: string;
  /** A history file. */
  readonly path: string;
  readonly rows: number;
  /** Why it is not whole; `null`: it is. */
  readonly problem: string | null;
  /** Answers that did not say what they were expected to, and the first of them in words. */
  readonly unreadable: { readonly count: number; readonly example: string };
  /** Answers of which `done:` or `refused:` could not tell what they mean, and the first of them in words; absent: none. */
  readonly unclear?: { readonly count: number; readonly example: string };
  /** Of a run on several machines: the agent that recorded it, from 0; absent: the machine that the run was started on. */
  readonly agent?: number;
  /** How wrong that machine's clock was at most meanwhile, in ns; `null`: unknown; absent: all operations are by one clock. */
  readonly epsilonNs?: number | null;
}
