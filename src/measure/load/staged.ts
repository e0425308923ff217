import type { Clock } from '../../core/clock.ts';
import type { Stage } from '../../core/plan/plan.ts';
import { shareOf, type Shard } from '../../core/slot.ts';
import type { Micros } from '../../core/units.ts';
import type { User } from '../user.ts';
import type { Arrivals } from './arrivals.ts';

/** How many users are at work this long after the first stage began: the first value before that, the last one after all stages. */
export const usersAt = (stages: readonly [Stage, ...Stage[]], us: number): number => {
  let fromUs = 0;
  for (const { durationUs, from, to } of stages) {
    if (us < fromUs + durationUs) return Math.round(from + (to - from) * Math.max(0, (us - fromUs) / durationUs));
    fromUs += durationUs;
  }
  return Math.round(stages.at(-1)!.to);
};

/** What a changing number of users is made of. */
export interface StagedOptions {
  readonly clock: Clock;
  /** How many are to be at work now, over all shards. */
  readonly wanted: () => number;
  readonly window: { readonly fromUs: number; readonly toUs: number };
  readonly shard: Shard;
  /** Bounds the users that run at once. It is p-limit's, which lets the next one in as soon as it may. */
  readonly limit: { concurrency: number; readonly activeCount: number };
  readonly signal: AbortSignal;
}

/** A closed load whose number of users changes. */
export interface Staged extends Arrivals {
  /** No new iterations start: a user that has ended is not to be queued again. */
  readonly isOver: boolean;
  /** Stops following. */
  end(): void;
}

/** How often the number of users is adjusted. */
const stepMs = 10;

/** A closed load in which a user too many leaves after its iteration. */
export const staged = (arrivals: Arrivals, options: StagedOptions): Staged => new StagedUsers(arrivals, options);

class StagedUsers implements Staged {
  readonly #arrivals: Arrivals;
  readonly #options: StagedOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #follow = (): void => this.#set();
  /** p-limit lets at least one user in: where none is to work, that one waits here. */
  #nobody: Promise<void> | undefined;
  #somebody: () => void = () => undefined;
  readonly beginsAtOnce = true;
  readonly dropped = 0;
  readonly idleUs = 0;
  isOver = false;

  constructor(arrivals: Arrivals, options: StagedOptions) {
    this.#arrivals = arrivals;
    this.#options = options;
    this.#set();
    this.#timer = setInterval(this.#follow, stepMs);
    options.signal.addEventListener('abort', this.#follow, { once: true });
  }

  next(user: User): Micros | undefined | Promise<Micros | undefined> {
    const { limit } = this.#options;
    if (this.#nobody !== undefined) return this.#nobody.then(() => this.next(user));
    if (limit.activeCount > limit.concurrency && !this.isOver) return undefined;
    const dueUs = this.#arrivals.next(user);
    if (typeof dueUs === 'object') return this.#noting(dueUs);
    if (dueUs === undefined) this.isOver = true;
    return dueUs;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#options.signal.removeEventListener('abort', this.#follow);
    this.isOver = true;
  }

  async #noting(due: Promise<Micros | undefined>): Promise<Micros | undefined> {
    const dueUs = await due;
    if (dueUs === undefined) this.isOver = true;
    return dueUs;
  }

  #set(): void {
    const { clock, wanted: wantedNow, window, shard, limit, signal } = this.#options;
    const nowUs = clock.now();
    const wanted = shareOf(wantedNow(), shard);
    const isOver = nowUs >= window.toUs || signal.aborted;
    const concurrency = Math.max(1, wanted);
    if (limit.concurrency !== concurrency) limit.concurrency = concurrency;
    if (wanted === 0 && !isOver) {
      this.#nobody ??= new Promise((resolve) => {
        this.#somebody = resolve;
      });
    } else if (this.#nobody !== undefined) {
      this.#nobody = undefined;
      this.#somebody();
    }
  }
}
