import { ContendError } from './core/errors.ts';
import type { Host } from './core/host.ts';
import { lengthOf, type Mode, type Plan } from './core/plan.ts';
import type { Unmeasured } from './core/recording.ts';
import { schemaVersion, type ModeResult, type Result } from './core/result.ts';
import type { Credentials, Endpoint, Slot } from './core/slot.ts';
import type { Warning } from './core/warning.ts';
import type { Watch } from './core/watch.ts';
import { compareRuns } from './judge/baseline.ts';
import { compare } from './judge/compare.ts';
import { conclude } from './judge/conclusion.ts';
import { judgeGates } from './judge/gate.ts';
import { modeResult } from './judge/mode-result.ts';
import { judgeGenerator } from './judge/generator.ts';
import { judge, type Judgement, type Outcome } from './judge/verdict.ts';
import { checkOpenFiles } from './measure/runner/open-files.ts';
import { orderOf } from './measure/runner/order.ts';
import { addressesOf, preflight } from './measure/runner/preflight.ts';
import { BrokenSlot, measureSlot, warmUp } from './measure/runner/slot.ts';
import { ThreadPool } from './measure/runner/threads/pool.ts';
import { readCredentials } from './measure/transport/credentials.ts';
import { openStore, parseStoreTarget } from './store/open.ts';

export { compareRuns };
export { planDifferencesOf } from './judge/comparable.ts';

/** What a run needs beside its plan. */
export interface RunOptions {
  readonly host: Pick<
    Host,
    'clock' | 'epochNs' | 'cpuUs' | 'execPath' | 'tool' | 'machine' | 'wallClockMs' | 'readText'
  >;
  /** Aborted with `SIGINT` or `SIGTERM` as its reason: no slot begins any more, and what was measured is the result. */
  readonly signal: AbortSignal;
  /** Filled in as the run goes on, for whoever shows progress. */
  readonly watch: Watch;
  /** What an undecided verdict is to a build; with `warn` its exit code is 0. `fail` if not given. */
  readonly undecided?: 'fail' | 'warn' | undefined;
  /** Whether a run whose gates are undecided after its rounds goes on for as many again; it is then judged twice. */
  readonly extend?: boolean;
  /** An earlier result to compare with: advisory, in no verdict. */
  readonly baseline?: Result | undefined;
  /** Whether the result so far is wanted after every round; it takes a tenth of a second to make. */
  readonly eachRound?: boolean;
}

/** How long every mode works on the built-in store before the first slot: a fresh one warms at a different pace under each lock. */
const storeWarmupUs = 600_000;

/** What a slot takes beside its load: state, reads, connections, drain. */
const slotOverheadUs = 100_000;

const roundsForIntervals = 6;

/**
 * Plan → slots → verdict → result, on one page: the result so far after each round, where that is wanted, undecided until
 * the last one is over; then the result, which comes last.
 *
 * Never rejects for what the target does: a run that cannot be finished gives the result of what was measured, marked
 * `invalid`, with exit code 96.
 */
