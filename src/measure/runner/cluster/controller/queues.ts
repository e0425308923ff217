import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Enlistment } from '../link/messages.ts';
import { agentsQueue, expireQueue, jobOptions, markMs, markOf, prefix, slotsQueue } from '../link/names.ts';
import type { Packages } from '../link/packages.ts';
import { patience, within } from '../link/patience.ts';

/** Whose queues they are. */
export interface QueuesOf {
  readonly bullmq: Pick<Packages['bullmq'], 'Queue'>;
  readonly redis: Redis;
  readonly run: string;
  /** How many agents it asks for. */
  readonly agents: number;
}

/** The queues of a run, and what else of it stays in Redis until it is over. */
export class Queues {
  readonly #of: QueuesOf;
  /** By the agent's place. */
  readonly #slots = new Map<number, Queue>();
  #agents: Queue | undefined;

  constructor(of: QueuesOf) {
    this.#of = of;
  }

  /** Says that the run is there, which a Redis that is restarted forgets. */
  async mark(): Promise<void> {
    const { redis, run } = this.#of;
    await redis.set(markOf(run), '', 'PX', markMs);
  }

  /** Asks for agents: in one transaction, so that runs that ask at once get theirs one after the other. */
  async ask(enlistments: readonly Enlistment[]): Promise<void> {
    this.#agents = this.#made(agentsQueue);
    await this.#agents.addBulk(
      enlistments.map((data) => ({ name: 'session', data, opts: jobOptions(this.#jobOf(data.shard)) })),
    );
    await this.#expire();
  }

  /** Where jobs for an agent are put. */
  slots(shard: number): Queue {
    const known = this.#slots.get(shard);
    if (known !== undefined) return known;
    const made = this.#made(slotsQueue(this.#of.run, shard));
    this.#slots.set(shard, made);
    return made;
  }

  /** Removes what the run has in Redis. */
  async forget(): Promise<void> {
    const { redis, run } = this.#of;
    for (const job of this.#jobs) await this.#agents?.remove(job).catch(() => 0);
    for (const queue of this.#slots.values()) await queue.obliterate({ force: true }).catch(() => undefined);
    await redis.del(markOf(run));
    await this.#expire();
    for (const shard of this.#slots.keys()) await expireQueue(redis, slotsQueue(run, shard));
  }

  /** Nothing is put on them any more. */
  async close(): Promise<void> {
    const queues = [this.#agents, ...this.#slots.values()];
    await within(Promise.all(queues.map(async (queue) => queue?.close())), patience.lookMs);
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
