import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Enlistment } from '../../../src/measure/runner/cluster/link/messages.ts';
import {
  agentsQueue,
  markOf,
  prefix,
  slotsQueue,
  toAgent,
  toController,
} from '../../../src/measure/runner/cluster/link/names.ts';

/** A job of a run as it lay in Redis: `plan` or `slot`, sealed. */
export interface Overheard {
  readonly name: string;
  readonly sealed: string;
}

/** Somebody who may do everything in the Redis of a cluster: hears all of a run, and says it again, or something else. */
export class Attacker implements AsyncDisposable {
  /** Whom agents were asked for, in clear. */
  readonly enlistments: Enlistment[] = [];
  readonly jobs: Overheard[] = [];
  /** On the channel from the controller to the first agent, and back. */
  readonly toAgent: Buffer[] = [];
  readonly fromAgent: Buffer[] = [];
  readonly #redis: Redis;
  readonly #watching: Redis;
  readonly #listening: Redis;
  readonly #queues: Queue[] = [];

  private constructor(redis: Redis, watching: Redis, listening: Redis) {
    this.#redis = redis;
    this.#watching = watching;
    this.#listening = listening;
  }

  static async at(url: string): Promise<Attacker> {
    const [redis, listening, asking] = [0, 1, 2].map(() => new Redis(url, { maxRetriesPerRequest: null })) as [
      Redis,
      Redis,
      Redis,
    ];
    const watching = await asking.monitor();
    // What monitors is a connection of its own.
    asking.disconnect();
    const attacker = new Attacker(redis, watching, listening);
    watching.on('monitor', (_time: string, args: readonly string[]) => attacker.#see(args));
    listening.on('pmessageBuffer', (_pattern: Buffer, channel: Buffer, message: Buffer) => {
      const name = channel.toString();
      if (name.endsWith(':0:to')) attacker.toAgent.push(message);
      if (name.endsWith(':0:from')) attacker.fromAgent.push(message);
    });
    await listening.psubscribe(`${prefix}:*`);
    return attacker;
  }

  /** Asks the agents for one of them, as a controller does. */
  async enlist(data: Enlistment): Promise<void> {
    await this.#redis.set(markOf(data.run), '', 'PX', 60_000);
    await this.#queue(agentsQueue).add('session', data, { removeOnComplete: true, removeOnFail: true });
  }

  /** Puts a job on the queue of an agent that has come. */
  async give(run: string, { name, sealed }: Overheard): Promise<void> {
    await this.#queue(slotsQueue(run, 0)).add(name, { sealed }, { removeOnComplete: true, removeOnFail: true });
  }

  /** Says something to that agent, or in its name. */
  async say(run: string, message: Buffer, to: 'agent' | 'controller' = 'agent'): Promise<void> {
    await this.#redis.publish(to === 'agent' ? toAgent(run, 0) : toController(run, 0), message);
  }

  /** Keys without an expiry. */
  async undying(): Promise<readonly string[]> {
    const keys = await this.#redis.keys('*');
    const expiries = await Promise.all(keys.map(async (key) => this.#redis.pttl(key)));
    return keys.filter((_, at) => expiries[at] === -1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const queue of this.#queues) await queue.close();
    for (const redis of [this.#redis, this.#watching, this.#listening]) redis.disconnect();
  }

  #queue(name: string): Queue {
    const queue = new Queue(name, { connection: this.#redis, prefix });
    this.#queues.push(queue);
    return queue;
  }

  /** What a command carries: BullMQ puts jobs with their data as JSON among its arguments. */
  #see(args: readonly string[]): void {
    for (const [at, argument] of args.entries()) {
      const enlistment = /\{"protocol":.*"terms":"[^"]*"\}/u.exec(argument)?.[0];
      if (enlistment !== undefined) this.enlistments.push(JSON.parse(enlistment) as Enlistment);
      const sealed = /^\{"sealed":"([^"]+)"\}$/u.exec(argument)?.[1];
      if (sealed === undefined) continue;
      const name = args.slice(0, at).some((one) => one.includes('plan')) ? 'plan' : 'slot';
      if (!this.jobs.some((job) => job.sealed === sealed)) this.jobs.push({ name, sealed });
    }
  }
}
