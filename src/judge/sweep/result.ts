import type { Looks } from '../../core/looks.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { schemaVersion } from '../../core/result/result.ts';
import type { CapacityResult, SweepResult } from '../../core/result/sweep.ts';
import { growsWith } from '../../core/sweep/axis.ts';
import type { SweepPlan } from '../../core/sweep/plan.ts';
import type { JudgeOptions, Measured } from '../run-result.ts';
import { unfinished } from '../verdict.ts';
import { concludeSweep } from './conclusion.ts';
import { crossingsOf } from './crossings.ts';
import { judgeSweepGates } from './gates.ts';
import type { MeasuredPoint } from './points.ts';
import { scalingsOf } from './scaling.ts';
import { judgeSweep } from './verdict.ts';

/** Everything that the result of a sweep is made from. */
export interface MeasuredSweep {
  readonly sweep: SweepPlan;
  /** In ascending order. */
  readonly points: readonly MeasuredPoint[];
  readonly capacity: readonly CapacityResult[];
  /** What was cut to fit a budget. */
  readonly cut: string | undefined;
  readonly walked: Pick<Measured, 'serves' | 'invalid' | 'startedAt' | 'tookUs'>;
  /** The plan of the point that the targets were opened for. */
  readonly plan: Plan;
  readonly finished: boolean;
}

/** The result of a sweep, so far or to the end. */
export const sweepResult = (measured: MeasuredSweep, options: JudgeOptions): SweepResult => {
  const { sweep, points: all, capacity, cut, walked, plan, finished } = measured;
  const { axis, find } = sweep;
  const isCapacity = find === 'capacity';
  const looks: Looks = find === 'crossing' ? 'two looks' : 'one look';
  const points = all.map(({ point }) => point);
  const names = [plan.control, ...plan.modes.map(({ name }) => name).filter((name) => name !== plan.control)];
  const scaling = isCapacity || !growsWith(axis) ? [] : scalingsOf(points, names, looks);
  const crossings = isCapacity ? [] : crossingsOf(points, names, axis.kind, looks);
  const doubt = walked.invalid === undefined ? (finished ? undefined : notOver) : 'the sweep is invalid';
  const gates = judgeSweepGates(sweep.gates, { scaling, capacity, points: points.length }, doubt);
  const { signal, undecided = 'fail', host } = options;
  const interrupted: 'SIGINT' | 'SIGTERM' | undefined = signal.aborted
    ? signal.reason === 'SIGTERM'
      ? 'SIGTERM'
      : 'SIGINT'
    : undefined;
  const outcome = {
    kind: axis.kind,
    lowest: axis.values[0]!,
    points: all,
    isCapacity,
    capacity,
    gates,
    invalid: walked.invalid,
    interrupted,
    undecided,
  };
  return {
    schemaVersion,
    kind: 'sweep',
    tool: host.tool,
    startedAt: walked.startedAt,
    scenario: { name: plan.name, file: plan.file, seed: plan.seed, rounds: plan.rounds, control: plan.control },
    machine: host.machine,
    axis: { kind: axis.kind, name: axis.name, values: axis.values },
    find: find ?? null,
    width: sweep.width,
    points,
    scaling,
    crossings,
    capacity,
    gates,
    ...(walked.serves.length === 0 ? {} : { serves: walked.serves }),
    ...(walked.invalid === undefined ? {} : { invalid: walked.invalid }),
    ...(cut === undefined ? {} : { cut }),
    conclusion: concludeSweep({ axis, points, scaling, crossings, capacity, cores: host.machine.cores }),
    ...(finished ? judgeSweep(outcome) : unfinished(notOver)),
    tookUs: walked.tookUs,
  };
};

const notOver = 'the sweep is not over';
