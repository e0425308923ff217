import type { ContendError } from '../core/errors.ts';
import { slotExpectedUs, startedWarmupUs } from '../core/plan/length.ts';
import { isBuiltin, isStarted, targetKeyOf, type Mode, type Plan } from '../core/plan/plan.ts';
import type { Unmeasured } from '../core/recording/recording.ts';
import type { HttpVersion } from '../core/result/result.ts';
import type { Credentials, Endpoint, Slot } from '../core/slot.ts';
import { readFiles } from '../measure/runner/files.ts';
import { addressesOf, preflight, preflightLock } from '../measure/runner/preflight.ts';
import { BrokenSlot, measureSlot, warmUp, type SlotOptions } from '../measure/runner/slot.ts';
import { ThreadPool } from '../measure/runner/threads/pool.ts';
import { wayTo } from '../measure/runner/way.ts';
import { credentialsOf } from '../measure/transport/connect/credentials.ts';
import { plainly } from '../measure/transport/index.ts';
import { Agents } from './agents.ts';
import type { RunOptions } from './options.ts';
import type { Turn } from './schedule.ts';
import { Serves } from './serves.ts';
import { openTarget, type Target } from './target.ts';

/**
 * What is open for the length of a run: the targets and the ways to them, the threads, and the folder for histories until they
 * are judged. It is constructed closed, and its owner disposes of it, even if it could not be opened.
 */
export class Rig implements AsyncDisposable {
  /** By mode: what was sent before the first slot. */
  readonly warmedUp: ReadonlyMap<string, Unmeasured[]>;
  /** By mode: what its target speaks. */
  readonly spoken = new Map<string, HttpVersion>();
  readonly #plan: Plan;
  readonly #options: RunOptions;
  /** The targets that were started for it. */
  readonly serves: Serves;
  /** The agents that it is measured on. */
  readonly agents: Agents;
  readonly #targets = new Map<string, Target>();
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #threads: ThreadPool;
  #temporary: (AsyncDisposable & { readonly path: string }) | undefined;

  constructor(plan: Plan, options: RunOptions) {
    this.#plan = plan;
    this.serves = new Serves(plan, options);
    this.agents = new Agents(plan, options);
    // A target that dies or an agent that is lost ends a slot as an interruption does.
    this.#options = { ...options, signal: AbortSignal.any([options.signal, this.serves.died, this.agents.lost]) };
    this.#threads = new ThreadPool(options.host);
    this.warmedUp = new Map(plan.modes.map(({ name }) => [name, []]));
  }

