import type { FailureClass } from '../../core/recording/failure.ts';
import { Histogram } from '../../core/recording/histogram.ts';
import { mergeTimes } from '../../core/recording/merge.ts';
import type { FailureCount, LockRecording, Recording, Second, StepRecording } from '../../core/recording/recording.ts';
import { secondBucketOf, secondBuckets } from '../../core/recording/seconds.ts';
import type { End, User } from '../user.ts';
import { AnatomyTable } from './anatomy-table.ts';
import { DrawTable, type DrawOptions } from './draw-table.ts';
import { GroupTimes } from './group-times.ts';
import { sampleOf } from './sample.ts';
import { ServerTimesCount } from './server-times.ts';

/** What is known in advance about the iterations to count. */
export interface CountsOptions {
  /** The mode's requests, in order. A pass through a critical section is counted by the request that `opens` it, or as `attempt`. */
  readonly steps: readonly { readonly name: string; readonly opens: boolean }[];
  /** The names of the mode's groups, in order; absent: it has none. */
  readonly groups?: readonly string[];
  readonly users: number;
  /** Open load: arrivals may wait for a free user. */
  readonly isOpen: boolean;
  /** Absent: no iterations are drawn. */
  readonly draw?: DrawOptions;
  /** The measured part of the slot; an interruption moves `toUs` to the time at which it happened, while the slot runs. */
  readonly window: { readonly fromUs: number; readonly toUs: number };
}

type Writable<T> = { -readonly [key in keyof T]: T[key] };

interface Step {
  readonly byStatus: Map<number, number>;
  readonly byError: Map<FailureClass, number>;
  resent: number;
  bytes: number;
  readonly service: Histogram;
}

interface LockCounts {
  readonly wait: Histogram;
  readonly hold: Histogram;
  contended: number;
  longestQueue: number;
}

/** The parts of a recording that come from its own iterations alone. */
type CountsRecording = Pick<
  Recording,
  | 'attempts'
  | 'conflicts'
  | 'wasted'
  | 'again'
  | 'failures'
  | 'steps'
  | 'locks'
  | 'server'
  | 'groups'
  | 'anatomy'
  | 'seconds'
  | 'completedByUser'
  | 'draw'
> & { readonly times: Omit<Recording['times'], 'connect'> };

/** Counts and times the iterations of one part of a slot: the warm-up or the measured part. {@link finish} it once. */
export class Counts {
  readonly #options: CountsOptions;
  readonly #histogram: () => Histogram;
  readonly #response: Histogram;
  readonly #queueWait: Histogram;
  readonly #sendLag: Histogram;
  readonly #lockWait: Histogram;
  readonly #lockHold: Histogram;
  readonly #steps: readonly Step[];
  readonly #locks = new Map<string, LockCounts>();
  readonly #failures = new Map<FailureClass, FailureCount>();
  readonly #seconds: Writable<Second & { response: number[] }>[] = [];
  readonly #completedByUser: number[];
  readonly #anatomy = new AnatomyTable();
  readonly #server: ServerTimesCount;
  readonly #groups: GroupTimes;
  readonly #draw: DrawTable | undefined;
  #attempts = 0;
  #conflicts = 0;
  #wasted = 0;
  #again = 0;
  /** Including failed ones. */
  requests = 0;
  /** Iterations, as are the next three. */
  begun = 0;
  completed = 0;
  failed = 0;
  interrupted = 0;
  /** Due inside the window, with a user free inside it, but begun after it. */
  late = 0;
  firstBegunUs = Infinity;
  lastEndedUs = -Infinity;

