import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { ContendError } from '../../../../core/errors.ts';
import type { Host } from '../../../../core/host.ts';
import type { Mode } from '../../../../core/plan/plan.ts';
import type { AgentBoard } from '../../../../core/recording/agent-board.ts';
import type { Live } from '../../../../core/recording/live.ts';
import type { AgentShare, Endpoint } from '../../../../core/slot.ts';
import type { Tables } from '../../../../core/table.ts';
import type { Carry } from '../../carry.ts';
import { askTime, firstLooks, keepAsking, ReferenceClock, type Asking } from '../link/clock.ts';
import { answers, Connections } from '../link/connections.ts';
import { Channels } from '../link/line.ts';
import type { AgentFacts, PlanJob, Terms } from '../link/messages.ts';
import { listOf, toController } from '../link/names.ts';
import { loadPackages, type Packages } from '../link/packages.ts';
import { aborted, inTime, patience, within } from '../link/patience.ts';
import { protocolVersion, type ClusterKey } from '../link/seal.ts';
import { SentBlobs } from './blobs.ts';
import { carryOver } from './carry.ts';
import { Guard } from './guard.ts';
import { Lead } from './lead.ts';
import { unreachedBy } from './loopback.ts';
import { Pulse } from './pulse.ts';
import { Queues } from './queues.ts';
import { Remote, untilIs } from './remote.ts';
import { rollCall, type RollCall } from './roll-call.ts';

/** How many agents a run wants, and where they are. */
export interface AgentsAsked {
  readonly count: number;
  /** Address of the Redis server. */
  readonly url: string;
  readonly key: ClusterKey;
  /** How long to wait for them. */
  readonly waitMs: number;
}

/** What a controller needs from the run. */
export interface ClusterOptions extends AgentsAsked {
  readonly host: Pick<Host, 'clock' | 'epochNs' | 'name' | 'network' | 'tool' | 'machine' | 'openFile'>;
  /** The name that agents are given for the run. */
  readonly scenario: string;
  /** Who asks for them. */
  readonly who: string;
  readonly signal: AbortSignal;
  /** Where the agents' counts are shown. */
  readonly live: Live;
  /** Where the state of the agents is shown. */
  readonly board: AgentBoard;
}

/** Where modes send load, and with what. */
export interface ClusterPlan {
  readonly lengthUs: number;
  readonly modes: readonly Mode[];
  /** By mode. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly tables: Tables;
}

/** An agent of the run, as shown in the result. */
export interface Enlisted extends AgentFacts {
  /** How far its clock may be off Redis' at most, in µs, as last reported. */
  readonly withinUs: number;
}

/** The agents of a run, from the request for them until they are released. */
export class Cluster implements AsyncDisposable {
  readonly #options: ClusterOptions;
  readonly #run = randomBytes(8).toString('hex');
  readonly #connections: Connections;
  readonly #redis: Redis;
  readonly #remotes: readonly Remote[];
  readonly #clock = new ReferenceClock();
  readonly #nowUs: () => number;
  /** Zero of the run's clock, by this machine's monotonic one. */
  readonly #zeroUs: number;
  readonly #guard: Guard;
  readonly #queues: Queues;
  readonly #over = new AbortController();
  readonly #blocking = new Map<Remote, Redis>();
  readonly #lead = new Lead();
  #pulse: Pulse | undefined;
  #asking: Asking | undefined;
  #blobs: SentBlobs | undefined;
  #slots = 0;
  #taken: readonly AgentShare[] = [];
  /** Reference minus this machine's clock, as assumed for the last slot, and when. */
  #last = { offsetUs: 0, fromUs: 0 };