export async function* run(plan: Plan, options: RunOptions): AsyncGenerator<Result, void> {
  const { host, signal, watch } = options;
  const { clock } = host;
  const startedAt = new Date(host.wallClockMs()).toISOString();
  const slots: Slot[] = [];
  const warmedUp = new Map<string, Unmeasured[]>(plan.modes.map(({ name }) => [name, []]));
  const targets = new Map<string, Target>();
  const endpoints = new Map<string, Endpoint>();
  const threads = new ThreadPool(host);
  let invalid: Result['invalid'];
  const resultNow = (finished: boolean): Result =>
    resultOf({ plan, slots, warmedUp, invalid, startedAt, finished }, options);
  try {
    const credentials = await credentialsOf(plan, host.readText);
    const addresses = new Map<string, readonly string[]>();
    const reached = new Set<string>();
    for (const mode of plan.modes) {
      const target = targets.get(mode.target) ?? (await openTarget(mode.target, options));
      targets.set(mode.target, target);
      const { origin } = target;
      if (!addresses.has(origin)) addresses.set(origin, await addressesOf(origin, signal));
      const endpoint = { origin, addresses: addresses.get(origin)!, tls: credentials.get(mode.name)! };
      endpoints.set(mode.name, endpoint);
      const way = JSON.stringify([endpoint, mode.transport.name]);
      if (reached.has(way)) continue;
      reached.add(way);
      await preflight(mode, endpoint, clock, signal);
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
        wallClockMs: host.wallClockMs,
        live: watch,
        carry: threads.carry,
      };
    };
    watch.phase = 'warming up';
    for (const mode of plan.modes) {
      if (signal.aborted || !isBuiltin(mode)) continue;
      warmedUp.get(mode.name)!.push((await warmUp(slotOf(mode), storeWarmupUs)).unmeasured);
    }
    watch.phase = 'measuring';
    const mayStop = plan.gates.some((gate) => 'abort' in gate && gate.abort);
    let rounds = plan.rounds;
    for (const { mode, round, position } of orderOf(plan.modes.length, 2 * plan.rounds, plan.seed)) {
      if (signal.aborted || round === rounds) break;
      watch.round = round + 1;
      watch.slotExpectedUs = slotExpectedUs(plan.modes[mode]!, plan.rounds);
      const slot = await measureSlot({ ...slotOf(plan.modes[mode]!), round, position, rounds: plan.rounds });
      if (slot !== undefined) slots.push(slot);
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
    if (error instanceof BrokenSlot) slots.push(error.slot);
    if (error instanceof ContendError) invalid = { code: error.code, message: error.message, hint: error.hint };
    else if (!signal.aborted || error !== signal.reason) throw error;
  } finally {
    await threads[Symbol.asyncDispose]();
    for (const target of targets.values()) await target[Symbol.asyncDispose]();
  }
  yield resultNow(true);
}

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

/**
 * Whether every target of a plan can be opened, as far as its address and the certificates for it tell.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const checkTargets = async (plan: Plan, readText: Host['readText']): Promise<void> => {
  for (const mode of plan.modes) if (isBuiltin(mode)) parseStoreTarget(mode.target);
  await credentialsOf(plan, readText);
};

/** By mode. */
const credentialsOf = async ({ modes }: Plan, readText: Host['readText']): Promise<Map<string, Credentials>> => {
  const credentials = new Map<string, Credentials>();
  for (const { name, tls } of modes) credentials.set(name, await readCredentials(tls, readText));
  return credentials;
};

/**
 * Whether this machine can do what a plan asks for, as far as that can be told before anything is sent.
 *
 * @throws {ContendError} ERR_OPEN_FILES
 */
export const checkMachine = ({ modes }: Plan, host: Pick<Host, 'openFilesLimit' | 'machine'>): void =>
  checkOpenFiles(modes, host.openFilesLimit(), host.machine.cores);

/**
 * About how long a run takes, in µs; 0 where a number of iterations decides.
 *
 * @param rounds that are run: those of the plan, or, where it is extended, twice as many
 */
export const expectedUs = (plan: Plan, rounds: number): number => {
  const perRound = plan.modes.map((mode) => slotExpectedUs(mode, plan.rounds));
  if (perRound.includes(0)) return 0;
  const warmingUs = plan.modes.filter(isBuiltin).length * (storeWarmupUs + slotOverheadUs);
  return warmingUs + rounds * perRound.reduce((sum, us) => sum + us, 0);
};

const slotExpectedUs = ({ load: { stop, stages, warmupUs } }: Mode, rounds: number): number => {
  if (stop.kind === 'iterations') return 0;
  return warmupUs + slotOverheadUs + (stop.kind === 'stages' ? lengthOf(stages) : stop.durationUs / rounds);
};

interface Target extends AsyncDisposable {
  readonly origin: string;
}

const isBuiltin = ({ target }: Mode): boolean => target.startsWith('builtin:');

