import { metrics } from '../metric.ts';
import { isRelative, type Gate, type Mode, type Plan } from '../plan/plan.ts';
import { micros } from '../units.ts';

/** So many more are due than a gate takes: a few fail, and have no time. */
const spareShare = 0.02;
/** Arrivals of chance are fewer than so many standard deviations below their mean in one slot of a thousand. */
const spareDeviations = 3;
/** How fast users are is measured, and may be a little less the next time. */
const closedSpareShare = 0.25;

/** The most iterations that any of a mode's limits takes before it is held against them; 1 where none takes more. */
export const iterationsToDecide = (gates: readonly Gate[], mode: string): number =>
  Math.max(
    1,
    ...gates.map((gate) =>
      isRelative(gate) || gate.metric === 'generator' || gate.metric === 'consistency' || gate.mode !== mode
        ? 1
        : metrics[gate.metric].enough(gate.limit),
    ),
  );

/**
 * How long a slot must be so that no limit of the mode is undecided for want of iterations, in µs; 0: nobody knows, as it is the
 * target that says how fast users are.
 *
 * @param perSecond how fast iterations of a closed load were seen to be
 */
export const timeToDecideUs = (gates: readonly Gate[], { name, load }: Mode, perSecond?: number): number => {
  const iterations = iterationsToDecide(gates, name);
  if (load.kind === 'closed')
    return perSecond === undefined ? 0 : (iterations * (1 + closedSpareShare) * 1e6) / perSecond;
  const spare = load.arrival.name === 'poisson' ? spareDeviations * Math.sqrt(iterations) : 1;
  return ((iterations * (1 + spareShare) + spare) * 1e6) / load.ratePerSecond;
};

/** How long the measured part of a slot is, in µs; 0 where a number of iterations or stages decide. */
export const slotMeasuredUs = ({ load: { stop } }: Mode, rounds: number): number =>
  stop.kind === 'duration' ? stop.durationUs / rounds : 0;

/** A mode whose slots are measured for so long, in µs. */
export const withSlotsOf = (mode: Mode, slotUs: number, rounds: number): Mode => ({
  ...mode,
  load: { ...mode.load, stop: { kind: 'duration', durationUs: micros(Math.ceil(slotUs) * rounds) } },
});

/** A plan whose slots are as long as the limits of their modes take, those that are longer as they are. */
export const longEnough = (plan: Plan): Plan => {
  const [first, ...others] = plan.modes.map((mode) => {
    const neededUs = timeToDecideUs(plan.gates, mode);
    const isLong = mode.load.stop.kind !== 'duration' || slotMeasuredUs(mode, plan.rounds) >= neededUs;
    return isLong ? mode : withSlotsOf(mode, neededUs, plan.rounds);
  });
  return { ...plan, modes: [first!, ...others] };
};
