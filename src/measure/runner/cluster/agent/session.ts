import type { Redis } from 'ioredis';
import type { Worker } from 'bullmq';
import { messageOf } from '../../../../core/errors.ts';
import { Live } from '../../../../core/recording/live.ts';
import { ThreadPool } from '../../threads/pool.ts';
import { askTime, firstLooks, keepAsking, monotonicOf, ReferenceClock, type Asking } from '../link/clock.ts';
import { openedMessage, sealedMessage } from '../link/line.ts';
import type { Enlistment, FromAgent, PlanJob, SlotJob, Terms, ToAgent } from '../link/messages.ts';
import { expireQueue, prefix, slotsQueue, toAgent, toController, agentsQueue } from '../link/names.ts';
import { aborted, patience, within } from '../link/patience.ts';
import { newChallenge, Seal } from '../link/seal.ts';
import { Blobs } from './blobs.ts';
import type { SessionParts } from './lending.ts';
import { Part } from './part.ts';
import { whyNotReady } from './readiness.ts';

/** The time between two beats. */
const beatMs = 200;

/**
 * An agent's time in one run: from its hello until the controller ends the run or has been silent for 5 s, or the agent is
 * ended. It leaves nothing behind.
 */
export class Session implements AsyncDisposable {
  readonly #of: Enlistment;
  readonly #terms: Terms;
  readonly #parts: SessionParts;
  readonly #seal: Seal;
  readonly #challenge = newChallenge();
  readonly #unbound: Seal;
  readonly #clock = new ReferenceClock();
  /** This machine's monotonic clock, in µs. */
  readonly #nowUs: () => number;
  readonly #live: Live;
  readonly #pool: ThreadPool;
  /** Aborted when the session is over, with the reason in words. */
  readonly #over = new AbortController();
  readonly #blobs: Blobs;
  #heardUs: number;
  /** How long the controller may be silent: it says nothing before it has received the hello. */
  #silenceMs: number = patience.enlistMs;
  /** CPU time at the last beat. */
  #cpu: { readonly atUs: number; readonly cpuUs: number };
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #own: Redis[] = [];
  #worker: Worker | undefined;
  #asking: Asking | undefined;
  /** Whether the controller was heard, and so has received the hello. */
  #isWelcome = false;
  /** What the controller is told again with every beat. */
  #isPlanned = false;
  #ready = 0;
  #begun = 0;
  #measured = 0;
  #part: Part | undefined;

  constructor(enlistment: Enlistment, terms: Terms, parts: SessionParts) {
    const { run, shard } = enlistment;
    const { host, key, threads } = parts;
    this.#of = enlistment;
    this.#terms = terms;
    this.#parts = parts;
    this.#unbound = new Seal(key, { run, shard });
    this.#seal = this.#unbound.bound(this.#challenge);
    this.#nowUs = monotonicOf(host);
    this.#live = new Live(Live.memoryFor(threads));
    this.#pool = new ThreadPool(host);
    this.#blobs = new Blobs(enlistment, this.#seal, this.#over.signal);
    this.#heardUs = host.clock.now();
    this.#cpu = { atUs: this.#heardUs, cpuUs: host.processCpuUs() };
  }

