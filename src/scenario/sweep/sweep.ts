import { isRelative, type Gate } from '../../core/plan/plan.ts';
import type { Axis } from '../../core/sweep/axis.ts';
import type { Find, SweepGate } from '../../core/sweep/plan.ts';
import type { WrittenSweepGate } from '../gates/gates.ts';
import { whyUndecidable } from '../gates/sweep.ts';
import type { NamedMode } from '../layers/modes.ts';
import { withSettings, type Setting } from '../layers/settings.ts';
import { at, type Complaint } from '../text/locate.ts';
import { find as findIn, type Branch } from '../text/tree.ts';
import { readAxis, type WrittenAxis } from './axis.ts';
import { checkSweep } from './checks.ts';
import { settingOf } from './lay.ts';

/** What to sweep in a scenario. */
export interface SweepInput {
  /** The text after `--over`; absent: `sweep:` in the file. */
  readonly over?: string | undefined;
  readonly find?: Find | undefined;
  /** How far apart the two ends of a capacity may be: 0.05 is 5 %. */
  readonly width: number;
  /** The value of the axis that the plan is for; the first one by default. */
  readonly at?: number;
}

/** A sweep as read: its axis, and its gates on modes that are run. */
export interface ReadSweep {
  readonly axis: Axis;
  readonly gates: readonly SweepGate[];
}

/** A scenario with one value of the axis laid over it. */
export interface Swept {
  readonly scenario: Branch;
  /** Without any value of the axis. */
  readonly plain: Branch;
  readonly axis?: WrittenAxis;
  readonly complaints: readonly Complaint[];
}

/** Lays a point of a sweep over a scenario. Reads `sweep:` even if no point is asked for. */
export const sweptBy = (plain: Branch, input: SweepInput | undefined): Swept => {
  if (input === undefined && findIn(plain, 'sweep')?.kind !== 'map') return { scenario: plain, plain, complaints: [] };
  const read = readAxis(plain, input?.over);
  if ('complaints' in read) return { scenario: plain, plain, complaints: read.complaints };
  const { axis } = read;
  if (input === undefined) return { scenario: plain, plain, complaints: [] };
  const setting = settingOf(axis, input.at ?? axis.values[0]!, plain);
  const length = input.find === 'capacity' ? probeLength(plain) : [];
  return { scenario: withSettings(plain, [...length, setting]), plain, axis, complaints: [] };
};

/** How long a probe takes, unless its gates take longer. */
const usualProbe = '5s';

/** The length of a probe, if the scenario sets none. */
const probeLength = (plain: Branch): readonly Setting[] => {
  const load = findIn(plain, 'load');
  const isSaid = ['duration', 'iterations', 'stages'].some((key) => findIn(load, key) !== undefined);
  return isSaid ? [] : [{ path: ['load', 'duration'], value: usualProbe, from: '--find' }];
};

/** Checks a sweep of this scenario. For a run: notes the gates that it ignores. */
export const checkSwept = (
  { plain, axis }: Swept,
  input: SweepInput | undefined,
  {
    wanted,
    rounds,
    gates,
    sweepGates,
  }: {
    readonly wanted: readonly NamedMode[];
    readonly rounds: number;
    readonly gates: readonly Gate[];
    readonly sweepGates: readonly WrittenSweepGate[];
  },
): readonly Complaint[] => {
  if (input === undefined)
    return sweepGates.map(({ gate: { metric }, place }) => ({
      ...at(place, `${metric} is only judged by contend sweep: a run ignores it`),
      isNote: true,
    }));
  if (axis === undefined) return [];
  const { find, width } = input;
  const undecidable = sweepGates.flatMap(({ gate, place }) => {
    const why = whyUndecidable(gate, axis, { find, width });
    return why === undefined ? [] : [at(place, ...why)];
  });
  const isLimited = gates.some((gate) => !isRelative(gate) && gate.metric !== 'generator');
  const unlimited: Complaint = {
    mark: '--find capacity',
    path: 'gates',
    message: 'a capacity is the highest load that keeps a gate, and there is none',
    hint: `such as --gate "p99${wanted.length === 1 ? '' : `(${wanted[0]?.name ?? 'mutex'})`} < 50ms"`,
  };
  return [
    ...checkSweep(axis, plain, wanted, { find, rounds }),
    ...undecidable,
    ...(find === 'capacity' && !isLimited ? [unlimited] : []),
  ];
};

/** The modes that a gate on a sweep is about. */
export const sweptModes = ({ mode, atLeast }: SweepGate): readonly string[] =>
  typeof atLeast === 'number' ? [mode] : [mode, atLeast.mode];