/** One process for the whole run; an URL only has its origin. */
const openTarget = async (target: string, { host: { execPath }, signal }: RunOptions): Promise<Target> =>
  target.startsWith('builtin:')
    ? openStore({ execPath, ...parseStoreTarget(target) }, signal)
    : { origin: target, [Symbol.asyncDispose]: async () => undefined };

/** Everything that a result is made from. */
interface Measured {
  readonly plan: Plan;
  readonly slots: readonly Slot[];
  readonly warmedUp: ReadonlyMap<string, readonly Unmeasured[]>;
  readonly invalid: Result['invalid'];
  readonly startedAt: string;
  readonly finished: boolean;
}

const resultOf = (measured: Measured, options: RunOptions): Result => {
  const { tool, machine } = options.host;
  const { plan, slots, warmedUp, invalid, startedAt, finished } = measured;
  const modes = plan.modes.flatMap((mode): readonly ModeResult[] => {
    const [first, ...others] = slots.filter((slot) => slot.mode === mode.name);
    return first === undefined
      ? []
      : [modeResult(mode, [first, ...others], warmedUp.get(mode.name)!, plan.consistency)];
  });
  const looks = options.extend === true ? 'two looks' : 'one look';
  const comparisons = compare(modes, plan.control, looks);
  const generator = judgeGenerator(modes, slots, warningsOf(plan, slots, invalid));
  const unfit = invalid ?? generator.invalid;
  const doubt = unfit === undefined ? (finished ? undefined : notOver) : 'the run is invalid';
  const gates = judgeGates(plan.gates, { modes, generator: generator.result, looks }, doubt);
  const { name, file, seed, rounds, control } = plan;
  const result: Result = {
    schemaVersion,
    tool,
    startedAt,
    scenario: { name, file, seed, rounds, control },
    machine,
    modes,
    comparisons,
    gates,
    generator: generator.result,
    ...(unfit === undefined ? {} : { invalid: unfit }),
    conclusion: `${options.signal.aborted ? interrupted : ''}${conclude(modes, comparisons, control)}`,
    ...(finished ? outcome({ modes, gates, isInvalid: unfit !== undefined }, options) : unfinished),
  };
  const { baseline } = options;
  // What is compared with another day must be whole, and believed.
  if (baseline === undefined || !finished || unfit !== undefined) return result;
  return { ...result, baseline: compareRuns(baseline, result) };
};

const interrupted = 'Interrupted; this is what was measured until then. ';

const notOver = 'the run is not over';

/** What is read of a run that never came to its end: nothing that a build could take for a pass. */
const unfinished: Judgement = { verdict: { is: 'undecided', because: notOver }, exitCode: 97 };

const outcome = (
  found: Pick<Outcome, 'modes' | 'gates' | 'isInvalid'>,
  { signal, undecided = 'fail' }: RunOptions,
): Judgement => {
  const signalled = signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
  return judge({ ...found, interrupted: signal.aborted ? signalled : undefined, undecided });
};

const warningsOf = ({ modes }: Plan, slots: readonly Slot[], invalid: Result['invalid']): readonly Warning[] => {
  const rounds = new Set(slots.map(({ round }) => round)).size;
  const unverified = modes.filter(({ tls, target }) => tls.insecure && target.startsWith('https:'));
  return [
    ...(modes.length > 1 && rounds < roundsForIntervals && rounds > 0 && invalid === undefined
      ? [
          {
            code: 'FEW_ROUNDS',
            message: `${rounds} ${rounds === 1 ? 'round' : 'rounds'}: the ratios are what happened, and may not happen again.`,
            hint: `--rounds ${roundsForIntervals} or more.`,
          },
        ]
      : []),
    ...(unverified.length > 0
      ? [
          {
            code: 'INSECURE',
            message: `certificates were not verified in ${unverified.map(({ name }) => name).join(', ')}: anybody may have answered.`,
            hint: 'tls: { ca: ca.pem } trusts the authority that signed them.',
          },
        ]
      : []),
  ];
};
