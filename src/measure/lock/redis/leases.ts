import { timerMs, type Micros } from '../../../core/units.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Asking, RedisClient } from './client.ts';

/** A lease that is held. */
export interface Lease extends Asking {
  readonly token: number;
  /** After this, Redis has surely forgotten it, unless it is renewed. */
  untilUs: number;
  /** Found to be lost while it was held. */
  lapsed: boolean;
}

/**
 * The leases held in this process, all renewed together whenever a third of their time has passed, so that each is renewed
 * at least twice before it could run out.
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

  /** Adds a lease that was just acquired. */
  hold(asking: Asking, token: number): Lease {
    const lease = { ...asking, token, untilUs: this.#clock.now() + this.#ttlUs, lapsed: false };
    this.#held.add(lease);
    return lease;
  }

  /** Removes a lease that is about to be given back. */
  letGo(lease: Lease): void {
    this.#held.delete(lease);
    if (this.#clock.now() >= lease.untilUs) lease.lapsed = true;
  }

  /** Stops renewing. */
  end(): void {
    clearInterval(this.#timer);
  }

  #renewAll(): void {
    for (const lease of this.#held) void this.#renew(lease);
  }

  async #renew(lease: Lease): Promise<void> {
    // A server that cannot be reached renews nothing: the clock then tells whether the lease has run out.
    const isOurs = await this.#client.renew(lease).catch(() => undefined);
    if (isOurs === true) lease.untilUs = this.#clock.now() + this.#ttlUs;
    if (isOurs !== false) return;
    lease.lapsed = true;
    this.#held.delete(lease);
  }
}
