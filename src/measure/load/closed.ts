import type { Clock } from '../../core/clock.ts';
import { stream, uniform } from '../../core/random.ts';
import { shareOf, type Shard } from '../../core/slot.ts';
import type { Micros } from '../../core/units.ts';
import type { Pauses } from '../pauses.ts';
import type { User } from '../user.ts';
import { firstWarmupIteration, type Arrivals } from './arrivals.ts';

/** What a closed load is made of. Shard i of n owns the iterations i, i + n … of `iterations`. */
export interface ClosedOptions {
  readonly clock: Clock;
  readonly window: { readonly fromUs: number; readonly toUs: number };
  /** How many measured iterations all shards begin together; Infinity: as many as fit into the window. */
  readonly iterations: number;
  readonly firstIteration: number;
  readonly shard: Shard;
  /** Once aborted, no new iterations start. */
  readonly signal: AbortSignal;
  /** Pause between a user's iterations, drawn uniformly between the two. */
  readonly thinkUs: readonly [least: number, most: number];
  /** They end with `signal`. */
  readonly pauses: Pauses;
  readonly seed: number;
}

/**
 * Closed load: a user begins its next iteration when the previous one has ended, or, with think time, that long after it.
 * The intended start is now.
 *
 * @cost one clock reading per iteration; no promise without think time
 */
export const closed = (options: ClosedOptions): Arrivals => {
  const { clock, window, iterations, firstIteration, shard, signal } = options;
  const ofShard = shareOf(iterations, shard);
  let measured = 0;
  let warmup = 0;
  const begin = (user: User): Micros | undefined => {
    if (signal.aborted) return undefined;
    const nowUs = clock.now();
    if (nowUs >= window.toUs) return undefined;
    user.measured = nowUs >= window.fromUs;
    if (user.measured && measured >= ofShard) return undefined;
    const number = shard.index + (user.measured ? measured++ : warmup++) * shard.count;
    user.iteration = (user.measured ? firstIteration : firstWarmupIteration) + number;
    return nowUs;
  };
  const next = options.thinkUs[1] === 0 ? begin : afterThinking(begin, () => measured >= ofShard, options);
  return { beginsAtOnce: true, dropped: 0, idleUs: 0, next };
};

/** The pause after iteration n follows from the seed and n, and is cut short at the window's end. */
const afterThinking = (
  begin: (user: User) => Micros | undefined,
  areAllBegun: () => boolean,
  { clock, window, thinkUs: [least, most], pauses, seed }: ClosedOptions,
): Arrivals['next'] => {
  const ofThinking = stream('think');
  return async (user) => {
    if (user.freeUs > 0 && !areAllBegun()) {
      const wantedUs = least + uniform(seed, ofThinking, user.iteration) * (most - least);
      const untilUs = Math.min(user.freeUs + wantedUs, window.toUs);
      const leftUs = untilUs - clock.now();
      if (leftUs > 0) await pauses.pause(leftUs);
    }
    return begin(user);
  };
};
