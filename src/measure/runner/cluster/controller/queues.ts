import { setImmediate } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Enlistment } from '../link/messages.ts';
import { agentsQueue, expireQueue, firstMarkMs, jobOptions, markOf, prefix, slotsQueue } from '../link/names.ts';
import type { Packages } from '../link/packages.ts';
import { patience, within } from '../link/patience.ts';

/** What the queues belong to. */
export interface QueuesOf {
  readonly bullmq: Pick<Packages['bullmq'], 'Queue'>;
  readonly redis: Redis;
  readonly run: string;
  /** How many agents it asks for. */
  readonly agents: number;
}

/** A job for an agent. */
export interface Given {
  readonly name: 'plan' | 'slot';
  readonly id: string;
  readonly sealed: string;
}

/**
 * Puts jobs on a queue that is ready. The command that lets them expire is sent right after the one that adds them, without
 * waiting for an answer: whatever happens to this process or its link, both arrive or neither does.
 */
const put = async (adding: Promise<unknown>, expire: () => Promise<void>): Promise<void> => {
  adding.catch(() => undefined);
  await setImmediate();
  await Promise.all([adding, expire()]);
};

/** The queues of a run, and what else it keeps in Redis until it is over. */
export class Queues {
  readonly #of: QueuesOf;
  /** By the agent's place. */
  readonly #slots = new Map<number, Queue>();
  #agents: Queue | undefined;

  constructor(of: QueuesOf) {
    this.#of = of;
  }

  /** Marks that the run is there; a Redis that is restarted forgets this. */
  async mark(): Promise<void> {
    const { redis, run } = this.#of;
    await redis.set(markOf(run), '', 'PX', firstMarkMs);
  }

  /** Asks for agents, in one transaction: of runs that ask at the same time, one gets all of its agents before the next. */
  async ask(enlistments: readonly Enlistment[]): Promise<void> {
    const queue = this.#made(agentsQueue);
    this.#agents = queue;
    await queue.waitUntilReady();
    const jobs = enlistments.map((data) => ({ name: 'session', data, opts: jobOptions(this.#jobOf(data.shard)) }));
    await put(queue.addBulk(jobs), async () => this.#expire());
  }

  /** Gives a job to an agent. */
  async give(shard: number, { name, id, sealed }: Given): Promise<void> {
    const { redis, run } = this.#of;
    const queue = this.#slotsOf(shard);
    await queue.waitUntilReady();
    await put(queue.add(name, { sealed }, jobOptions(id)), async () =>
      expireQueue(redis, slotsQueue(run, shard), [id]),
    );
  }

  /** Removes what the run has in Redis. */
  async forget(): Promise<void> {
    const { redis, run, agents } = this.#of;
    for (const job of this.#jobs) await this.#agents?.remove(job).catch(() => 0);
    for (const queue of this.#slots.values()) await queue.obliterate({ force: true }).catch(() => undefined);
    await redis.del(markOf(run));
    await this.#expire();
    // An agent makes keys of its queue before it is given anything.
    for (let shard = 0; shard < agents; shard++) await expireQueue(redis, slotsQueue(run, shard));
  }

  /** Closes the queues: nothing is put on them any more. */
  async close(): Promise<void> {
    const queues = [this.#agents, ...this.#slots.values()];
    await within(Promise.all(queues.map(async (queue) => queue?.close())), patience.lookMs);
  }

  #slotsOf(shard: number): Queue {
    const known = this.#slots.get(shard);
    if (known !== undefined) return known;
    const made = this.#made(slotsQueue(this.#of.run, shard));
    this.#slots.set(shard, made);
    return made;
  }

  get #jobs(): readonly string[] {
    return Array.from({ length: this.#of.agents }, (_, shard) => this.#jobOf(shard));
  }

  #jobOf(shard: number): string {
    return `${this.#of.run}-${shard}`;
  }

  async #expire(): Promise<void> {
    await expireQueue(this.#of.redis, agentsQueue, this.#jobs);
  }

  #made(name: string): Queue {
    const { bullmq, redis } = this.#of;
    const queue = new bullmq.Queue(name, {
      connection: redis,
      prefix,
      skipMetasUpdate: true,
      streams: { events: { maxLen: 100 } },
    });
    queue.on('error', () => undefined);
    return queue;
  }
}
