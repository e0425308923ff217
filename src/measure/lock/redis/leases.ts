import { timerMs, type Micros } from '../../../core/units.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Asking, RedisClient } from './client.ts';

/** A lease that somebody has. */
export interface Lease extends Asking {
  readonly token: number;
  /** By then Redis has surely forgotten it, unless it is renewed. */
  untilUs: number;
  /** It was found lost while it was held. */
  lapsed: boolean;
}

/**
 * The leases that are held in this process, renewed all together whenever a third of their time is over, so that each is
 * asked for at least twice before it runs out.
 */
export class Leases {
  readonly #client: RedisClient;
  readonly #clock: Clock;
  readonly #ttlUs: Micros;
  readonly #held = new Set<Lease>();
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(
    client: RedisClient,
    clock: Clock,
    { ttlUs, renew }: { readonly ttlUs: Micros; readonly renew: boolean },
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#ttlUs = ttlUs;
    if (renew) this.#timer = setInterval(() => this.#renewAll(), Math.floor(timerMs(ttlUs) / 3)).unref();
  }

  /** A lease that was just had. */
  hold(asking: Asking, token: number): Lease {
    const lease = { ...asking, token, untilUs: this.#clock.now() + this.#ttlUs, lapsed: false };
    this.#held.add(lease);
    return lease;
  }

  /** A lease that is about to be given back. */
  letGo(lease: Lease): void {
    this.#held.delete(lease);
    if (this.#clock.now() >= lease.untilUs) lease.lapsed = true;
  }

  /** Renews nothing any more. */
  end(): void {
    clearInterval(this.#timer);
  }

  #renewAll(): void {
    for (const lease of this.#held) void this.#renew(lease);
  }

  async #renew(lease: Lease): Promise<void> {
    // A server that cannot be asked renews nothing: then the clock tells whether the lease has run out.
    const isOurs = await this.#client.renew(lease).catch(() => undefined);
    if (isOurs === true) lease.untilUs = this.#clock.now() + this.#ttlUs;
    if (isOurs !== false) return;
    lease.lapsed = true;
    this.#held.delete(lease);
  }
}