  private constructor(options: ClusterOptions, packages: Packages, connections: Connections, redis: Redis) {
    const { host, count, key, board } = options;
    this.#options = options;
    this.#connections = connections;
    this.#redis = redis;
    this.#zeroUs = Number(host.epochNs()) / 1000;
    this.#nowUs = () => this.#zeroUs + host.clock.now();
    this.#remotes = Array.from(
      { length: count },
      (_, shard) =>
        new Remote({ run: this.#run, shard, agents: count }, { key, redis, nowUs: () => host.clock.now(), board }),
    );
    this.#queues = new Queues({ bullmq: packages.bullmq, redis, run: this.#run, agents: count });
    this.#guard = new Guard({ remotes: this.#remotes, redis, shown: connections.shown, clock: host.clock });
  }

  /**
   * Asks for agents, and waits until all of them have come.
   *
   * @throws {ContendError} ERR_MISSING_PACKAGE, ERR_REDIS; ERR_AGENTS if fewer came in time, or one declined
   * @throws the signal's reason
   */
  static async enlist(options: ClusterOptions): Promise<Cluster> {
    const packages = await loadPackages('--agents');
    const connections = new Connections(packages, options.url);
    const cluster = new Cluster(options, packages, connections, await connections.connect());
    try {
      await cluster.#opened();
      await rollCall(
        cluster.#call(options.waitMs),
        ({ facts }) => facts !== undefined,
        ({ length }) => missing(options, connections, length),
      );
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The agents that have come. */
  get agents(): readonly Enlisted[] {
    return this.#remotes.map(({ facts, withinUs }) => ({ ...facts!, withinUs }));
  }

  /** Aborted when an agent is lost, or all of them with Redis; its reason is a {@link ContendError}. */
  get lost(): AbortSignal {
    return this.#guard.lost;
  }

  /** How the last slot went on each of its agents. */
  get taken(): readonly AgentShare[] {
    return this.#taken;
  }

  /** How many shards the first `agents` agents have. */
  shardsOf(agents: number): number {
    return this.#some(agents).reduce((sum, { facts }) => sum + facts!.threads, 0);
  }

  /** How wrong this machine's own clock was at most since the last slot was handed out, in ns; `null` if a clock was set meanwhile. */
  get ownEpsilonNs(): number | null {
    const { offsetUs, fromUs } = this.#last;
    const errorUs = this.#clock.errorOf(offsetUs, fromUs, this.#nowUs());
    return errorUs === Infinity ? null : Math.ceil(errorUs * 1000);
  }

  /**
   * Announces to every agent where the run goes, and sends what it needs there.
   *
   * @throws {ContendError} ERR_AGENTS if one refuses or is unable to go there, for example because the target only listens
   * on this machine
   */
  async plan({ lengthUs, modes, endpoints, tables }: ClusterPlan): Promise<void> {
    if (modes.length === 0) return;
    const network = this.#options.host.network();
    for (const mode of modes) {
      const remotes = this.#some(mode.agents ?? this.#options.count);
      const unreached = unreachedBy(remotes, mode, endpoints.get(mode.name)!, network);
      if (unreached !== undefined) throw unreached;
    }
    const blobs = new SentBlobs(
      tables,
      new Map([...endpoints].filter(([name]) => modes.some((mode) => mode.name === name))),
    );
    this.#blobs = blobs;
    const ways = modes.map((mode) => {
      const { files: _, ...endpoint } = endpoints.get(mode.name)!;
      return { mode, endpoint };
    });
    const job: PlanJob = { lengthUs, ways, blobs: blobs.list };
    const sending = this.#remotes.map(async (remote) => {
      await remote.give({ name: 'plan', id: 'plan', sealed: remote.seal.sealJson('plan', job) });
      await blobs.sendTo(remote, this.#redis, this.#over.signal);
    });
    // An agent that refuses takes nothing.
    for (const one of sending) one.catch(() => undefined);
    await rollCall(
      this.#call(patience.readyMs),
      ({ isPlanned }) => isPlanned,
      (come) => {
        const others = this.#remotes.filter((remote) => !come.includes(remote)).map(({ name }) => name);
        return new ContendError('ERR_AGENTS', `${others.join(', ')} did not say whether it can take part.`);
      },
    );
  }

  /** Carries jobs to the first `agents` agents. */
  carrier(agents: number): Carry {
    return async (job, _workers, options) => {
      const remotes = this.#some(agents);
      const nowUs = this.#nowUs();
      const { offsetUs } = this.#clock.at(nowUs);
      this.#last = { offsetUs, fromUs: nowUs };
      this.#asking?.pause();
      try {
        const carried = await carryOver({
          remotes,
          slot: ++this.#slots,
          job,
          options,
          epochUs: offsetUs + this.#zeroUs,
          tables: this.#blobs?.tables ?? {},
          files: this.#blobs?.filesOf(job.mode.name),
          blocking: async (remote) => this.#blockingOf(remote),
          listOf: (remote, slot) => listOf(this.#run, remote.of.shard, `slot-${slot}`),
          over: this.#over.signal,
          lost: this.lost,
          lose: (remote, how) => this.#guard.lose(remote, how),
          lead: this.#lead,
          running: () => this.#asking?.resume(),
          openFile: this.#options.host.openFile,
        });
        this.#taken = carried.shares;
        return carried.recording;
      } finally {
        this.#asking?.resume();
      }
    };
  }

  /** Releases the agents: they are free for other runs within a second. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#guard[Symbol.dispose]();
    this.#over.abort('the run is over');
    // Over a link that was cut nothing arrives, and each agent leaves on its own.
    for (const parting of [async () => this.#part(), async () => this.#queues.forget()])
      if (await answers(this.#redis)) await within(parting(), patience.partMs);
    await this.#pulse?.[Symbol.asyncDispose]();
    this.#asking?.[Symbol.dispose]();
    await this.#queues.close();
    this.#connections[Symbol.dispose]();
  }

  /** @throws {ContendError} ERR_REDIS if there is no answer; the signal's reason */
  async #opened(): Promise<void> {
    const { signal } = this.#options;
    const interrupted = aborted(signal).then(() => signal.throwIfAborted());
    try {
      await inTime(Promise.race([this.#open(), interrupted]), patience.openMs);
    } catch (error) {
      if (error instanceof ContendError || signal.aborted) throw error;
      throw this.#connections.unusable(error);
    }
  }

  async #open(): Promise<void> {
    const { url, key, host, live, who, scenario, count } = this.#options;
    const asking = await this.#connections.connect();
    const time = { redis: asking, nowUs: this.#nowUs };
    await askTime(time, this.#clock, firstLooks);
    this.#asking = keepAsking(time, this.#clock);
    const channels = new Channels(await this.#connections.connect());
    for (const remote of this.#remotes) {
      remote.onHello = () => this.#welcome(remote);
      await channels.hear(toController(this.#run, remote.of.shard), (bytes) => remote.hear(bytes));
    }
    await this.#queues.mark();
    this.#pulse = new Pulse({ url, key, run: this.#run, live: live.memory }, (why) => this.#guard.loseAll(why));
    // An agent that comes waits at most 5 s for a sign that the run goes on.
    await this.#pulse.ready;
    this.#guard.begin();
    const terms: Terms = { agents: count, who, scenario };
    await this.#queues.ask(
      this.#remotes.map((remote) => ({
        protocol: protocolVersion,
        version: host.tool.version,
        run: this.#run,
        shard: remote.of.shard,
        terms: remote.terms(terms),
      })),
    );
  }

  /** Tells the agents to leave, and waits until they have, at most as long as a live agent may take. */
  async #part(): Promise<void> {
    const why = this.lost.aborted ? 'another agent was lost' : 'the run is over';
    const there = this.#remotes.filter(({ facts, left }) => facts !== undefined && left === undefined);
    await Promise.all(there.map(async (remote) => remote.tell({ kind: 'end', why })));
    if (this.lost.aborted) return;
    const { clock } = this.#options.host;
    const untilUs = clock.now() + patience.partMs * 1000;
    await untilIs(there, () => there.every(({ left }) => left !== undefined) || clock.now() > untilUs);
  }

  /** From now on the agent hears that the run goes on, even while others are still awaited. */
  #welcome(remote: Remote): void {
    const { shard } = remote.of;
    this.#pulse!.tell({ shard, challenge: remote.challenge! });
    remote.give = async (job) => this.#queues.give(shard, job);
  }

  #some(agents: number): readonly Remote[] {
    return this.#remotes.slice(0, agents);
  }

  #call(waitMs: number): RollCall {
    const { host, signal } = this.#options;
    return {
      remotes: this.#remotes,
      clock: host.clock,
      waitMs,
      signal: AbortSignal.any([signal, this.lost]),
      version: host.tool.version,
    };
  }

  async #blockingOf(remote: Remote): Promise<Redis> {
    const known = this.#blocking.get(remote);
    if (known !== undefined) return known;
    const made = await this.#connections.connect();
    this.#blocking.set(remote, made);
    return made;
  }
}

const missing = ({ count, waitMs }: ClusterOptions, { shown }: Connections, come: number): ContendError =>
  new ContendError(
    'ERR_AGENTS',
    `${come} of ${count} agents came within ${waitMs / 1000} s, asked for at ${shown}.`,
    'contend agent --redis … --allow-host … on each machine; --wait-agents 5m waits longer. An agent that is in another run comes when it is free.',
  );
