import type { Choice } from '../../core/json.ts';
import type { Stage } from '../../core/plan/plan.ts';
import { stream } from '../../core/random.ts';
import { shareOf, type Shard } from '../../core/slot.ts';
import { firstWarmupIteration } from './arrivals.ts';
import type { Gap } from './gap.ts';
import { gaps } from './index.ts';
import { constant, ramped, type Timeline } from './rate.ts';
import type { ArrivalName } from './syntax.ts';

/** What a slot's schedule follows from. */
export interface ScheduleOptions {
  readonly arrival: Choice;
  /** The rate throughout, or of the warm-up alone where there are stages. */
  readonly ratePerSecond: number;
  readonly stages: readonly Stage[];
  readonly seed: number;
  readonly round: number;
  readonly warmupUs: number;
  /** When the measured part begins. */
  readonly fromUs: number;
  /** How many measured arrivals all shards have together; Infinity: no end. */
  readonly iterations: number;
  readonly firstIteration: number;
  readonly shard: Shard;
}

/** When the arrivals of one part are due: the gaps, summed in order and mapped through the rate. */
class Part {
  readonly #gap: Gap;
  readonly #timeline: Timeline;
  #next = 0;
  #expected = 0;

  constructor(gap: Gap, timeline: Timeline) {
    this.#gap = gap;
    this.#timeline = timeline;
  }

  /** In whole µs since the part began. */
  dueUs(arrival: number): number {
    while (this.#next <= arrival) this.#expected += this.#gap(this.#next++);
    // Rounded down, as all times are. A sum that is whole but for its last digits counts as whole, so that counts are exact.
    return Math.floor(this.#timeline(this.#expected) + 0.001);
  }
}

/**
 * The arrivals of one shard, in order: those of the warm-up, then the measured ones. A pure function of seed, round and
 * number: every shard walks the whole sequence and takes its own, i, i + n, i + 2n …
 *
 * @cost an arrival: a gap for each shard, and the rate's integral inverted; no allocation
 */
export class Schedule {
  /** When the next arrival is due, in µs since the run's epoch; Infinity if there is none. */
  dueUs = Infinity;
  /** Number of its iteration. */
  iteration = 0;
  readonly #options: ScheduleOptions;
  readonly #measured: Part;
  /** The current part: when it begins and ends, how many arrivals the shard has in it, and the number of the first one. */
  #part: Part;
  #fromUs: number;
  #toUs: number;
  #ofShard = Infinity;
  #firstIteration: number = firstWarmupIteration;
  #taken = 0;

  constructor(options: ScheduleOptions) {
    this.#options = options;
    const { arrival, ratePerSecond, stages, seed, round, fromUs, warmupUs } = options;
    const make = gaps[arrival.name as ArrivalName];
    const [first, ...others] = stages;
    const throughout = constant(ratePerSecond);
    this.#part = new Part(make(seed, stream(`arrivals.warmup.${round}`)), throughout);
    this.#measured = new Part(
      make(seed, stream(`arrivals.${round}`)),
      first === undefined ? throughout : ramped([first, ...others]),
    );
    this.#fromUs = fromUs - warmupUs;
    this.#toUs = fromUs;
    this.#find();
  }

  /** Moves on to the next arrival. */
  advance(): void {
    this.#taken++;
    this.#find();
  }

  #find(): void {
    const { shard, fromUs, iterations, firstIteration } = this.#options;
    const number = shard.index + this.#taken * shard.count;
    this.dueUs = this.#taken < this.#ofShard ? this.#fromUs + this.#part.dueUs(number) : Infinity;
    this.iteration = this.#firstIteration + number;
    if (this.dueUs < this.#toUs || this.#part === this.#measured) return;
    this.#part = this.#measured;
    this.#fromUs = fromUs;
    this.#toUs = Infinity;
    this.#ofShard = shareOf(iterations, shard);
    this.#firstIteration = firstIteration;
    this.#taken = 0;
    this.#find();
  }
}
