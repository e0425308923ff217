import { Histogram } from '../core/histogram.ts';
import { mergeRecordings } from '../core/merge.ts';
import type { GeneratorResult, ModeResult } from '../core/result.ts';
import type { Slot } from '../core/slot.ts';
import type { Warning } from '../core/warning.ts';

/** From here on a closed load is what the generator can do, not what the target can. */
const saturatedShare = 0.95;

/** A timer later than this: the machine slept, or something held the thread; the clock ran on and nothing was sent. */
const gapUs = 1_000_000;

/** How much of a reported p99 the generator's own delay may be before it casts doubt on it. */
const delayShare = 0.2;

/** How much of the time garbage collection may hold the thread. */
const gcShare = 0.1;

/** What a run says of the generator, and whether it can be believed at all. */
export interface GeneratorVerdict {
  readonly result: GeneratorResult;
  /** The longest time in which the thread did nothing, where it was over a second. */
  readonly gapUs: number | undefined;
}

/** Judges the generator's own thread, mode by mode: a mode is suspect only for what happened in its own slots. */
export const judgeGenerator = (
  modes: readonly ModeResult[],
  slots: readonly Slot[],
  more: readonly Warning[],
): GeneratorVerdict => {
  const seen = modes.flatMap((mode) => {
    const [first, ...others] = slots.filter((slot) => slot.mode === mode.name).map((slot) => slot.recording);
    return first === undefined ? [] : [healthOf(mode, mergeRecordings([first, ...others]).generator)];
  });
  const longest = Math.max(0, ...seen.map(({ longestDelayUs }) => longestDelayUs));
  return {
    result: {
      cpuShare: seen.length === 0 ? null : Math.max(...seen.map(({ cpuShare }) => cpuShare)),
      eventLoopDelayP99Us: seen.length === 0 ? null : Math.max(...seen.map(({ delayP99Us }) => delayP99Us)),
      warnings: [...seen.flatMap(warningsOf), ...more],
    },
    gapUs: longest > gapUs ? longest : undefined,
  };
};

interface ModeHealth {
  readonly mode: ModeResult;
  readonly cpuShare: number;
  readonly gcShare: number;
  readonly delayP99Us: number;
  readonly longestDelayUs: number;
}

const healthOf = (mode: ModeResult, { cpuUs, wallUs, gcUs, loopDelay }: Slot['recording']['generator']): ModeHealth => {
  const delay = Histogram.from(loopDelay);
  const health = {
    mode,
    cpuShare: wallUs === 0 ? 0 : Math.round((cpuUs / wallUs) * 1000) / 1000,
    gcShare: wallUs === 0 ? 0 : gcUs / wallUs,
    delayP99Us: delay.percentile(99),
    longestDelayUs: delay.max,
  };
  delay.free();
  return health;
};

const warningsOf = ({ mode, cpuShare, gcShare: collecting, delayP99Us }: ModeHealth): readonly Warning[] => {
  if (cpuShare >= saturatedShare) {
    return [
      {
        code: 'SATURATED',
        message: `the generator's core was full in ${mode.name}: its throughput is a lower bound, its times are too long.`,
        hint: 'Fewer users, or a target on another machine.',
      },
    ];
  }
  if (collecting > gcShare) {
    return [
      {
        code: 'GC',
        message: `garbage collection held the generator for ${(collecting * 100).toFixed(0)} % of the time in ${mode.name}.`,
        hint: 'Smaller answers to read, or fewer users.',
      },
    ];
  }
  if (mode.responseTimeUs.count > 0 && delayP99Us > delayShare * mode.responseTimeUs.p99) {
    return [
      {
        code: 'LOOP_DELAY',
        message: `the generator's own delays in ${mode.name} were ${Math.round(delayP99Us / 1000)} ms at the 99th percentile.`,
        hint: 'Its high percentiles may be the generator, not the target: fewer users, or a quieter machine.',
      },
    ];
  }
  return [];
};
