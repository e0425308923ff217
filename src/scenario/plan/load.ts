import type { Load, Stage, Stop } from '../../core/plan/plan.ts';
import { micros, type Micros } from '../../core/units.ts';
import type { Scenario } from '../schema/scenario.ts';

/** The load of a valid scenario, with every default filled in: open if it has a rate, or stages of one. */
export const loadOf = ({ load, timeouts }: Scenario): Load => {
  const { rate, arrival, queue, think, stages = [] } = load;
  const isOpen = rate !== undefined || stages.some((stage) => stage.rate !== undefined);
  const course = stages.map(({ duration, rate, users }) => stageOf(duration, (isOpen ? rate : users) ?? [0, 0]));
  const any = {
    stop: stopOf(load),
    warmupUs: load.warmup ?? micros(load.iterations === undefined ? 200e3 : 0),
    drainUs: load.drain ?? timeouts.request,
    stages: course,
  };
  if (!isOpen) return { kind: 'closed', users: load.users ?? (highestOf(course) || 50), thinkUs: think, ...any };
  const highest = rate ?? highestOf(course);
  return {
    kind: 'open',
    users: load.users ?? Math.max(1, Math.min(1000, Math.ceil(highest))),
    arrival,
    queue,
    ratePerSecond: rate ?? course[0]?.from ?? highest,
    ...any,
  };
};

const stageOf = (durationUs: Micros, [from, to]: readonly [number, number]): Stage => ({ durationUs, from, to });

const stopOf = ({ stages, duration, iterations }: Scenario['load']): Stop => {
  if (stages !== undefined) return { kind: 'stages' };
  return iterations === undefined
    ? { kind: 'duration', durationUs: duration ?? micros(10e6) }
    : { kind: 'iterations', iterations };
};

const highestOf = (stages: readonly Stage[]): number =>
  Math.max(0, ...stages.map(({ from, to }) => Math.max(from, to)));
