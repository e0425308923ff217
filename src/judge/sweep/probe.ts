import { isRelative, type ConsistencyGate, type Gate, type LimitGate, type Plan } from '../../core/plan/plan.ts';
import { metrics } from '../../core/metric.ts';
import { askedRate, keptUp } from '../../core/result/open-load.ts';
import type { GateResult, ModeResult } from '../../core/result/result.ts';
import type { Limit } from '../../core/result/sweep.ts';
import type { Slot } from '../../core/slot.ts';
import { judgeGates } from '../gate/gate.ts';
import { figure, many } from '../figure.ts';
import { isTouched, judgeGenerator } from '../generator.ts';
import { modeResult } from '../mode-result.ts';
import { rateText, withoutStop } from '../phrases.ts';
import type { ProbeVerdict } from '../scaling/capacity.ts';
import { nothingCompleted } from '../silence.ts';
import { limitIn } from './limit.ts';

/** The gates that compare a mode only with a limit: a search for its capacity keeps these. */
export const limitsOf = (gates: readonly Gate[], mode: string): readonly (LimitGate | ConsistencyGate)[] =>
  gates.filter(
    (gate): gate is LimitGate | ConsistencyGate =>
      !isRelative(gate) && gate.metric !== 'generator' && gate.mode === mode,
  );

/** A generator that was late, full or held up makes times too long and rates too low: a gate that passes anyway has passed. */
const onlySlows: ReadonlySet<string> = new Set(['ERR_SEND_LAG', 'SATURATED', 'GC', 'LOOP_DELAY']);

/**
 * How one slot of a search for capacity ended: first whether the data is right, then whether the generator can be trusted.
 *
 * @param lowest a slot of the lowest load, which distinguishes a target that slows down from one short of users; absent if this is one
 */
export const probeVerdict = (plan: Plan, slot: Slot, lowest: Slot | undefined): ProbeVerdict => {
  const planned = plan.modes.find(({ name }) => name === slot.mode)!;
  const mode = modeResult(planned, [slot], [], plan.consistency);
  const limit = (): Limit =>
    limitIn(mode, lowest === undefined ? undefined : modeResult(planned, [lowest], [], plan.consistency));
  const wrong = wrongIn(mode);
  if (wrong !== undefined) return { is: 'violated', because: wrong };
  const { unfit, doubtful, result: generator } = judgeGenerator([mode], [slot], []);
  const own = unfit.get(mode.name) ?? doubtful.get(mode.name);
  const spoiled: ProbeVerdict | undefined =
    own === undefined ? undefined : { is: 'failed', because: withoutMode(own.message, mode), limit: 'generator' };
  if (spoiled !== undefined && !onlySlows.has(own!.code)) return spoiled;
  const silent = nothingCompleted([mode], false);
  if (silent !== undefined) return { is: 'failed', because: withoutMode(silent.message, mode), limit: 'target' };
  const limits = limitsOf(plan.gates, mode.name);
  const judged = judgeGates(limits, { modes: [mode], generator, looks: 'one look' });
  const at = judged.findIndex(({ verdict }) => verdict === 'fail');
  const [gate, broken] = [limits[at], judged[at]];
  if (gate !== undefined && broken !== undefined) {
    if (gate.metric === 'consistency') return { is: 'violated', because: broken.because };
    if (spoiled !== undefined && isTouched(own!, gate.metric)) return spoiled;
    return { is: 'failed', because: brokenText(gate, broken, mode), limit: limit() };
  }
  if (!keptUp(mode)) {
    if (spoiled !== undefined && isTouched(own!, 'throughput')) return spoiled;
    return { is: 'failed', because: behindText(mode), limit: limit() };
  }
  const open = judged.find(({ verdict }) => verdict === 'undecided');
  return open === undefined ? { is: 'kept' } : { is: 'undecided', because: `${open.text.trim()}: ${open.because}` };
};

const wrongIn = ({ violations, consistency, locks }: ModeResult): string | undefined => {
  if (violations !== 'forbidden') return undefined;
  if (consistency?.verdict === 'violated') return 'the data was not right';
  const lapsed = locks.reduce((sum, lock) => sum + lock.lapsed, 0);
  return lapsed > 0 ? 'a lease ran out while it was held' : undefined;
};

/** What was found in a mode, for use where it is clear which mode is meant. */
const withoutMode = (message: string, { name }: ModeResult): string =>
  withoutStop(message).replaceAll(` in ${name}`, '').replaceAll(` of ${name}`, '');

/** `p99 was 84 ms over 2,041 iterations`: without the mode and the limit, which are known. */
const brokenText = (gate: LimitGate, { actual, unit, samples, because }: GateResult, mode: ModeResult): string => {
  const { metric, step } = gate;
  const name = step === undefined ? metric : `${metric} of ${step}`;
  if (actual === null || unit === null) return `${name}: ${because}`;
  // As short as possible without reading like the limit.
  const short = Number(actual.toPrecision(3));
  const shown = figure(short === gate.limit ? actual : short, unit);
  const isBehind = mode.offered !== null && mode.throughputPerSecond < behindShare * askedRate(mode);
  const only = isBehind ? `, and only ${rateText(mode.throughputPerSecond)}/s completed` : '';
  return `${name} was ${shown} over ${many(samples, metrics[metric].sample(mode, step))}${only}`;
};

/** Below this share of what was asked for, the completed share is reported. */
const behindShare = 0.95;

const behindText = (mode: ModeResult): string =>
  `${rateText(mode.throughputPerSecond)}/s completed of ${rateText(askedRate(mode))}/s, and the rest waits or was dropped`;