  /**
   * Opens the targets and connects to each once, by every way that leads to it.
   *
   * @throws {ContendError} ERR_TARGET_UNREACHABLE, ERR_FORBIDDEN_HOST, ERR_STORE, ERR_SERVE, ERR_REDIS, ERR_USAGE,
   * ERR_MISSING_PACKAGE, ERR_AGENTS
   * @throws the signal's reason
   */
  async open(): Promise<void> {
    const { modes, consistency } = this.#plan;
    const { host, historyFolder } = this.#options;
    host.readyForLoad?.();
    if (consistency.length > 0 && historyFolder === undefined) this.#temporary = await host.makeTemporaryFolder();
    const credentials = await credentialsOf(modes, host.readText);
    for (const mode of modes) await preflightLock(mode, host.clock);
    await this.agents.open();
    await this.serves.open();
    const ways: Ways = { addresses: new Map(), spoken: new Map() };
    for (const mode of modes)
      await this.serves.during('when it was first asked', async () =>
        this.#reach(mode, credentials.get(mode.name)!, ways),
      );
    await this.agents.plan(this.#endpoints);
  }

  /**
   * Warms up the targets that were started, including the built-in store, in every mode, so that the first slot finds them as
   * warm as the last one.
   */
  async warmUp(): Promise<void> {
    const { signal, watch } = this.#options;
    watch.phase = 'warming up';
    for (const mode of this.#plan.modes) {
      if (signal.aborted || !isStarted(mode) || wantsEachOnce(mode)) continue;
      const slot = this.#slotOf(mode);
      // With other values: a foreign target may keep them, and refuse them the second time.
      const seed = isBuiltin(mode) ? slot.seed : ~slot.seed >>> 0;
      const { unmeasured } = await this.serves.during(`while ${mode.name} was warmed up`, async () =>
        warmUp({ ...slot, seed }, startedWarmupUs(mode)),
      );
      this.warmedUp.get(mode.name)!.push(unmeasured);
    }
    watch.phase = 'measuring';
    // The warm-up's completions must not count towards any measured rate.
    watch.live.clear();
  }

  /**
   * Measures one slot.
   *
   * @returns undefined if the run was interrupted before the load began
   * @throws {ContendError} as `measureSlot` does
   */
  async measure({ mode, round, position, at, seed = this.#plan.seed }: Turn): Promise<Slot | undefined> {
    const { watch, draws, historyFolder = this.#temporary?.path } = this.#options;
    const { rounds } = this.#plan;
    Object.assign(watch, {
      round: round + 1,
      ...(at === undefined ? {} : { at }),
      slotExpectedUs: slotExpectedUs(mode, rounds),
      slotWarmupUs: mode.load.warmupUs,
    });
    const target = this.#targets.get(targetKeyOf(mode))!;
    const where = `in round ${round + 1}, while ${mode.name} was measured${at === undefined ? '' : ` at ${at}`}`;
    const before = await target.cpuUs?.();
    await this.serves.begin(mode);
    const slot = await this.serves.during(where, async () =>
      measureSlot({ ...this.#slotOf(mode), seed, round, position, rounds, historyFolder, samples: draws?.size }),
    );
    const used = await this.serves.end(mode);
    if (slot === undefined) {
      this.agents.lost.throwIfAborted();
      return undefined;
    }
    const point = at === undefined ? {} : { at };
    const measured = {
      ...this.agents.told(mode, slot),
      ...point,
      ...storeCpu(before, await target.cpuUs?.()),
      ...used,
    };
    if (this.serves.died.aborted) throw new BrokenSlot(measured, this.serves.died.reason as ContendError);
    return measured;
  }

  /** Ends the threads and the targets, and deletes the temporary folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads[Symbol.asyncDispose]();
    await this.agents[Symbol.asyncDispose]();
    for (const target of this.#targets.values()) await target[Symbol.asyncDispose]();
    await this.serves.close();
    await this.#temporary?.[Symbol.asyncDispose]();
  }

  /** Resolves where a mode's requests go, and connects there, unless an earlier mode goes the same way. */
  async #reach(mode: Mode, tls: Credentials, { addresses, spoken }: Ways): Promise<void> {
    const { host, signal } = this.#options;
    const target =
      this.#targets.get(targetKeyOf(mode)) ?? (await openTarget(mode, this.serves.portOf(mode), this.#options));
    this.#targets.set(targetKeyOf(mode), target);
    const { origin } = target;
    const { asked, way } = wayTo(mode, origin);
    if (!addresses.has(asked)) addresses.set(asked, await addressesOf(asked, signal));
    const endpoint: Endpoint = {
      origin,
      addresses: addresses.get(asked)!,
      tls,
      ...way,
      ...(await this.#elsewhere(mode, tls, { addresses, spoken })),
    };
    this.#endpoints.set(mode.name, { ...endpoint, ...(await readFiles(mode, this.#plan.file, host)) });
    const key = JSON.stringify([endpoint, mode.transport]);
    const before = spoken.get(key);
    const version = before ?? (await preflight(mode, endpoint, host.clock, signal));
    spoken.set(key, version);
    this.spoken.set(mode.name, version);
  }

  /** The ways to the other targets that a login names, which have their own names in TLS. */
  async #elsewhere(mode: Mode, credentials: Credentials, ways: Ways): Promise<Pick<Endpoint, 'elsewhere'>> {
    const { servername, ...unnamed } = credentials;
    const tls = servername === undefined ? credentials : unnamed;
    const { host, signal } = this.#options;
    const elsewhere: { [target: string]: Endpoint } = {};
    for (const { target } of mode.login ?? []) {
      if (target === undefined || target in elsewhere) continue;
      const { proxy: own, loginProxies, ...others } = mode;
      const proxy = loginProxies === undefined ? own : loginProxies[target];
      const { asked, way } = wayTo(proxy === undefined ? others : { ...others, proxy }, target);
      if (!ways.addresses.has(asked)) ways.addresses.set(asked, await addressesOf(asked, signal));
      const endpoint: Endpoint = { origin: target, addresses: ways.addresses.get(asked)!, tls, ...way };
      const key = JSON.stringify(endpoint);
      if (!ways.spoken.has(key)) ways.spoken.set(key, await preflight(plainly(mode), endpoint, host.clock, signal));
      elsewhere[target] = endpoint;
    }
    return Object.keys(elsewhere).length === 0 ? {} : { elsewhere };
  }

  #slotOf(mode: Mode): Omit<SlotOptions, 'round' | 'rounds' | 'position'> {
    const { host, signal, watch, tables } = this.#options;
    const { clock, cpuUs, openFile, wallClockMs, machine } = host;
    Object.assign(watch, { mode: mode.name, slotStartedUs: clock.now() });
    watch.live.clear();
    const endpoint = this.#endpoints.get(mode.name)!;
    return {
      mode,
      endpoint,
      cores: machine.cores,
      seed: this.#plan.seed,
      clock,
      signal,
      cpuUs,
      openFile,
      wallClockMs,
      live: watch.live,
      tables,
      carry: this.#threads.carry,
      ...this.agents.carrying(mode, endpoint),
    };
  }
}

/** What was found out for earlier modes. */
interface Ways {
  /** By origin. */
  readonly addresses: Map<string, readonly string[]>;
  /** By endpoint and transport. */
  readonly spoken: Map<string, HttpVersion>;
}

/** The built-in store is a target like any other. */
const storeCpu = (before: number | undefined, after: number | undefined): Pick<Slot, 'storeCpuUs' | 'targetCpuUs'> =>
  before === undefined || after === undefined ? {} : { storeCpuUs: after - before, targetCpuUs: after - before };

/** Whether a mode uses values that never repeat: a warm-up would use up some of them. */
const wantsEachOnce = (mode: Mode): boolean =>
  !isBuiltin(mode) && Object.values(mode.data).some(({ pick }) => pick?.name === 'unique');