  /**
   * Takes part in the run until it is over.
   *
   * @param id of the job that enlisted it
   */
  async held(id: string): Promise<void> {
    const { redis, connections, say, signal, consent } = this.#parts;
    const end = (): void => this.#end('the agent was stopped');
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    this.#timers.push(
      setInterval(() => this.#look(), beatMs),
      setTimeout(
        () => this.#end(`it has given its ${consent.maxMinutes} minutes (--max-minutes)`),
        consent.maxMinutes * 60_000,
      ),
    );
    try {
      // On a connection that was cut no answer ever comes, so this is not awaited.
      this.#join(id).catch((error: unknown) => this.#end(`it could not join the run: ${messageOf(error)}`));
      await aborted(this.#over.signal);
      const why = String(this.#over.signal.reason);
      say(`Free again: ${why}.`);
      await within(this.#tell({ kind: 'leaving', why }), patience.lookMs);
    } finally {
      for (const timer of this.#timers) clearTimeout(timer);
      this.#asking?.[Symbol.dispose]();
      signal.removeEventListener('abort', end);
      // Users stop now, even if the rest takes a while.
      await this.#pool[Symbol.asyncDispose]();
      if (this.#worker !== undefined) await within(this.#worker.close(true), patience.lookMs);
      await within(this.#forget(redis, id), patience.lookMs);
      for (const connection of this.#own) connections.close(connection);
    }
  }

  /** Connects, reads the reference clock, and says hello. */
  async #join(id: string): Promise<void> {
    const { run, shard } = this.#of;
    const { host, redis, channels, say } = this.#parts;
    const [asking, blocking] = await Promise.all([this.#connect(), this.#connect()]);
    const time = { redis: asking, nowUs: this.#nowUs };
    await askTime(time, this.#clock, firstLooks);
    await channels.hear(toAgent(run, shard), (bytes) => this.#hear(bytes));
    this.#over.signal.throwIfAborted();
    const { who, scenario, agents } = this.#terms;
    say(`Enlisted by ${who} for ${scenario}, as agent ${shard + 1} of ${agents}.`);
    this.#worker = this.#take(blocking);
    this.#asking = keepAsking(time, this.#clock);
    this.#timers.push(
      setInterval(() => this.#beat(), beatMs),
      setInterval(() => this.#renew(redis, id), patience.lookMs),
    );
    // A distant agent has taken long to get here.
    this.#heardUs = host.clock.now();
    this.#silenceMs = patience.aliveMs;
    await this.#greet();
  }

  async #greet(): Promise<void> {
    const { host, threads } = this.#parts;
    const { name, tool, machine } = host;
    const { node, cpu, cores } = machine;
    const facts = { host: name, version: tool.version, node, cpu, cores, threads, network: host.network() };
    await this.#tell({ kind: 'hello', facts, challenge: this.#challenge }, this.#unbound);
  }

  /** A connection that lasts as long as the session. */
  async #connect(): Promise<Redis> {
    const { connections } = this.#parts;
    const connection = await connections.connect();
    if (this.#over.signal.aborted) connections.close(connection);
    else this.#own.push(connection);
    return connection;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  #end(why: string): void {
    if (!this.#over.signal.aborted) this.#over.abort(why);
  }

  async #tell(message: FromAgent, seal = this.#seal): Promise<void> {
    const { run, shard } = this.#of;
    await this.#parts.redis.publish(toController(run, shard), sealedMessage(seal, message));
  }

  #hear(bytes: Buffer): void {
    const message = openedMessage(this.#seal, bytes) as ToAgent | undefined;
    if (message === undefined) return;
    this.#heardUs = this.#parts.host.clock.now();
    this.#isWelcome = true;
    if (message.kind === 'alive') this.#live.users = message.users;
    else if (message.kind === 'end') this.#end(message.why);
    else if (message.slot !== this.#part?.slot) return;
    else if (message.kind === 'begin') {
      this.#begun = message.slot;
      this.#part.begin(message.atUs);
    } else this.#part.abort(message.reason);
  }

  #beat(): void {
    // The hello may have been lost with a connection, on either side.
    if (!this.#isWelcome) {
      void this.#greet().catch(() => undefined);
      return;
    }
    const histogram = [...this.#live.histogram()];
    const { errorUs } = this.#clock.at(this.#nowUs());
    const slot = this.#part?.slot ?? 0;
    void this.#tell({
      kind: 'beat',
      slot,
      isPlanned: this.#isPlanned,
      ready: this.#ready,
      begun: this.#begun,
      measured: this.#measured,
      failed: this.#live.failed,
      histogram,
      withinUs: errorUs,
      cpuShare: this.#cpuShare(),
    }).catch(() => undefined);
  }

  /** The share since the last call, over at least one beat. */
  #cpuShare(): number {
    const { host, threads } = this.#parts;
    const [atUs, cpuUs] = [host.clock.now(), host.processCpuUs()];
    const { atUs: fromUs, cpuUs: before } = this.#cpu;
    this.#cpu = { atUs, cpuUs };
    return Math.min(1, (cpuUs - before) / ((atUs - fromUs) * threads));
  }

  /**
   * Ends the session if the controller is silent. Input that waits in the sockets is read first, as this process may have
   * been stopped for a while.
   */
  #look(): void {
    const isSilent = (): boolean => this.#parts.host.clock.now() - this.#heardUs > this.#silenceMs * 1000;
    if (!isSilent()) return;
    setImmediate(() => {
      if (isSilent()) this.#end(`nothing has been heard from the controller for ${this.#silenceMs / 1000} s`);
    });
  }

  #renew(redis: Redis, id: string): void {
    const { run, shard } = this.#of;
    void Promise.all([
      expireQueue(redis, agentsQueue, [id]),
      expireQueue(redis, slotsQueue(run, shard), this.#part === undefined ? [] : [this.#part.id]),
    ]).catch(() => undefined);
  }

  /** Removes the queue; no other agent takes its jobs. */
  async #forget(redis: Redis, id: string): Promise<void> {
    const { run, shard } = this.#of;
    const name = slotsQueue(run, shard);
    const queue = new this.#parts.packages.bullmq.Queue(name, { connection: redis, prefix, skipMetasUpdate: true });
    queue.on('error', () => undefined);
    await this.#parts.channels.leave(toAgent(run, shard));
    await queue.obliterate({ force: true });
    await queue.close();
    await Promise.all([expireQueue(redis, name), expireQueue(redis, agentsQueue, [id])]);
  }

  /** Takes the jobs of the run, one at a time. An error is reported to the controller and fails no job. */
  #take(blocking: Redis): Worker {
    const { run, shard } = this.#of;
    const { packages, redis } = this.#parts;
    const worker = new packages.bullmq.Worker<{ readonly sealed: string }>(
      slotsQueue(run, shard),
      async ({ id, name, data }) => {
        if (name === 'plan') await this.#plan(this.#seal.openJson('plan', data.sealed) as PlanJob, blocking);
        else await this.#slot(id!, this.#seal.openJson('slot', data.sealed) as SlotJob);
      },
      {
        connection: redis,
        prefix,
        concurrency: 1,
        maxStalledCount: 0,
        // A session may stall, not a job.
        skipStalledCheck: true,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      },
    );
    worker.on('error', () => undefined);
    // A bug, or a job that another process has put there: the controller will miss its answer.
    worker.on('failed', (_job, error) => this.#end(`a job failed: ${error.message}`));
    return worker;
  }

  async #plan(job: PlanJob, blocking: Redis): Promise<void> {
    const { host, consent, threads } = this.#parts;
    const { agents } = this.#terms;
    const [blobs, signal] = [this.#blobs, this.#over.signal];
    const whyNot = await whyNotReady(job, { host, consent, threads, agents, blobs, blocking, signal });
    this.#isPlanned = whyNot === undefined;
    await this.#tell(whyNot === undefined ? { kind: 'planned' } : { kind: 'refused', ...whyNot });
  }

  async #slot(id: string, asked: SlotJob): Promise<void> {
    this.#live.clear();
    const part = new Part(id, asked, {
      ...this.#parts,
      of: this.#of,
      seal: this.#seal,
      clock: this.#clock,
      nowUs: this.#nowUs,
      live: this.#live,
      pool: this.#pool,
      blobs: this.#blobs,
      over: this.#over.signal,
      ready: async () => {
        this.#ready = asked.slot;
        await this.#tell({ kind: 'ready', slot: asked.slot });
      },
      measured: async () => {
        this.#measured = asked.slot;
        await this.#tell({ kind: 'measured', slot: asked.slot });
      },
    });
    this.#part = part;
    try {
      await part.run();
    } finally {
      this.#part = undefined;
    }
  }
}
