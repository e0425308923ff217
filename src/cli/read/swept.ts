import type { Host } from '../../core/host.ts';
import { expectedUs, fitTo, warmingUs } from '../../core/plan/length.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { ContendError } from '../../core/errors.ts';
import type { Point, SweepPlan } from '../../core/sweep/plan.ts';
import type { Tables } from '../../core/table.ts';
import { many } from '../../report/format.ts';
import type { ScenarioInput } from '../../scenario/read-scenario.ts';
import { readSweep } from '../../scenario/read-sweep.ts';
import { renderNotes, renderProblems } from '../../scenario/text/problem.ts';
import { budgetOf, type Budget } from '../flags/budget.ts';
import { timeText } from '../progress/length.ts';
import { sweepAskedOf, type SweepFlags } from '../flags/sweep.ts';
import { readText } from './file.ts';
import { namedOf } from './named.ts';
import { hintOf } from './plan.ts';

/** What is to be swept. */
export interface AskedSweep {
  readonly sweep: SweepPlan;
  readonly tables: Tables;
  readonly budget: Budget | undefined;
  /** What `-b @file` sends; it is in no scenario's folder. */
  readonly bytes?: Uint8Array | undefined;
  /** About how long it takes, in µs; 0 if it is not known. */
  readonly length: { readonly leastUs: number; readonly mostUs: number };
  /** What was cut to fit the budget; absent if nothing was. */
  readonly cut?: string;
}

/** A crossing is refined in at most two stages of three places per bracket; time is planned for one stage. */
const placesToRefine = 3;

/**
 * Reads a scenario at every point of a sweep; `undefined` if it has problems at any, which are then on stderr.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const sweptOf = async (host: Host, named: string, flags: SweepFlags): Promise<AskedSweep | undefined> => {
  const { over, find, width, settings } = sweepAskedOf(flags);
  const budget = budgetOf(flags.budget, host.env);
  const isOpen =
    (over?.startsWith('rate=') ?? false) || (flags.rate ?? flags.rps ?? host.env['CONTEND_RATE']) !== undefined;
  const isTimed = find !== 'capacity';
  const { file, options, bytes } = await namedOf(host, named, settings, 'sweep', { isOpen, isTimed });
  const text = options.text ?? (await readText(host, file, hintOf(file)));
  const input: ScenarioInput = { ...options, text, file, seed: host.randomSeed(), readBeside: host.readBeside(file) };
  const read = readSweep({ ...input, sweep: { over, find, width } });
  if ('problems' in read) {
    host.stderr.write(`${renderProblems(read.problems)}${read.at === undefined ? '' : `That is at ${read.at}.\n`}`);
    return undefined;
  }
  const { sweep, tables, notes } = read;
  checkSettings(settings, sweep.axis.kind);
  if (notes.length > 0) host.stderr.write(renderNotes(notes));
  const asked = { tables, budget, bytes };
  if (sweep.find === 'capacity') return { ...asked, sweep, length: await searchWithin(sweep, budget) };
  const shortening = new Shortening(sweep, budget);
  return {
    ...asked,
    sweep: shortening.of(sweep),
    length: { leastUs: shortening.expectedUs, mostUs: shortening.expectedUs },
    ...(shortening.isCut ? { cut: `${budget!.said}: slots were shortened to fit` } : {}),
  };
};

/** How long a sweep takes if nothing is cut; 0 if it is not known. */
export const lengthOfSweep = async (sweep: SweepPlan): Promise<AskedSweep['length']> => {
  if (sweep.find === 'capacity') return searchWithin(sweep, undefined);
  const us = new Shortening(sweep, undefined).expectedUs;
  return { leastUs: us, mostUs: us };
};

/**
 * How long a search takes. A probe is as long as its gate needs: a budget ends a search, but does not shorten its probes.
 *
 * @throws {ContendError} ERR_USAGE if it would end before anything can be shown
 */
