import { slotExpectedUs } from '../../core/plan/length.ts';
import type { Mode } from '../../core/plan/plan.ts';
import { shuffled, stream } from '../../core/random.ts';
import type { Served, SweepResult } from '../../core/result/sweep.ts';
import type { Slot } from '../../core/slot.ts';
import type { SweepPlan } from '../../core/sweep/plan.ts';
import { between } from '../../core/sweep/axis.ts';
import type { CapacitySearch, ProbeVerdict } from '../../judge/scaling/capacity.ts';
import { capacityResult } from '../../judge/sweep/capacity.ts';
import { probeVerdict } from '../../judge/sweep/probe.ts';
import { sweepResult } from '../../judge/sweep/result.ts';
import { servedIn } from '../../judge/sweep/served.ts';
import type { Course } from '../course.ts';
import type { Turn } from '../schedule.ts';
import type { SweepOptions } from './options.ts';
import { judgingPoints, slotsAt, type StagedPoint } from './points.ts';
import { isLookedAt, leftUs, probeOf, searchedIn, searchLengthOf, searchOf } from './probes.ts';
import { seedAt } from './schedule.ts';
import { lookOf, rangeOf, servedText } from './served.ts';

/**
 * The course of a search for capacity: all modes that have a gate take turns, a slot each, at the load that their search asks for
 * next, so that drift affects them equally.
 */
export const capacityCourse = (sweep: SweepPlan, options: SweepOptions): Course<SweepResult> => {
  const { axis, planAt, points: ends } = sweep;
  const { watch, budgetUs, host } = options;
  const ground = ends[0];
  const { plan } = ground;
  const beganUs = host.clock.now();
  const searches = searchedIn(sweep).map((name): Searched => ({ name, search: searchOf(sweep), verdicts: [] }));
  const judged = judgingPoints(options, ground.at, false);
  const points: StagedPoint[] = [];
  const highest = ends.at(-1)!.plan;
  let isLooked = !isLookedAt(sweep);
  let turn = 0;
  let told = 0;
  let cutBy: 'budget' | 'invalid' = 'invalid';
  let { cut } = options;

  const pointAt = (at: number): StagedPoint => {
    const known = points.find((point) => point.at === at);
    if (known !== undefined) return known;
    const point = { at, plan: planAt(at), stage: 0 };
    points.push(point);
    return point;
  };

  /** The first slot of a mode under the lowest load so far; `undefined` if this slot is under the lowest load itself. */
  const lowestOf = (slots: readonly Slot[], { mode, at }: Slot): Slot | undefined => {
    const own = slots.filter((slot) => slot.mode === mode && slot.at !== undefined && slot.at < at!);
    const lowest = Math.min(...own.map((slot) => slot.at!));
    return own.find((slot) => slot.at === lowest);
  };

  const lookAt = (name: string): Mode =>
    lookOf(
      highest.modes.find((mode) => mode.name === name)!,
      plan,
    );

  /** The first round of a search over rates: what each mode serves back to back. */
  const looks = (): readonly Turn[] =>
    searches.map(({ name }, position) => ({ mode: lookAt(name), round: 0, position, seed: seedAt(plan.seed, 0) }));

  const begin = (asked: Searched, slot: Slot): void => {
    const served = servedIn(lookAt(slot.mode), slot);
    if (served === undefined) return;
    Object.assign(asked, { served, search: searchOf(sweep, served) });
    options.say?.(`${searches.length === 1 ? 'The target' : asked.name} ${servedText(sweep, served)}.`);
  };

  const tell = (slots: readonly Slot[]): void => {
    for (const slot of slots.slice(told)) {
      const asked = searches.find(({ name }) => name === slot.mode)!;
      if (slot.at === undefined) {
        begin(asked, slot);
        continue;
      }
      const { plan: own } = pointAt(slot.at);
      const verdict = probeVerdict(own, slot, lowestOf(slots, slot));
      asked.search.tell(verdict);
      asked.verdicts.push(verdict);
    }
    told = slots.length;
  };

  /** How much longer it takes, if each search has its capacity in the middle of its range. */
  const stillUs = (): number =>
    searches.reduce((sum, { name, search: { bracket }, verdicts, served }) => {
      const range = rangeOf(sweep, served);
      const most = range.served === undefined ? range.to : Math.min(range.to, Math.max(range.from, range.served));
      const { low = Math.min(range.from, most), high = Math.max(most, bracket.low ?? 0) } = bracket;
      // If the lowest load has failed once, it is likely to fail again.
      const capacity = high <= range.from ? 0 : between(axis.kind, low, high, 0.5);
      return sum + leftUs(sweep, name, verdicts, capacity, served);
    }, 0);

  /** When it will be over, by the run's clock: at the latest when the budget ends. */
  const endOf = (us: number): number =>
    Math.min(host.clock.now() + us, budgetUs === undefined ? Infinity : beganUs + budgetUs);

  return {
    next: (_, slots) => {
      if (!isLooked) {
        isLooked = true;
        const { leastUs } = searchLengthOf(sweep);
        Object.assign(watch, { slotsTotal: searches.length, endsUs: endOf(leastUs) });
        return looks();
      }
      tell(slots);
      const asking = searches.flatMap(({ name, search }) =>
        search.wanted === undefined ? [] : [{ name, at: search.wanted, search }],
      );
      const drawn = shuffled(asking, plan.seed, stream(`sweep.turn.${turn++}`));
      const turns = drawn.map(({ name, at, search }, position): Turn => {
        const { plan: own } = pointAt(at);
        const mode = probeOf(own, name, search, slots);
        const round = slotsAt(slots, at).filter((slot) => slot.mode === name).length;
        return { mode, round, position, at, seed: seedAt(plan.seed, at) };
      });
      if (turns.length === 0) return undefined;
      const takesUs = turns.reduce((sum, { mode }) => sum + slotExpectedUs(mode, plan.rounds), 0);
      if (budgetUs !== undefined && host.clock.now() - beganUs + takesUs > budgetUs) {
        cut = `the budget ended the search after ${slots.length} slots`;
        cutBy = 'budget';
        return undefined;
      }
      for (const { name, search } of searches) watch.searches(name, search.bracket.low, search.bracket.high);
      Object.assign(watch, {
        slotsTotal: watch.slotsDone + turns.length,
        endsUs: endOf(stillUs()),
      });
      return turns;
    },
    // In a search, a load at which nothing completes is an answer.
    isPointless: () => false,
    found: (walked, finished) => {
      const why = options.signal.aborted ? 'interrupted' : cutBy;
      return sweepResult(
        {
          sweep,
          points: judged(points, walked),
          capacity: searches.map(({ name, search, served }) =>
            capacityResult(name, plan.gates, search.found(why), slotsOf(walked.slots, name), served),
          ),
          cut,
          walked,
          plan,
          finished,
        },
        options,
      );
    },
  };
};

/** The search for the capacity of one mode, and how its slots went. */
interface Searched {
  readonly name: string;
  readonly search: CapacitySearch;
  readonly verdicts: ProbeVerdict[];
  readonly served?: Served;
}

const slotsOf = (slots: readonly Slot[], name: string): readonly Slot[] =>
  slots.filter(({ mode, at }) => mode === name && at !== undefined);
