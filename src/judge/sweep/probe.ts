import { isRelative, type ConsistencyGate, type Gate, type LimitGate, type Plan } from '../../core/plan/plan.ts';
import { askedRate, keptUp } from '../../core/result/open-load.ts';
import type { ModeResult } from '../../core/result/result.ts';
import type { Limit } from '../../core/result/sweep.ts';
import type { Slot } from '../../core/slot.ts';
import { judgeGates } from '../gate/gate.ts';
import { judgeGenerator } from '../generator.ts';
import { modeResult } from '../mode-result.ts';
import { rateText, withoutStop } from '../phrases.ts';
import type { ProbeVerdict } from '../scaling/capacity.ts';
import { nothingCompleted } from '../silence.ts';
import { limitIn } from './limit.ts';

/** The gates of a mode that hold it against nothing but a limit: what a search for its capacity keeps. */
export const limitsOf = (gates: readonly Gate[], mode: string): readonly (LimitGate | ConsistencyGate)[] =>
  gates.filter(
    (gate): gate is LimitGate | ConsistencyGate =>
      !isRelative(gate) && gate.metric !== 'generator' && gate.mode === mode,
  );

/** Of a generator that was late or full, times are too long and rates too low: a gate that passes all the same has passed. */
const onlySlows: ReadonlySet<string> = new Set(['ERR_SEND_LAG', 'SATURATED']);

/**
 * How one slot of a search for capacity ended: whether the data is right first, then whether the generator can be trusted.
 *
 * @param lowest a slot of the lowest load, which tells a target that grows slower from one that is out of users; absent: this is one
 */
export const probeVerdict = (plan: Plan, slot: Slot, lowest: Slot | undefined): ProbeVerdict => {
  const planned = plan.modes.find(({ name }) => name === slot.mode)!;
  const mode = modeResult(planned, [slot], [], plan.consistency);
  const limit = (): Limit =>
    limitIn(mode, lowest === undefined ? undefined : modeResult(planned, [lowest], [], plan.consistency));
  const wrong = wrongIn(mode);
  if (wrong !== undefined) return { is: 'violated', because: wrong };
  const { unfit, doubtful, result: generator } = judgeGenerator([mode], [slot], []);
  const own = unfit.get(mode.name) ?? [...doubtful.values()].find(({ code }) => code === 'SATURATED');
  const spoiled: ProbeVerdict | undefined =
    own === undefined ? undefined : { is: 'failed', because: withoutStop(own.message), limit: 'generator' };
  if (spoiled !== undefined && !onlySlows.has(own!.code)) return spoiled;
  const silent = nothingCompleted([mode], false);
  if (silent !== undefined) return { is: 'failed', because: withoutStop(silent.message), limit: 'target' };
  const judged = judgeGates(limitsOf(plan.gates, mode.name), { modes: [mode], generator, looks: 'one look' });
  const broken = judged.find(({ verdict }) => verdict === 'fail');
  if (broken !== undefined) {
    if (broken.metric === 'consistency') return { is: 'violated', because: broken.because };
    if (spoiled !== undefined) return spoiled;
    return { is: 'failed', because: `${broken.text.trim()}: ${broken.because}`, limit: limit() };
  }
  if (!keptUp(mode)) return spoiled ?? { is: 'failed', because: behindText(mode), limit: limit() };
  const open = judged.find(({ verdict }) => verdict === 'undecided');
  return open === undefined ? { is: 'kept' } : { is: 'undecided', because: `${open.text.trim()}: ${open.because}` };
};

const wrongIn = ({ violations, consistency, locks }: ModeResult): string | undefined => {
  if (violations !== 'forbidden') return undefined;
  if (consistency?.verdict === 'violated') return 'the data was not right';
  const lapsed = locks.reduce((sum, lock) => sum + lock.lapsed, 0);
  return lapsed > 0 ? 'a lease ran out while it was held' : undefined;
};

const behindText = (mode: ModeResult): string =>
  `${rateText(mode.throughputPerSecond)}/s completed of ${rateText(askedRate(mode))}/s, and the rest waits or was dropped`;
