import type { FailureClass } from '../../core/failure.ts';
import { Histogram } from '../../core/histogram.ts';
import { mergeTimes } from '../../core/merge.ts';
import type {
  FailureCount,
  GeneratorRecording,
  HistoryRecording,
  LockRecording,
  Recording,
  Second,
  StepRecording,
} from '../../core/recording.ts';
import { secondBucketOf, secondBuckets } from '../../core/seconds.ts';
import type { End, User } from '../iteration/user.ts';
import { AnatomyTable } from './anatomy-table.ts';
import { GroupTimes } from './group-times.ts';
import { InFlightCount } from './in-flight-count.ts';
import { sampleOf } from './sample.ts';
import { ServerTimesCount } from './server-times.ts';
import type { SlotTally } from './tally.ts';

/** What a slot's recorder must know beforehand. */
export interface RecorderOptions {
  /** The mode's requests, in order. A pass through a critical section is counted by the one that `opens` it, or as `attempt`. */
  readonly steps: readonly { readonly name: string; readonly opens: boolean }[];
  /** The names of the mode's groups, in order; absent: it has none. */
  readonly groups?: readonly string[];
  readonly users: number;
  /** Open load: arrivals may wait for a free user. */
  readonly isOpen: boolean;
  /**
   * The measured part: completions inside it count for throughput. `toUs` Infinity: until the last iteration ended.
   * An interruption moves `toUs` to its own moment, while the slot runs. `middleUs`: as planned; -Infinity: not planned.
   */
  readonly window: { readonly fromUs: number; readonly toUs: number; readonly middleUs: number };
  /** Counted up with every completed iteration, for whoever shows progress. */
  readonly live: { completed: number };
}

type Writable<T> = { -readonly [key in keyof T]: T[key] };

interface Step {
  readonly byStatus: Map<number, number>;
  readonly byError: Map<FailureClass, number>;
  resent: number;
  readonly service: Histogram;
}

interface LockCounts {
  readonly wait: Histogram;
  readonly hold: Histogram;
  contended: number;
  longestQueue: number;
}