const searchWithin = async (sweep: SweepPlan, budget: Budget | undefined): Promise<AskedSweep['length']> => {
  const { searchLengthOf } = await import('../../run.ts');
  const length = searchLengthOf(sweep);
  if (budget === undefined || budget.us >= length.leastUs) return length;
  const least = Math.ceil(length.leastUs / 1e6);
  throw new ContendError(
    'ERR_USAGE',
    `${budget.said} is too short: the search takes ${least} s at least, and ${timeText(length)} in all.`,
    `--budget ${Math.ceil(length.mostUs / 1e6)}s, a higher lowest load, a wider --width, or a gate on p95, which takes a fifth of the iterations of p99.`,
  );
};

/** Refuses a flag that sets what the axis sets, because it would have no effect. @throws {ContendError} ERR_USAGE */
const checkSettings = (flags: SweepFlags, kind: string): void => {
  const flag = { users: '--users', rate: '--rate', workers: '--workers' }[kind];
  const isSet = { users: flags.users, rate: flags.rate ?? flags.rps, workers: flags.workers }[kind] !== undefined;
  if (flag !== undefined && isSet)
    throw new ContendError(
      'ERR_USAGE',
      `${flag} is what the sweep varies.`,
      `Leave ${flag} out, or sweep something else.`,
    );
};

/** How long a grid takes, and by how much all of its slots are shortened to fit a budget. */
class Shortening {
  readonly expectedUs: number;
  readonly isCut: boolean;
  readonly #factor: number;

  /** @throws {ContendError} ERR_USAGE if the shortest slots take longer, or modes stop after a number of iterations */
  constructor({ points: all, find }: SweepPlan, budget: Budget | undefined) {
    const { plan } = all[all.length >> 1]!;
    const points = all.length + (find === 'crossing' ? placesToRefine : 0);
    const warming = warmingUs(plan);
    const perPoint = expectedUs(plan, plan.rounds) === 0 ? 0 : expectedUs(plan, plan.rounds) - warming;
    this.expectedUs = perPoint === 0 ? 0 : warming + points * perPoint;
    this.#factor = 1;
    this.isCut = false;
    if (budget === undefined) return;
    const fitted = fitTo((budget.us - warming) / points + warming, plan, plan.rounds);
    if (fitted === 0)
      throw new ContendError(
        'ERR_USAGE',
        `${budget.said} cannot be kept: a slot that ends after a number of iterations has no known length.`,
        'Give the load a duration instead of iterations, as -d 10s does.',
      );
    if (typeof fitted === 'number') {
      const least = Math.ceil((warming + points * (fitted - warming)) / 1e6);
      throw new ContendError(
        'ERR_USAGE',
        `${budget.said} is too short: ${many(points, 'point')} × ${many(plan.modes.length, 'mode')} × ${many(plan.rounds, 'round')} take ${least} s with the shortest slots, warm-up included.`,
        `--budget ${least}s, or less: --over, --rounds, --modes.`,
      );
    }
    if (fitted === plan) return;
    const [own, shorter] = [plan, fitted].map(({ modes: [{ load }] }) =>
      load.stop.kind === 'duration' ? load.stop.durationUs : 0,
    );
    this.isCut = true;
    this.#factor = own === 0 ? 1 : shorter! / own!;
    this.expectedUs = warming + points * (expectedUs(fitted, plan.rounds) - warmingUs(fitted));
  }

  /** The sweep with its slots shortened. */
  of(sweep: SweepPlan): SweepPlan {
    if (this.#factor === 1) return sweep;
    const plans = new Map<number, Plan>();
    const planAt = (at: number): Plan => {
      const known = plans.get(at) ?? this.#shortened(sweep.planAt(at));
      plans.set(at, known);
      return known;
    };
    const [lowest, ...others] = sweep.points.map(({ at }): Point => ({ at, plan: planAt(at) }));
    return { ...sweep, points: [lowest!, ...others], planAt };
  }

  #shortened(plan: Plan): Plan {
    const [first, ...others] = plan.modes.map((mode) => {
      const { load } = mode;
      if (load.stop.kind !== 'duration') return mode;
      const slotUs = Math.floor((this.#factor * load.stop.durationUs) / plan.rounds);
      return { ...mode, load: { ...load, stop: { kind: 'duration' as const, durationUs: slotUs * plan.rounds } } };
    });
    return { ...plan, modes: [first!, ...others] } as Plan;
  }
}
