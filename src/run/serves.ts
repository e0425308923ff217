import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ContendError } from '../core/errors.ts';
import type { Mode, Plan } from '../core/plan/plan.ts';
import { logNameOf, type ServeResult } from '../core/result/serve.ts';
import type { Warning } from '../core/result/warning.ts';
import type { Slot } from '../core/slot.ts';
import { BrokenSlot } from '../measure/runner/slot.ts';
import { servedIn, nameOf, type Served } from '../serve/check.ts';
import { shownWords } from '../serve/fill.ts';
import { openServe, type OpenServe, type Place } from '../serve/open.ts';
import { freePorts } from '../serve/port.ts';
import type { RunOptions } from './options.ts';

/** A request may fail before the reason is known: the end of its target is reported a moment later. */
const newsWithinUs = 1e6;

/** The targets that a run has started itself, for as long as it takes. */
export class Serves {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #served: readonly Served[];
  readonly #open = new Map<string, OpenServe>();
  readonly #died = new AbortController();
  readonly #warnings: Warning[] = [];
  /** What is going on, for the error if one dies. */
  #where = '';

  constructor(plan: Plan, options: RunOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#served = servedIn(plan);
  }

  /** Aborted when one ends by itself, with a {@link ContendError} as its reason. */
  get died(): AbortSignal {
    return this.#died.signal;
  }

  /** Warnings about how they ended. */
  get warnings(): readonly Warning[] {
    return this.#warnings;
  }

  /** What was started, for the document. */
  get facts(): readonly ServeResult[] {
    return this.#served.map(({ serve, modes }) => {
      const { name, command, setup, cwd, git } = serve;
      const open = this.#open.get(name);
      return {
        name,
        modes,
        command: shownWords(command),
        ...(setup === undefined ? {} : { setup: shownWords(setup) }),
        ...(cwd === '.' ? {} : { cwd }),
        ...(git === undefined ? {} : { git: { ref: git, commit: open?.commit ?? null } }),
        ...(open?.unmeasured === undefined ? {} : { unmeasured: open.unmeasured }),
      };
    });
  }

  /**
   * Starts all of them, each when the one before is ready.
   *
   * @throws {ContendError} ERR_SERVE, ERR_USAGE
   * @throws the signal's reason
   */
  async open(): Promise<void> {
    const { host, logFolder, signal, watch } = this.#options;
    const { file, secrets = [] } = this.#plan;
    const ports = await freePorts(this.#served.length);
    const either = AbortSignal.any([signal, this.died]);
    for (const [at, served] of this.#served.entries()) {
      const { name } = served.serve;
      const log = logFolder === undefined ? undefined : join(logFolder, logNameOf(name));
      watch.mode = served.modes[0]!;
      const tell: Place['tell'] = (doing) => void (watch.phase = doing);
      const place = { execPath: host.execPath, env: host.env, file, secrets, log, freePort: ports[at]!, tell };
      this.#where = `while ${name} was started`;
      const open = await openServe(served, place, either);
      this.#open.set(name, open);
      void open.died.then((error) => this.#died.abort(this.#placed(error)));
    }
    watch.phase = 'opening';
  }

  /** The port of a mode's target; `undefined` if none was started for it. */
  portOf({ serve }: Mode): number | undefined {
    return serve === undefined ? undefined : this.#open.get(serve.name)!.port;
  }

  /**
   * Runs something that uses the targets. If it fails because one of them has died, throws that reason instead.
   *
   * @param where the end of a sentence: `in round 2, while after was measured`
   * @throws {BrokenSlot} ERR_SERVE, if a slot was measured
   */
  async during<Given>(where: string, then: () => Promise<Given>): Promise<Given> {
    this.died.throwIfAborted();
    this.#where = where;
    try {
      return await then();
    } catch (error) {
      if (!(error instanceof ContendError) || this.#served.length === 0) throw error;
      const { clock } = this.#options.host;
      const untilUs = clock.now() + newsWithinUs;
      while (!this.died.aborted && clock.now() < untilUs) await pause(20);
      if (!this.died.aborted) throw error;
      const reason = this.died.reason as ContendError;
      throw error instanceof BrokenSlot ? new BrokenSlot(error.slot, reason) : reason;
    }
  }

  /** Starts counting what a mode's target uses. */
  async begin({ serve }: Mode): Promise<void> {
    if (serve !== undefined) await this.#open.get(serve.name)!.begin();
  }

  /** What the target has used since `begin`, as a part of a slot. */
  async end({ serve }: Mode): Promise<Pick<Slot, 'targetCpuUs' | 'targetMemoryBytes'>> {
    const used = serve === undefined ? undefined : await this.#open.get(serve.name)!.end();
    return used === undefined ? {} : { targetCpuUs: used.cpuUs, targetMemoryBytes: used.memoryBytes };
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    await Promise.all(
      this.#served.map(async (served) => {
        const { serve } = served;
        const stopped = await this.#open.get(serve.name)?.close();
        if (stopped === undefined) return;
        const seconds = serve.stop.withinUs / 1e6;
        if (stopped.killed) {
          this.#warnings.push({
            code: 'SERVE_KILLED',
            message: `${nameOf(served)} did not end within ${seconds} s of ${serve.stop.signal}, and was killed.`,
            hint: 'It should exit on that signal; if it needs longer, say stop: { within: 20s }.',
          });
        } else if (stopped.left.length > 0) {
          this.#warnings.push({
            code: 'SERVE_LEFT',
            message: `${nameOf(served)} ended and left ${stopped.left.join(', ')}, killed now.`,
            hint: 'A process should wait for what it started; otherwise contend has to kill it.',
          });
        }
      }),
    );
  }

  #placed({ code, message, hint, output }: ContendError): ContendError {
    return new ContendError(code, `${message} ${this.#where}`, hint, undefined, output);
  }
}
