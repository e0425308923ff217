import { growsWith, type Axis } from '../../core/sweep/axis.ts';
import type { Find, SweepGate } from '../../core/sweep/plan.ts';
import { checkMode, type GatedMode } from './names.ts';
import type { GateFault, GatePieces } from './text.ts';

/** Whether a metric is one of a whole sweep. */
export const isSweepMetric = (name: string): name is SweepGate['metric'] => name === 'peak' || name === 'capacity';

/** Reads a gate on a sweep: `peak(optimistic) >= 16`, `capacity(keyed) >= 2 * capacity(mutex)`. */
export const readSweepGate = (
  text: string,
  { metric, mode, step, condition }: GatePieces,
  modes: readonly GatedMode[],
): { readonly sweepGate: SweepGate } | { readonly faults: readonly GateFault[] } => {
  const name = metric.text as SweepGate['metric'];
  const faults = [...checkMode(mode, modes)];
  if (step !== undefined) faults.push({ at: step.at, message: `${name} belongs to a mode, not to a step` });
  const wanted = `such as ${name}(${mode.text}) >= ${name === 'peak' ? 16 : 200}`;
  if (condition === undefined)
    return { faults: [...faults, { at: text.trimEnd().length, message: 'a limit is missing', hint: wanted }] };
  const { op, limit, against } = condition;
  if (op.text !== '>=') faults.push({ at: op.at, message: `${name} has a lower limit: >=`, hint: wanted });
  if (against === undefined) {
    const amount = /^(\d{1,9}(?:\.\d{1,6})?)(?:\s*\/s)?$/u.exec(limit.text)?.[1];
    if (amount === undefined || Number(amount) === 0)
      faults.push({ at: limit.at, message: `expected a number above 0, got "${limit.text}"`, hint: wanted });
    return faults.length > 0
      ? { faults }
      : { sweepGate: { text, metric: name, mode: mode.text, atLeast: Number(amount) } };
  }
  if (name === 'peak')
    return {
      faults: [...faults, { at: against.metric.at, message: 'a peak is compared with a number', hint: wanted }],
    };
  if (against.metric.text !== 'capacity')
    faults.push({ at: against.metric.at, message: 'a capacity is compared with a capacity or a number', hint: wanted });
  if (against.floor !== undefined)
    faults.push({ at: against.floor.at, message: 'a capacity takes a factor, and no floor' });
  faults.push(...checkMode(against.mode, modes));
  const times = against.factor === undefined ? 1 : Number(/^\d{1,6}(?:\.\d{1,6})?$/u.exec(against.factor.text)?.[0]);
  if (!(times > 0))
    faults.push({
      at: against.factor?.at ?? limit.at,
      message: 'expected a factor above 0',
      hint: 'such as 2 * capacity(mutex)',
    });
  if (against.mode.text === mode.text)
    faults.push({ at: against.mode.at, message: 'a mode is never compared with itself' });
  return faults.length > 0
    ? { faults }
    : { sweepGate: { text, metric: name, mode: mode.text, atLeast: { mode: against.mode.text, times } } };
};

/** Why a gate on a sweep can never be decided by this sweep. `undefined` if it can. */
export const whyUndecidable = (
  { metric, atLeast }: SweepGate,
  axis: Axis,
  { find, width }: { readonly find: Find | undefined; readonly width: number },
): readonly [message: string, hint: string] | undefined => {
  if (metric === 'peak')
    return growsWith(axis) && find !== 'capacity'
      ? undefined
      : [
          `peak can never be evaluated ${find === 'capacity' ? 'by a search for capacity' : `over ${axis.name}`}`,
          'sweep users or workers',
        ];
  if (find !== 'capacity')
    return ['capacity can never be evaluated: this sweep does not search for it', 'sweep with --find capacity'];
  if (typeof atLeast === 'number') return undefined;
  const margin = Math.abs(atLeast.times - 1);
  if (margin >= 2 * width - 1e-9) return undefined;
  if (margin === 0) return ['two capacities that are level are never told apart', 'leave a margin: 0.9 * capacity(…)'];
  const takes = Number((50 * margin).toPrecision(3));
  return [
    `a margin of ${Number((100 * margin).toPrecision(3))} % is less than twice the width of ${Number((100 * width).toPrecision(3))} %`,
    `--width ${takes}%`,
  ];
};
