import type { Redis } from 'ioredis';
import type { Clock } from '../../../../core/clock.ts';
import { ContendError } from '../../../../core/errors.ts';
import { answers } from '../link/connections.ts';
import { patience } from '../link/patience.ts';
import { lossOf } from './loss.ts';
import type { Remote } from './remote.ts';

/** What a guard watches. */
export interface Guarded {
  readonly remotes: readonly Remote[];
  readonly redis: Redis;
  /** The address without its password. */
  readonly shown: string;
  readonly clock: Clock;
}

/** Watches the agents of a run: the first that is lost makes it invalid. */
export class Guard implements Disposable {
  readonly #of: Guarded;
  readonly #lost = new AbortController();
  #looking: NodeJS.Timeout | undefined;
  #isOver = false;
  #isAsking = false;

  constructor(of: Guarded) {
    this.#of = of;
  }

  /** Aborted when an agent is lost, or all of them with Redis; its reason is a {@link ContendError}. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Starts to watch the agents that have come. */
  begin(): void {
    this.#looking = setInterval(() => this.#look(), patience.lookMs / 4);
  }

  /** One agent is lost, and the run with it. */
  lose(remote: Remote, how: string): void {
    remote.lose(how);
    if (!this.lost.aborted) this.#lost.abort(lossOf(this.#of.remotes, remote, how, undefined));
  }

  /** Redis is gone, and all agents with it. */
  loseAll(why: string): void {
    if (this.#isOver || this.lost.aborted) return;
    const { remotes, shown } = this.#of;
    this.#lost.abort(
      new ContendError(
        'ERR_REDIS',
        `Redis at ${shown}, through which agents are reached, ${why}: the shares of ${remotes.map(({ name }) => name).join(', ')} are missing.`,
        'It holds nothing worth keeping, but it must run as long as the run does: its log may say why it stopped.',
      ),
    );
  }

  /** Stops watching. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#looking);
  }

  /** Checks whether all agents are there. Input that waits in the sockets is read first, as this thread may have been busy. */
  #look(): void {
    if (this.lost.aborted || this.#silent() === undefined) return;
    setImmediate(() => void this.#judge());
  }

  async #judge(): Promise<void> {
    if (this.#silent() === undefined || this.#isOver || this.#isAsking) return;
    this.#isAsking = true;
    const { redis } = this.#of;
    const isThere = await answers(redis);
    this.#isAsking = false;
    const silent = this.#silent();
    if (silent === undefined || this.#isOver) return;
    // All agents are silent if it is Redis that is gone, or the link to it.
    if (isThere) this.lose(...silent);
    else this.loseAll(redis.status === 'ready' ? 'does not answer' : 'is gone');
  }

  #silent(): readonly [Remote, string] | undefined {
    const { remotes, clock } = this.#of;
    for (const remote of remotes) {
      if (remote.facts === undefined) continue;
      if (remote.left !== undefined) return [remote, `has left: ${remote.left}`];
      if (clock.now() - remote.heardUs > patience.aliveMs * 1000)
        return [remote, `has not been heard from for ${patience.aliveMs / 1000} s`];
    }
    return undefined;
  }
}
