import type { ModeResult, Result } from '../../core/result/result.ts';
import type { DroppedMode, PointResult } from '../../core/result/sweep.ts';
import type { Slot } from '../../core/slot.ts';
import { judgeGenerator } from '../generator.ts';
import { shareText, withoutStop } from '../phrases.ts';
import { runResult, type JudgeOptions, type Measured } from '../run-result.ts';
import { nothingCompleted } from '../silence.ts';
import { intervalsOf } from './intervals.ts';

/** A point, and the verdict that a run of it alone would have. */
export interface MeasuredPoint {
  readonly point: PointResult;
  readonly judged: Result;
}

/** What one point of a sweep says: all modes there, judged like a run of their own. */
export const pointResult = (at: number, stage: number, measured: Measured, options: JudgeOptions): MeasuredPoint => {
  const judged = runResult(measured, options);
  const { modes, comparisons, gates, generator } = judged;
  const dropped = droppedAt(modes, measured.slots, options.signal.aborted);
  const intervals = intervalsOf(modes, options.extend === true ? 'two looks' : 'one look');
  return { point: { at, stage, modes, comparisons, intervals, gates, generator, dropped }, judged };
};

/** From this share of failed iterations on, throughput says nothing about the target's work. */
const errorShare = 0.01;

/** Modes whose throughput is not the target's: the generator was full or late, or too many iterations failed. */
const droppedAt = (
  modes: readonly ModeResult[],
  slots: readonly Slot[],
  isInterrupted: boolean,
): readonly DroppedMode[] => {
  const { unfit, doubtful } = judgeGenerator(modes, slots, [], isInterrupted);
  return modes.flatMap((mode): DroppedMode[] => {
    const { name, iterations } = mode;
    const silent = nothingCompleted([mode], false);
    if (silent !== undefined) return [{ mode: name, code: 'NOTHING_COMPLETED', because: withoutStop(silent.message) }];
    const found = unfit.get(name) ?? doubtful.get(name);
    // Garbage collection and late timers affect percentiles first: they are reported, and the point stays in.
    if (found !== undefined && (unfit.has(name) || found.code === 'SATURATED'))
      return [{ mode: name, code: found.code.replace(/^ERR_/u, ''), because: withoutStop(found.message) }];
    return iterations.failed > errorShare * iterations.begun
      ? [
          {
            mode: name,
            code: 'ERRORS',
            because: `${shareText(iterations.failed / iterations.begun)} of its iterations failed`,
          },
        ]
      : [];
  });
};

/** Whether a mode says something about the target at a point. */
export const isIn = ({ modes, dropped }: PointResult, name: string): boolean =>
  modes.some((mode) => mode.name === name) && !dropped.some(({ mode }) => mode === name);
