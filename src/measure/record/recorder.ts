import type { Live } from '../../core/recording/live.ts';
import { Histogram } from '../../core/recording/histogram.ts';
import type { Stage } from '../../core/plan/plan.ts';
import type { GeneratorRecording, HistoryRecording, Recording } from '../../core/recording/recording.ts';
import type { End, User } from '../user.ts';
import { atRest, Counts, type CountsOptions } from './counts.ts';
import { HungCount } from './hung-count.ts';
import { InFlightCount } from './in-flight-count.ts';
import { StageTimes } from './stage-times.ts';
import type { SlotTally } from './tally.ts';

/** What a slot's recorder must know in advance. */
export interface RecorderOptions extends CountsOptions {
  /**
   * The measured part: completions inside it count for throughput. `toUs` is Infinity if it lasts until the last iteration
   * has ended. An interruption moves `toUs` to the time at which it happened, while the slot runs. `middleUs` is as planned,
   * or -Infinity if the end was not planned.
   */
  readonly window: { readonly fromUs: number; readonly toUs: number; readonly middleUs: number };
  /** The stages of the load; empty if it has none. */
  readonly stages?: readonly Stage[];
  /** Gets every iteration that ends, to show progress. */
  readonly live: Live;
}

/**
 * Counts and times what happens in one slot; {@link finish} it once.
 *
 * The warm-up is counted like the measured part and thrown away: a branch that only the measured part takes would be
 * compiled in the middle of it, on the generator's own core.
 */
export class Recorder implements SlotTally {
  readonly #options: RecorderOptions;
  readonly #warmup: Counts;
  readonly #measured: Counts;
  /** By whether an iteration is measured. Looked up, as a branch would be one that the warm-up does not take. */
  readonly #parts: readonly [warmup: Counts, measured: Counts];
  /** What the warm-up took, all kinds of times together. */
  readonly #anyTime = Histogram.empty();
  readonly #connect = Histogram.empty();
  readonly #lapsed = new Map<string, number>();
  readonly #inFlight: InFlightCount;
  readonly #hung = new HungCount();
  /** `undefined` if the load has none. */
  readonly #stages: StageTimes | undefined;
  /** Arrivals that wait or are in flight at the edges of the window. `undefined` with a closed load, which has none. */
  readonly #backlog: { atStart: number; atEnd: number } | undefined;
  #inWindow = 0;
  #inFirstHalf = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#warmup = new Counts(options, () => this.#anyTime);
    this.#measured = new Counts(options, () => Histogram.empty());
    this.#parts = [this.#warmup, this.#measured];
    this.#inFlight = new InFlightCount(options.window);
    this.#backlog = options.isOpen ? { atStart: 0, atEnd: 0 } : undefined;
    const { stages = [], window } = options;
    this.#stages = stages.length === 0 ? undefined : new StageTimes(stages, window, () => Histogram.empty());
  }

  exchange(user: User, step: number): void {
    const { connectUs, sentUs, doneUs } = user.exchange;
    const { spent } = user;
    spent.requests++;
    if (connectUs >= 0) {
      this.#connect.record(connectUs);
      spent.connectUs += connectUs;
    }
    // A failed request took time, too, and it is part of the iteration's.
    spent.serviceUs += doneUs - sentUs;
    this.#of(user).exchange(user, step);
  }

  lock(user: User, lock: string, waitUs: number, holdUs: number, queue: number): void {
    this.#of(user).lock(lock, waitUs, holdUs, queue);
  }

  lapsed(lock: string): void {
    this.#lapsed.set(lock, (this.#lapsed.get(lock) ?? 0) + 1);
  }

  section(user: User, waitUs: number, holdUs: number): void {
    this.#of(user).section(waitUs, holdUs);
  }

  attempt(user: User): void {
    this.#of(user).attempt();
  }

  group(user: User, group: number, us: number, end: End): void {
    this.#of(user).group(group, us, end);
  }

  conflict(user: User): void {
    this.#of(user).conflict();
  }

  begun(begunUs: number): void {
    this.#inFlight.begun(begunUs);
  }

  iteration(user: User, intendedUs: number, begunUs: number, endedUs: number, end: End): void {
    const { window, live } = this.#options;
    const isTimed = end === 'completed' || (end === 'failed' && user.failure === 'timeout');
    this.#inFlight.ended(begunUs, endedUs, user.measured && isTimed);
    const backlog = this.#backlog;
    if (backlog !== undefined) {
      backlog.atStart += intendedUs < window.fromUs && endedUs >= window.fromUs ? 1 : 0;
      backlog.atEnd += endedUs >= window.toUs ? 1 : 0;
    }
    const stages = this.#stages;
    if (stages !== undefined && user.measured) stages.add(intendedUs, endedUs, end, isTimed);
    if (end === 'completed') {
      live.completedIn(endedUs - intendedUs);
      // Whenever it began: iterations that come in over one edge of the window make up for those that leave over the other.
      const isInside = endedUs < window.toUs && endedUs >= window.fromUs;
      this.#inWindow += isInside ? 1 : 0;
      this.#inFirstHalf += endedUs < window.middleUs && isInside ? 1 : 0;
    } else {
      if (end === 'failed') live.failedOnce();
      if (!user.measured && endedUs >= window.fromUs) this.#hung.add(user, end);
    }
    this.#of(user).iteration(user, intendedUs, begunUs, endedUs, end, isTimed);
  }

  /** An arrival of the measured part that no user took. */
  dropped(dueUs: number): void {
    this.#stages?.dropped(dueUs);
  }

  /** Gives the recording; frees the histograms, so the recorder cannot be used afterwards. */
  finish(
    generator: Omit<GeneratorRecording, 'late'>,
    dropped: number,
    histories: readonly HistoryRecording[] = [],
  ): Recording {
    const { window } = this.#options;
    const backlog = this.#backlog;
    const { begun, completed, failed, interrupted, late, firstBegunUs, lastEndedUs } = this.#measured;
    const isEndless = window.toUs === Infinity;
    const { times, ...counts } = this.#measured.finish(this.#lapsed);
    this.#anyTime.free();
    return {
      ...counts,
      iterations: { scheduled: begun + dropped, begun, completed, failed, interrupted, dropped },
      window: {
        fromUs: isEndless && begun > 0 ? firstBegunUs : window.fromUs,
        toUs: Math.max(isEndless ? lastEndedUs : window.toUs, window.fromUs),
        // If the window lasts until the last iteration ended: all measured iterations, and none of the warm-up.
        completed: isEndless ? completed : this.#inWindow,
        firstHalf: this.#inFirstHalf,
      },
      unmeasured: { preflight: 0, before: 0, warmup: this.#warmup.requests, finalReads: 0 },
      times: { ...times, connect: atRest(this.#connect) },
      inFlight: this.#inFlight.seen(),
      ...(backlog === undefined ? {} : { backlog }),
      ...this.#stages?.finish(),
      ...this.#hung.finish(),
      generator: { ...generator, late },
      histories,
    };
  }

  #of(user: User): Counts {
    return this.#parts[user.measured ? 1 : 0];
  }
}