  /** @param histogram makes one for each kind of time; for a part that is thrown away they may all be the same */
  constructor(options: CountsOptions, histogram: () => Histogram) {
    this.#options = options;
    this.#histogram = histogram;
    this.#response = histogram();
    this.#queueWait = histogram();
    this.#sendLag = histogram();
    this.#lockWait = histogram();
    this.#lockHold = histogram();
    this.#server = new ServerTimesCount(histogram);
    this.#groups = new GroupTimes(options.groups ?? [], histogram);
    this.#draw = options.draw === undefined ? undefined : new DrawTable(options.draw);
    this.#steps = options.steps.map(() => ({
      byStatus: new Map(),
      byError: new Map(),
      resent: 0,
      bytes: 0,
      service: histogram(),
    }));
    this.#completedByUser = Array.from({ length: options.users }, () => 0);
  }

  exchange(user: User, step: number): void {
    const { failure, status, bytes, sentUs, doneUs, resent, isTimed } = user.exchange;
    this.requests++;
    if (isTimed) this.#server.add(user, doneUs - sentUs);
    const counts = this.#steps[step]!;
    counts.bytes += bytes;
    if (resent) counts.resent++;
    if (failure === undefined) {
      counts.byStatus.set(status, (counts.byStatus.get(status) ?? 0) + 1);
      counts.service.record(doneUs - sentUs);
    } else counts.byError.set(failure, (counts.byError.get(failure) ?? 0) + 1);
  }

  lock(lock: string, waitUs: number, holdUs: number, queue: number): void {
    const counts = this.#lockCounts(lock);
    counts.wait.record(waitUs);
    counts.hold.record(holdUs);
    if (queue > 0) counts.contended++;
    if (queue > counts.longestQueue) counts.longestQueue = queue;
  }

  section(waitUs: number, holdUs: number): void {
    this.#lockWait.record(waitUs);
    this.#lockHold.record(holdUs);
  }

  attempt(): void {
    this.#attempts++;
  }

  group(group: number, us: number, end: End): void {
    this.#groups.add(group, us, end);
  }

  conflict(): void {
    this.#conflicts++;
  }

  /** `isTimed`: it has a response time. */
  iteration(user: User, intendedUs: number, begunUs: number, endedUs: number, end: End, isTimed: boolean): void {
    const { window, isOpen } = this.#options;
    const { freeUs, spent } = user;
    this.begun++;
    this.#wasted += spent.wasted;
    this.#again += spent.again;
    const queueWaitUs = isOpen ? Math.max(0, freeUs - intendedUs) : 0;
    if (isOpen) this.#queueWait.record(queueWaitUs);
    const sendLagUs = begunUs - Math.max(intendedUs, freeUs);
    this.#sendLag.record(sendLagUs);
    if (begunUs >= window.toUs && freeUs < window.toUs) this.late++;
    this.firstBegunUs = Math.min(this.firstBegunUs, begunUs);
    this.lastEndedUs = Math.max(this.lastEndedUs, endedUs);
    const responseUs = endedUs - intendedUs;
    this.#draw?.offer(user, intendedUs - window.fromUs, responseUs, queueWaitUs, sendLagUs, end, isTimed);
    if (end === 'interrupted') {
      this.interrupted++;
      return;
    }
    if (isTimed) {
      this.#response.record(responseUs);
      this.#anatomy.add(responseUs, queueWaitUs, sendLagUs, spent);
    }
    const second = this.#second(Math.max(0, Math.floor((endedUs - window.fromUs) / 1e6)));
    if (end === 'completed') {
      this.completed++;
      this.#completedByUser[user.index]!++;
      second.completed++;
      second.response[secondBucketOf(responseUs)]!++;
    } else {
      this.failed++;
      second.failed++;
      this.#failure(user);
    }
  }

  /**
   * Gives what was counted; frees the histograms.
   *
   * @param lapsed how many leases ran out, by the name of the lock
   */
  finish(lapsed: ReadonlyMap<string, number>): CountsRecording {
    const { steps } = this.#options;
    const stepRecordings = steps.map(({ name }, at) => [name, stepRecording(this.#steps[at]!)] as const);
    for (const lock of lapsed.keys()) this.#lockCounts(lock);
    const locks = [...this.#locks].map(
      ([name, counts]) => [name, lockRecording(counts, lapsed.get(name) ?? 0)] as const,
    );
    const nothing = atRest(Histogram.empty());
    return {
      attempts: steps.reduce((sum, { opens }, at) => sum + (opens ? requestsIn(this.#steps[at]!) : 0), this.#attempts),
      conflicts: this.#conflicts,
      wasted: this.#wasted,
      again: this.#again,
      failures: Object.fromEntries(this.#failures),
      times: {
        response: atRest(this.#response),
        queueWait: atRest(this.#queueWait),
        sendLag: atRest(this.#sendLag),
        service: mergeTimes([nothing, ...stepRecordings.map(([, step]) => step.service)]),
        lockWait: atRest(this.#lockWait),
        lockHold: atRest(this.#lockHold),
      },
      steps: Object.fromEntries(stepRecordings),
      locks: Object.fromEntries(locks),
      ...this.#server.finish(),
      ...this.#groups.finish(),
      anatomy: this.#anatomy.rows(),
      seconds: this.#seconds.filter((second) => second.completed + second.failed > 0),
      completedByUser: this.#completedByUser,
      ...(this.#draw === undefined ? {} : { draw: this.#draw.finish() }),
    };
  }

  #lockCounts(lock: string): LockCounts {
    let counts = this.#locks.get(lock);
    if (counts === undefined) {
      counts = { wait: this.#histogram(), hold: this.#histogram(), contended: 0, longestQueue: 0 };
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

/** The histogram serialized for a recording; frees it. */
export const atRest = (histogram: Histogram): Recording['times']['response'] => {
  const times = histogram.toTimes();
  histogram.free();
  return times;
};

const stepRecording = ({ byStatus, byError, resent, bytes, service }: Step): StepRecording => ({
  byStatus: Object.fromEntries(byStatus),
  byError: Object.fromEntries(byError),
  resent,
  bytes,
  service: atRest(service),
});

const lockRecording = ({ wait, hold, contended, longestQueue }: LockCounts, lapsed: number): LockRecording => ({
  wait: atRest(wait),
  hold: atRest(hold),
  contended,
  longestQueue,
  lapsed,
});
