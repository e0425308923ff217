import { mergeDraws, type Draws } from './core/recording/draw.ts';
import { ContendError } from './core/errors.ts';
import type { Host } from './core/host.ts';
import { measuredUs, shortenedTo, slotExpectedUs, storeWarmupUs } from './core/plan/length.ts';
import { masked, masking } from './core/mask.ts';
import { isBuiltin, type Mode, type Plan } from './core/plan/plan.ts';
import type { Unmeasured } from './core/recording/recording.ts';
import type { HttpVersion, Result } from './core/result/result.ts';
import type { Endpoint, Slot } from './core/slot.ts';
import type { Tables } from './core/table.ts';
import type { Watch } from './core/watch.ts';
import { compareRuns } from './judge/compare/baseline.ts';
import { readShares } from './judge/consistency/share.ts';
import { judgeSlot } from './judge/consistency/slot.ts';
import { judgeGates } from './judge/gate/gate.ts';
import { runResult, type JudgeOptions } from './judge/run-result.ts';
import { readFiles } from './measure/runner/files.ts';
import { orderOf } from './measure/runner/order.ts';
import { addressesOf, preflight, preflightLock } from './measure/runner/preflight.ts';
import { wayTo } from './measure/runner/way.ts';
import { BrokenSlot, measureSlot, warmUp } from './measure/runner/slot.ts';
import { ThreadPool } from './measure/runner/threads/pool.ts';
import { credentialsOf } from './measure/transport/connect/credentials.ts';
import { openStore, parseStoreTarget } from './store/open.ts';

export { compareRuns };
export { planDifferencesOf } from './judge/compare/comparable.ts';

/** What a run needs beside its plan. */
export interface RunOptions extends JudgeOptions {
  readonly host: Pick<
    Host,
    | 'clock'
    | 'epochNs'
    | 'cpuUs'
    | 'execPath'
    | 'tool'
    | 'machine'
    | 'wallClockMs'
    | 'readText'
    | 'readBytes'
    | 'readInside'
    | 'openFile'
    | 'removeFile'
    | 'makeTemporaryFolder'
  >;
  /** The rows of the files that the plan's variables read; they came with the plan. */
  readonly tables: Tables;
  /** Aborted: no slot begins any more, and what was measured is the result. */
  readonly signal: AbortSignal;
  /** Filled in as the run goes on, for whoever shows progress. */
  readonly watch: Watch;
  /** Whether the result so far is wanted after every round; it takes a tenth of a second to make. */
  readonly eachRound?: boolean;
  /** A folder that is there, in which the histories of observed operations are kept; not kept if not given. */
  readonly historyFolder?: string | undefined;
  /** Filled in slot by slot with iterations of every mode, where some are wanted. */
  readonly draws?: Draws | undefined;
  /** What the run may take at most: slots are shortened round by round where it turns out to take longer. */
  readonly budgetUs?: number | undefined;
}

/**
 * Plan → slots → verdict → result, on one page: the result so far after each round, where that is wanted, undecided until
 * the last one is over; then the result, which comes last.
 *
 * Never rejects for what the target does: a run that cannot be finished gives the result of what was measured, marked
 * `invalid`, with exit code 96.
 */
