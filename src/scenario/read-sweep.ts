import { ContendError } from '../core/errors.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Point, SweepPlan } from '../core/sweep/plan.ts';
import { longEnough } from '../core/sweep/probe.ts';
import type { Tables } from '../core/table.ts';
import { readScenario, type ScenarioInput } from './read-scenario.ts';
import type { SweepInput } from './sweep/sweep.ts';
import { renderProblems, type Problem } from './text/problem.ts';

/** A scenario, and what to sweep in it. */
export type SweptInput = ScenarioInput & { readonly sweep: Omit<SweepInput, 'at'> };

/** A sweep that can be run, or every problem of its scenario. `at`: the first point with a problem, if not all points have it. */
export type ReadSweep =
  | { readonly sweep: SweepPlan; readonly tables: Tables; readonly notes: readonly Problem[] }
  | { readonly problems: readonly Problem[]; readonly at?: string };

/**
 * Reads a scenario at every point of a sweep. For a search for capacity: at both ends of its axis, with slots that are long enough
 * for its gates.
 *
 * @cost that of {@link readScenario}, for each point
 */
export const readSweep = (input: SweptInput): ReadSweep => {
  const { find, width } = input.sweep;
  const first = readScenario(input);
  if ('problems' in first) return first;
  const { axis, gates } = first.sweep!;
  const [lowest, ...others] = find === 'capacity' ? [axis.values[0]!, axis.values.at(-1)!] : axis.values;
  const plans = new Map<number, Plan>();
  // A probe too short for its gate would be a waste.
  const asMeasured = (plan: Plan): Plan => (find === 'capacity' ? longEnough(plan) : plan);
  for (const at of [lowest!, ...others]) {
    const read = readScenario({ ...input, sweep: { ...input.sweep, at } });
    if ('problems' in read) return { problems: read.problems, at: `${axis.name} ${at}` };
    plans.set(at, asMeasured(read.plan));
  }
  const planAt = (at: number): Plan => {
    const known = plans.get(at);
    if (known !== undefined) return known;
    const read = readScenario({ ...input, sweep: { ...input.sweep, at } });
    if ('problems' in read) throw new ContendError('ERR_SCENARIO', renderProblems(read.problems));
    const plan = asMeasured(read.plan);
    plans.set(at, plan);
    return plan;
  };
  const pointAt = (at: number): Point => ({ at, plan: planAt(at) });
  return {
    sweep: {
      axis,
      points: [pointAt(lowest!), ...others.map(pointAt)],
      ...(find === undefined ? {} : { find }),
      width,
      gates,
      planAt,
    },
    tables: first.tables,
    notes: first.notes,
  };
};
