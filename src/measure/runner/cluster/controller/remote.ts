import type { Redis } from 'ioredis';
import type { AgentBoard } from '../../../../core/recording/agent-board.ts';
import { openedMessage, kindOf, sealedMessage } from '../link/line.ts';
import type { AgentFacts, Declined, FromAgent, ToAgent } from '../link/messages.ts';
import { toAgent } from '../link/names.ts';
import { Seal, type ClusterKey } from '../link/seal.ts';
import { Doing, type Beat } from './doing.ts';
import type { Given } from './queues.ts';

/** Which agent of which run. */
export interface RemoteOf {
  readonly run: string;
  /** Number of the agent, from 0. */
  readonly shard: number;
  /** The number of agents in the run. */
  readonly agents: number;
}

/** What it takes to talk to an agent, and to show how it is doing. */
export interface RemoteParts {
  readonly key: ClusterKey;
  readonly redis: Redis;
  /** The run's clock, in µs. */
  readonly nowUs: () => number;
  readonly board: AgentBoard;
}

/** One agent of a run, as the controller sees it. */
export class Remote {
  readonly of: RemoteOf;
  /** What it has reported of its machine; `undefined` if it has not come yet. */
  facts: AgentFacts | undefined;
  /** Gives it a job. It must have come. */
  give: (job: Given) => Promise<void> = async () => Promise.reject(new Error('it has not come'));
  /** When it was last heard, by the controller's clock. */
  heardUs = 0;
  /** How far its clock may be off the reference. */
  withinUs = Infinity;
  beat: Beat | undefined;
  /** Called once, when it has come. */
  onHello: () => void = () => undefined;
  /** Called after each message from it. */
  readonly listeners = new Set<() => void>();
  /** Why it does not take part. */
  declined: Declined | undefined;
  refused: { readonly why: string; readonly hint: string } | undefined;
  /** It agrees to go where the run goes, and has everything that it needs. */
  isPlanned = false;
  /** Why it has left, after it had come. */
  left: string | undefined;
  /** The last slot that it was ready for. */
  readySlot = 0;
  /** The last slot that it has begun. */
  begunSlot = 0;
  /** The last slot whose recording is ready to be taken, or was taken. */
  measuredSlot = 0;
  /** Why it is lost; `undefined` if it is not. */
  lost: string | undefined;
  challenge: string | undefined;
  readonly #unbound: Seal;
  #seal: Seal | undefined;
  readonly #doing = new Doing();
  readonly #parts: RemoteParts;

  constructor(of: RemoteOf, parts: RemoteParts) {
    this.of = of;
    this.#unbound = new Seal(parts.key, of);
    this.#parts = parts;
  }

  /** `agent 2 of 3 (host-b, 4 threads)` */
  get name(): string {
    const { shard, agents } = this.of;
    return `agent ${shard + 1} of ${agents}${this.facts === undefined ? '' : ` (${this.where})`}`;
  }

  /** `host-b, 4 threads` */
  get where(): string {
    const { host, threads } = this.facts!;
    return `${host}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  }

  /** Seals its jobs and lists. It must have come. */
  get seal(): Seal {
    return this.#seal!;
  }

  /** Seals the terms that it is offered. */
  terms(terms: unknown): string {
    return this.#unbound.sealJson('terms', terms);
  }

  /** Sends it a message. It must have come. */
  async tell(message: ToAgent): Promise<void> {
    const { run, shard } = this.of;
    await this.#parts.redis.publish(toAgent(run, shard), sealedMessage(this.seal, message));
  }

  /** Marks it as lost, for the first reason given. */
  lose(how: string): void {
    this.lost ??= how;
    this.#show();
  }

  /** Receives what comes on its channel. Any client of that Redis can write there, so a message without its seal is dropped. */
  hear(bytes: Buffer): void {
    const kind = kindOf(bytes);
    if (kind === 'declined') this.#hearDeclined(bytes.subarray(kind.length + 1).toString());
    else this.#take(kind, bytes);
    for (const listener of this.listeners) listener();
  }

  /** This is not sealed: once an agent has come, it no longer counts, as any client could send it. */
  #hearDeclined(text: string): void {
    if (this.facts !== undefined) return;
    try {
      const { host, version, protocol, why } = JSON.parse(text) as { readonly [name in keyof Declined]: unknown };
      if (why !== 'protocol' && why !== 'version' && why !== 'seal') return;
      this.declined = {
        kind: 'declined',
        host: String(host),
        version: String(version),
        protocol: Number(protocol),
        why,
      };
    } catch {
      // Not from an agent.
    }
  }

  #take(kind: string | undefined, bytes: Buffer): void {
    const seal = kind === 'hello' ? this.#unbound : this.#seal;
    const message = seal === undefined ? undefined : (openedMessage(seal, bytes) as FromAgent | undefined);
    if (message === undefined) return;
    this.heardUs = this.#parts.nowUs();
    switch (message.kind) {
      case 'hello':
        if (this.facts !== undefined) return;
        this.facts = message.facts;
        this.challenge = message.challenge;
        this.#seal = this.#unbound.bound(message.challenge);
        this.#show();
        this.onHello();
        break;
      case 'planned':
        this.isPlanned = true;
        break;
      case 'refused':
        this.refused = message;
        break;
      case 'ready':
        this.readySlot = message.slot;
        break;
      case 'measured':
        this.measuredSlot = message.slot;
        break;
      case 'beat':
        this.beat = message;
        this.isPlanned ||= message.isPlanned;
        this.readySlot = Math.max(this.readySlot, message.ready);
        this.begunSlot = message.begun;
        this.measuredSlot = Math.max(this.measuredSlot, message.measured);
        this.withinUs = message.withinUs;
        this.#doing.take(message, this.heardUs);
        this.#show();
        break;
      default:
        this.left = message.why;
    }
  }

  #show(): void {
    if (this.facts === undefined) return;
    const { withinUs, lost, facts } = this;
    this.#parts.board.tell(this.of.shard, {
      host: facts.host,
      withinUs,
      isLost: lost !== undefined,
      ...this.#doing.now,
    });
  }
}

/** Waits until `is` gives true; it is checked after each message from one of the agents, and ten times a second. */
export const untilIs = async (remotes: readonly Remote[], is: () => boolean): Promise<void> => {
  while (!is()) {
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        for (const { listeners } of remotes) listeners.delete(end);
        resolve();
      };
      const timer = setTimeout(end, 100);
      for (const { listeners } of remotes) listeners.add(end);
    });
  }
};
