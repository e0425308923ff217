import { slotExpectedUs } from '../../core/plan/length.ts';
import { shuffled, stream } from '../../core/random.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import type { Slot } from '../../core/slot.ts';
import type { SweepPlan } from '../../core/sweep/plan.ts';
import { between } from '../../core/sweep/axis.ts';
import type { ProbeVerdict } from '../../judge/scaling/capacity.ts';
import { capacityResult } from '../../judge/sweep/capacity.ts';
import { probeVerdict } from '../../judge/sweep/probe.ts';
import { sweepResult } from '../../judge/sweep/result.ts';
import type { Course } from '../course.ts';
import type { Turn } from '../schedule.ts';
import type { SweepOptions } from './options.ts';
import { judgingPoints, slotsAt, type StagedPoint } from './points.ts';
import { leftUs, probeOf, searchedIn, searchOf } from './probes.ts';
import { seedAt } from './schedule.ts';

/**
 * The course of a search for capacity: all modes that have a gate take turns, a slot each, at whichever load their search asks for
 * next, so that what drifts touches them alike.
 */
export const capacityCourse = (sweep: SweepPlan, options: SweepOptions): Course<SweepResult> => {
  const { axis, planAt, points: ends } = sweep;
  const { watch, budgetUs, host } = options;
  const ground = ends[0];
  const { plan } = ground;
  const [from, to] = [axis.values[0]!, axis.values.at(-1)!];
  const beganUs = host.clock.now();
  const searches = searchedIn(sweep).map((name) => ({ name, search: searchOf(sweep), verdicts: [] as ProbeVerdict[] }));
  const judged = judgingPoints(options, ground.at, false);
  const points: StagedPoint[] = [];
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

  /** The first slot of a mode under the lowest load; undefined: this is one of those. */
  const lowestOf = (slots: readonly Slot[], { mode, at }: Slot): Slot | undefined =>
    at === from ? undefined : slots.find((slot) => slot.at === from && slot.mode === mode);

  const tell = (slots: readonly Slot[]): void => {
    for (const slot of slots.slice(told)) {
      const { plan: own } = pointAt(slot.at!);
      const asked = searches.find(({ name }) => name === slot.mode)!;
      const verdict = probeVerdict(own, slot, lowestOf(slots, slot));
      asked.search.tell(verdict);
      asked.verdicts.push(verdict);
    }
    told = slots.length;
  };

  /** How long all of it still takes: each search as if its capacity lay in the middle of where it looks. */
  const stillUs = (): number =>
    searches.reduce((sum, { name, search: { bracket }, verdicts }) => {
      const { low = from, high = to } = bracket;
      // Where the lowest has failed once, it is about to fail again.
      return sum + leftUs(sweep, name, verdicts, high <= from ? 0 : between(axis.kind, low, high, 0.5));
    }, 0);

  return {
    next: (_, slots) => {
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
        endsUs: host.clock.now() + stillUs(),
      });
      return turns;
    },
    // A load at which nothing completes is an answer to the search.
    isPointless: () => false,
    found: (walked, finished) => {
      const why = options.signal.aborted ? 'interrupted' : cutBy;
      return sweepResult(
        {
          sweep,
          points: judged(points, walked),
          capacity: searches.map(({ name, search }) =>
            capacityResult(name, plan.gates, search.found(why), slotsOf(walked.slots, name)),
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

const slotsOf = (slots: readonly Slot[], name: string): readonly Slot[] => slots.filter(({ mode }) => mode === name);