export async function* run(plan: Plan, options: RunOptions): AsyncGenerator<Result, void> {
  const { host, signal, watch, tables } = options;
  const { clock } = host;
  const beganUs = clock.now();
  const startedAt = new Date(host.wallClockMs()).toISOString();
  const slots: Slot[] = [];
  const warmedUp = new Map<string, Unmeasured[]>(plan.modes.map(({ name }) => [name, []]));
  const targets = new Map<string, Target>();
  const endpoints = new Map<string, Endpoint>();
  const threads = new ThreadPool(host);
  const spoken = new Map<string, HttpVersion>();
  let invalid: Result['invalid'];
  const mask = masking(plan.secrets ?? []);
  const resultNow = (finished: boolean): Result =>
    masked(runResult({ plan, slots, warmedUp, spoken, invalid, startedAt, finished }, options), mask);
  const temporary =
    plan.consistency.length === 0 || options.historyFolder !== undefined ? undefined : await host.makeTemporaryFolder();
  const historyFolder = options.historyFolder ?? temporary?.path;
  try {
    const credentials = await credentialsOf(plan.modes, host.readText);
    for (const mode of plan.modes) await preflightLock(mode, clock);
    const addresses = new Map<string, readonly string[]>();
    const reached = new Map<string, HttpVersion>();
    for (const mode of plan.modes) {
      const target = targets.get(mode.target) ?? (await openTarget(mode.target, options));
      targets.set(mode.target, target);
      const { origin } = target;
      const { asked, way: byWay } = wayTo(mode, origin);
      if (!addresses.has(asked)) addresses.set(asked, await addressesOf(asked, signal));
      const endpoint = { origin, addresses: addresses.get(asked)!, tls: credentials.get(mode.name)!, ...byWay };
      endpoints.set(mode.name, { ...endpoint, ...(await readFiles(mode, plan.file, host)) });
      const way = JSON.stringify([endpoint, mode.transport]);
      const before = reached.get(way);
      const version = before ?? (await preflight(mode, endpoint, clock, signal));
      reached.set(way, version);
      spoken.set(mode.name, version);
      if (before !== undefined) continue;
      warmedUp.get(mode.name)!.push({ preflight: 1, before: 0, warmup: 0, finalReads: 0 });
    }
    const slotOf = (mode: Mode) => {
      Object.assign(watch, { mode: mode.name, completed: 0, slotStartedUs: clock.now() });
      return {
        mode,
        endpoint: endpoints.get(mode.name)!,
        cores: host.machine.cores,
        seed: plan.seed,
        clock,
        signal,
        cpuUs: host.cpuUs,
        openFile: host.openFile,
        wallClockMs: host.wallClockMs,
        live: watch,
        tables,
        carry: threads.carry,
      };
    };
    watch.phase = 'warming up';
    for (const mode of plan.modes) {
      if (signal.aborted || !isBuiltin(mode)) continue;
      warmedUp.get(mode.name)!.push((await warmUp(slotOf(mode), storeWarmupUs(mode))).unmeasured);
    }
    // What the store was warmed with is no rate of anything measured.
    Object.assign(watch, { phase: 'measuring', completed: 0 });
    const mayStop = plan.gates.some((gate) => 'abort' in gate && gate.abort);
    let { rounds, modes } = plan;
    const roundsBeganUs = clock.now();
    let spentUs = 0;
    for (const { mode: at, round, position } of orderOf(plan.modes.length, 2 * plan.rounds, plan.seed)) {
      if (signal.aborted || round === rounds) break;
      if (position === 0 && round > 0 && options.budgetUs !== undefined) {
        const leftUs = beganUs + options.budgetUs - clock.now();
        const fixedUs = (clock.now() - roundsBeganUs - spentUs) / round;
        const most = options.extend === true ? 2 * plan.rounds : plan.rounds;
        modes = shortenedTo(leftUs, plan, most - round, fixedUs);
      }
      const mode = modes[at]!;
      if (position === 0) spentUs += measuredUs(modes, plan.rounds);
      watch.round = round + 1;
      watch.slotExpectedUs = slotExpectedUs(mode, plan.rounds);
      const target = targets.get(mode.target)!;
      const cpuUs = await target.cpuUs?.();
      const slot = await measureSlot({
        ...slotOf(mode),
        round,
        position,
        rounds: plan.rounds,
        historyFolder,
        samples: options.draws?.size,
      });
      if (slot !== undefined)
        slots.push(await judged({ ...slot, ...storeCpu(cpuUs, await target.cpuUs?.()) }, plan, options));
      watch.slotsDone++;
      if (position < plan.modes.length - 1 || signal.aborted) continue;
      // A round is over: is the run?
      const isLastLook = round === 2 * plan.rounds - 1;
      if (round === plan.rounds - 1 && options.extend === true && isOpen(resultNow(true))) {
        rounds = 2 * plan.rounds;
        watch.rounds = rounds;
        watch.slotsTotal = rounds * plan.modes.length;
      }
      if (isLastLook || round === rounds - 1) break;
      if (!mayStop && options.eachRound !== true) continue;
      const soFar = resultNow(false);
      if (mayStop && hasLost(plan, soFar)) break;
      if (options.eachRound === true) yield soFar;
    }
  } catch (error) {
    if (error instanceof BrokenSlot) slots.push(await judged(error.slot, plan, options));
    if (error instanceof ContendError) invalid = { code: error.code, message: error.message, hint: error.hint };
    else if (!signal.aborted || error !== signal.reason) throw error;
  } finally {
    await threads[Symbol.asyncDispose]();
    for (const target of targets.values()) await target[Symbol.asyncDispose]();
    await temporary?.[Symbol.asyncDispose]();
  }
  yield resultNow(true);
}

/** A slot with what the models say of it: its histories are read, and removed unless they are to be kept. */
const judged = async (measured: Slot, { consistency: models }: Plan, options: RunOptions): Promise<Slot> => {
  const slot = withoutDraw(measured, options.draws);
  if (models.length === 0) return slot;
  const { host, historyFolder } = options;
  const { histories } = slot.recording;
  const shares = await readShares(histories, host.readBytes);
  if (historyFolder === undefined) for (const { path } of histories) await host.removeFile(path);
  return { ...slot, consistency: judgeSlot(slot, models, shares, host.clock) };
};

/** A slot whose drawn iterations have been put to those of its mode: what is kept does not grow with the rounds. */
const withoutDraw = (slot: Slot, draws: Draws | undefined): Slot => {
  const { draw, ...recording } = slot.recording;
  if (draw === undefined || draws === undefined) return slot;
  const before = draws.byMode.get(slot.mode) ?? { size: draws.size, rows: [] };
  draws.byMode.set(slot.mode, mergeDraws([before, draw]));
  return { ...slot, recording };
};

/** Whether more rounds could decide a gate that compares modes. */
const isOpen = ({ gates }: Result): boolean =>
  gates.some(({ verdict, unit, samples }) => verdict === 'undecided' && unit === 'ratio' && samples > 0);

/** Whether a gate with `abort` has failed on what was measured so far: "the run is not over" is no reason to go on then. */
const hasLost = ({ gates: asked }: Plan, { modes, generator }: Result): boolean =>
  judgeGates(asked, { modes, generator, looks: 'every round' }).some(({ verdict }, at) => {
    const gate = asked[at]!;
    return verdict === 'fail' && 'abort' in gate && gate.abort;
  });

/** Runs to the end: the last result. */
export const runToEnd = async (plan: Plan, options: RunOptions): Promise<Result> => {
  let last: Result | undefined;
  for await (const result of run(plan, options)) last = result;
  return last!;
};

interface Target extends AsyncDisposable {
  readonly origin: string;
  /** So far, where the target tells it. */
  readonly cpuUs?: () => Promise<number | undefined>;
}

const storeCpu = (before: number | undefined, after: number | undefined): Pick<Slot, 'storeCpuUs'> =>
  before === undefined || after === undefined ? {} : { storeCpuUs: after - before };

/** One process for the whole run; an URL only has its origin. */
const openTarget = async (target: string, { host: { execPath }, signal }: RunOptions): Promise<Target> =>
  target.startsWith('builtin:')
    ? openStore({ execPath, ...parseStoreTarget(target) }, signal)
    : { origin: target, [Symbol.asyncDispose]: async () => undefined };
