import type { Json } from '../core/json.ts';
import { expectedUs } from '../core/plan/length.ts';
import type { Mode, Plan } from '../core/plan/plan.ts';
import { hostOf, isLoopback } from '../core/reach.ts';
import type { Warning } from '../core/result/warning.ts';
import type { Endpoint, Slot } from '../core/slot.ts';
import type { Cluster, Enlisted } from '../measure/runner/cluster/controller/cluster.ts';
import { pacingOf } from '../measure/runner/settle.ts';
import { BrokenSlot, type SlotOptions } from '../measure/runner/slot.ts';
import type { ContendError } from '../core/errors.ts';
import type { RunOptions } from './options.ts';

/** The agents of a run, for as long as it takes; none if it asked for none. */
export class Agents implements AsyncDisposable {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #lost = new AbortController();
  #cluster: Cluster | undefined;

  constructor(plan: Plan, options: RunOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  /** Aborted when an agent is lost, with a {@link ContendError} as its reason. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** The agents that have joined. */
  get facts(): readonly Enlisted[] {
    return this.#cluster?.agents ?? [];
  }

  /** Warnings about how they are reached. */
  get warnings(): readonly Warning[] {
    const { agents } = this.#options;
    if (agents === undefined) return [];
    const leased = this.#plan.modes.filter(({ lock }) => lock.name === 'redis' && isSame(lock.options, agents.url));
    if (leased.length === 0) return [];
    return [
      {
        code: 'LEASE_BESIDE_AGENTS',
        message: `the leases of ${leased.map(({ name }) => name).join(', ')} are in the Redis that connects the agents: each may slow down the other.`,
        hint: 'Use two servers: lock: { redis: { url: … } } sets the one for leases, --redis the one for agents.',
      },
    ];
  }

  /**
   * Asks for the agents, and waits until all have joined.
   *
   * @throws {ContendError} ERR_AGENTS, ERR_REDIS, ERR_MISSING_PACKAGE
   */
  async open(): Promise<void> {
    const { agents, host, signal, watch } = this.#options;
    if (agents === undefined) return;
    // Imported only now: most runs need neither it nor its packages.
    const { Cluster } = await import('../measure/runner/cluster/controller/cluster.ts');
    const { live, board } = watch;
    const cluster = await Cluster.enlist({ ...agents, host, signal, live, board, scenario: this.#plan.name });
    this.#cluster = cluster;
    cluster.lost.addEventListener('abort', () => this.#lost.abort(cluster.lost.reason), { once: true });
  }

  /** Sends the plan to the agents. @throws {ContendError} ERR_AGENTS if one refuses a target */
  async plan(endpoints: ReadonlyMap<string, Endpoint>): Promise<void> {
    const { tables } = this.#options;
    const modes = this.#plan.modes.filter((mode) => this.#of(mode) > 0);
    await this.#cluster?.plan({ lengthUs: expectedUs(this.#plan, this.#plan.rounds), modes, endpoints, tables });
  }

  /** How a mode is carried to the agents; empty if it is measured on this machine. */
  carrying(mode: Mode, endpoint: Endpoint): Partial<Pick<SlotOptions, 'carry' | 'carriedTo'>> {
    const count = this.#of(mode);
    if (this.#cluster === undefined || count === 0) return {};
    const isHybrid = this.facts
      .slice(0, count)
      .every(({ threads, cores }) => pacingOf(mode, threads, endpoint, cores) === 'hybrid');
    return {
      carry: this.#cluster.carrier(count),
      carriedTo: { workers: this.#cluster.shardsOf(count), pacing: isHybrid ? 'hybrid' : 'relaxed' },
    };
  }

  /**
   * The slot just measured, with what each agent did in it.
   *
   * @throws {BrokenSlot} if an agent was lost meanwhile
   */
  told(mode: Mode, slot: Slot): Slot {
    if (this.lost.aborted) throw new BrokenSlot(slot, this.lost.reason as ContendError);
    if (this.#cluster === undefined || this.#of(mode) === 0) return slot;
    const { taken, ownEpsilonNs } = this.#cluster;
    // What was recorded on this machine, such as an observer's answers, uses its own clock.
    const histories = slot.recording.histories.map((history) =>
      history.agent === undefined ? { ...history, epsilonNs: ownEpsilonNs } : history,
    );
    return { ...slot, agents: taken, recording: { ...slot.recording, histories } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cluster?.[Symbol.asyncDispose]();
  }

  #of({ agents }: Mode): number {
    return agents ?? this.#options.agents?.count ?? 0;
  }
}

/** Whether leases use the server at this address, whatever the user and the database. */
const isSame = (options: Json, url: string): boolean => {
  const { url: own } = options as { readonly url: string };
  const place = (address: string): string => {
    const host = hostOf(address);
    const at = new URL(address).port || '6379';
    return `${host !== undefined && isLoopback(host) ? 'localhost' : host}:${at}`;
  };
  return place(own) === place(url);
};