/** Counts and times what happens in one slot; {@link finish} it once. */
export class Recorder implements SlotTally {
  readonly #options: RecorderOptions;
  readonly #response = Histogram.empty();
  readonly #queueWait = Histogram.empty();
  readonly #sendLag = Histogram.empty();
  readonly #connect = Histogram.empty();
  readonly #lockWait = Histogram.empty();
  readonly #lockHold = Histogram.empty();
  readonly #steps: readonly Step[];
  readonly #locks = new Map<string, LockCounts>();
  readonly #lapsed = new Map<string, number>();
  readonly #failures = new Map<FailureClass, FailureCount>();
  readonly #seconds: Writable<Second & { response: number[] }>[] = [];
  readonly #completedByUser: number[];
  readonly #anatomy = new AnatomyTable();
  readonly #server = new ServerTimesCount();
  readonly #groups: GroupTimes;
  readonly #inFlight: InFlightCount;
  #begun = 0;
  #completed = 0;
  #failed = 0;
  #interrupted = 0;
  #attempts = 0;
  #conflicts = 0;
  #wasted = 0;
  #warmup = 0;
  #inWindow = 0;
  #inFirstHalf = 0;
  #late = 0;
  #firstBegunUs = Infinity;
  #lastEndedUs = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#groups = new GroupTimes(options.groups ?? []);
    this.#inFlight = new InFlightCount(options.window);
    this.#steps = options.steps.map(() => ({
      byStatus: new Map(),
      byError: new Map(),
      resent: 0,
      service: Histogram.empty(),
    }));
    this.#completedByUser = Array.from({ length: options.users }, () => 0);
  }

  /** A connection that was opened before the slot. */
  connected(us: number): void {
    this.#connect.record(us);
  }

  exchange(user: User, step: number): void {
    const { connectUs, failure, status, sentUs, doneUs, resent } = user.exchange;
    const { spent } = user;
    spent.requests++;
    if (connectUs >= 0) {
      this.#connect.record(connectUs);
      spent.connectUs += connectUs;
    }
    // The time of one that failed was spent as well: it ran out, and is part of the iteration's.
    spent.serviceUs += doneUs - sentUs;
    if (user.exchange.isTimed) this.#server.add(user, doneUs - sentUs);
    if (!user.measured) {
      this.#warmup++;
      return;
    }
    const counts = this.#steps[step]!;
    if (resent) counts.resent++;
    if (failure === undefined) {
      counts.byStatus.set(status, (counts.byStatus.get(status) ?? 0) + 1);
      counts.service.record(doneUs - sentUs);
    } else counts.byError.set(failure, (counts.byError.get(failure) ?? 0) + 1);
  }

  lock(user: User, lock: string, waitUs: number, holdUs: number, queue: number): void {
    if (!user.measured) return;
    const counts = this.#lockCounts(lock);
    counts.wait.record(waitUs);
    counts.hold.record(holdUs);
    if (queue > 0) counts.contended++;
    if (queue > counts.longestQueue) counts.longestQueue = queue;
  }

  lapsed(lock: string): void {
    this.#lapsed.set(lock, (this.#lapsed.get(lock) ?? 0) + 1);
  }

  section(user: User, waitUs: number, holdUs: number): void {
    if (!user.measured) return;
    this.#lockWait.record(waitUs);
    this.#lockHold.record(holdUs);
  }

  attempt(user: User): void {
    if (user.measured) this.#attempts++;
  }

  group(user: User, group: number, us: number, end: End): void {
    if (user.measured) this.#groups.add(group, us, end);
  }

  conflict(user: User): void {
    if (user.measured) this.#conflicts++;
  }

  begun(begunUs: number): void {
    this.#inFlight.begun(begunUs);
  }

  iteration(user: User, intendedUs: number, begunUs: number, endedUs: number, end: End): void {
    const { window, live } = this.#options;
    const isTimed = end === 'completed' || (end === 'failed' && user.failure === 'timeout');
    this.#inFlight.ended(begunUs, endedUs, user.measured && isTimed);
    if (end === 'completed') {
      live.completed++;
      // Whenever it began: what enters over one edge of the window makes up for what leaves over the other.
      if (endedUs >= window.fromUs && endedUs < window.toUs) {
        this.#inWindow++;
        if (endedUs < window.middleUs) this.#inFirstHalf++;
      }
    }
    if (!user.measured) return;
    this.#begun++;
    const { freeUs, spent } = user;
    this.#wasted += spent.wasted;
    const queueWaitUs = this.#options.isOpen ? Math.max(0, freeUs - intendedUs) : 0;
    if (this.#options.isOpen) this.#queueWait.record(queueWaitUs);
    const sendLagUs = begunUs - Math.max(intendedUs, freeUs);
    this.#sendLag.record(sendLagUs);
    if (begunUs >= window.toUs && freeUs < window.toUs) this.#late++;
    if (begunUs < this.#firstBegunUs) this.#firstBegunUs = begunUs;
    if (endedUs > this.#lastEndedUs) this.#lastEndedUs = endedUs;
    if (end === 'interrupted') {
      this.#interrupted++;
      return;
    }
    const responseUs = endedUs - intendedUs;
    if (isTimed) {
      this.#response.record(responseUs);
      this.#anatomy.add(responseUs, queueWaitUs, sendLagUs, spent);
    }
    const second = this.#second(Math.max(0, Math.floor((endedUs - window.fromUs) / 1e6)));
    if (end === 'completed') {
      this.#completed++;
      this.#completedByUser[user.index]!++;
      second.completed++;
      second.response[secondBucketOf(responseUs)]!++;
    } else {
      this.#failed++;
      second.failed++;
      this.#failure(user);
    }
  }

  /** The recording; frees the histograms, so the recorder is of no use afterwards. */
  finish(
    generator: Omit<GeneratorRecording, 'late'>,
    dropped: number,
    histories: readonly HistoryRecording[] = [],
  ): Recording {
    const { steps, window } = this.#options;
    const stepRecordings = steps.map(({ name }, at) => [name, stepRecording(this.#steps[at]!)] as const);
    for (const lock of this.#lapsed.keys()) this.#lockCounts(lock);
    const locks = [...this.#locks].map(
      ([name, counts]) => [name, lockRecording(counts, this.#lapsed.get(name) ?? 0)] as const,
    );
    const none = Histogram.empty();
    const nothing = atRest(none);
    const toUs = window.toUs === Infinity ? this.#lastEndedUs : window.toUs;
    const recording: Recording = {
      iterations: {
        scheduled: this.#begun + dropped,
        begun: this.#begun,
        completed: this.#completed,
        failed: this.#failed,
        interrupted: this.#interrupted,
        dropped,
      },
      window: {
        fromUs: window.toUs === Infinity && this.#begun > 0 ? this.#firstBegunUs : window.fromUs,
        toUs: Math.max(toUs, window.fromUs),
        // Until the last one ended: every measured one, and none of the warm-up's.
        completed: window.toUs === Infinity ? this.#completed : this.#inWindow,
        firstHalf: this.#inFirstHalf,
      },
      attempts: steps.reduce((sum, { opens }, at) => sum + (opens ? requestsIn(this.#steps[at]!) : 0), this.#attempts),
      conflicts: this.#conflicts,
      wasted: this.#wasted,
      failures: Object.fromEntries(this.#failures),
      unmeasured: { preflight: 0, before: 0, warmup: this.#warmup, finalReads: 0 },
      times: {
        response: atRest(this.#response),
        queueWait: atRest(this.#queueWait),
        sendLag: atRest(this.#sendLag),
        service: mergeTimes([nothing, ...stepRecordings.map(([, step]) => step.service)]),
        connect: atRest(this.#connect),
        lockWait: atRest(this.#lockWait),
        lockHold: atRest(this.#lockHold),
      },
      steps: Object.fromEntries(stepRecordings),
      locks: Object.fromEntries(locks),
      ...this.#server.finish(),
      ...this.#groups.finish(),
      anatomy: this.#anatomy.rows(),
      inFlight: this.#inFlight.seen(),
      seconds: this.#seconds.filter((second) => second.completed + second.failed > 0),
      completedByUser: this.#completedByUser,
      generator: { ...generator, late: this.#late },
      histories,
    };
    return recording;
  }

  #lockCounts(lock: string): LockCounts {
    let counts = this.#locks.get(lock);
    if (counts === undefined) {
      counts = { wait: Histogram.empty(), hold: Histogram.empty(), contended: 0, longestQueue: 0 };
      this.#locks.set(lock, counts);
    }
    return counts;
  }

  #second(second: number): Writable<Second & { response: number[] }> {
    for (let next = this.#seconds.length; next <= second; next++) {
      this.#seconds.push({
        second: next,
        completed: 0,
        failed: 0,
        response: Array.from({ length: secondBuckets }, () => 0),
      });
    }
    return this.#seconds[second]!;
  }

  #failure({ failure, failureText, failedStep, exchange, iteration }: User): void {
    const known = this.#failures.get(failure);
    const example =
      known === undefined || iteration < known.example.iteration ? { iteration, text: failureText } : known.example;
    let samples = known?.samples;
    const sample = failedStep === '' ? undefined : samples?.[failedStep];
    if (failedStep !== '' && (sample === undefined || iteration < sample.iteration)) {
      samples = { ...samples, [failedStep]: sampleOf(exchange, iteration) };
    }
    this.#failures.set(failure, {
      count: (known?.count ?? 0) + 1,
      example,
      ...(samples === undefined ? {} : { samples }),
    });
  }
}

const requestsIn = ({ byStatus, byError }: Step): number => {
  let sum = 0;
  for (const count of byStatus.values()) sum += count;
  for (const count of byError.values()) sum += count;
  return sum;
};

const atRest = (histogram: Histogram): Recording['times']['response'] => {
  const times = histogram.toTimes();
  histogram.free();
  return times;
};

const stepRecording = ({ byStatus, byError, resent, service }: Step): StepRecording => ({
  byStatus: Object.fromEntries(byStatus),
  byError: Object.fromEntries(byError),
  resent,
  service: atRest(service),
});

const lockRecording = ({ wait, hold, contended, longestQueue }: LockCounts, lapsed: number): LockRecording => ({
  wait: atRest(wait),
  hold: atRest(hold),
  contended,
  longestQueue,
  lapsed,
});
