import { targetCpuOf } from '../../core/metric.ts';
import type { Comparison, ModeResult, Result } from '../../core/result/result.ts';
import type { ServeResult } from '../../core/result/serve.ts';
import { right, type TextColumn } from './columns.ts';
import { fineRatio, interval, levelOf } from './compared.ts';
import { bytes, duration, nothing } from '../format.ts';

/** What a mode's target used, if it is one that contend started, or the built-in store. */
export interface TargetLine {
  readonly mode: ModeResult;
  /** Absent: the built-in store. */
  readonly serve: ServeResult | undefined;
  /** CPU time per request, compared with the control. */
  readonly cpu: Comparison | undefined;
  /** CPU time per iteration, if that ratio differs. */
  readonly cpuOfIteration: Comparison | undefined;
}

/** Every mode whose target contend started; empty if it started none, or only a store that reported nothing. */
export const targetsIn = ({ modes, serves = [], comparisons }: Result): readonly TargetLine[] => {
  const of = ({ name }: ModeResult, metric: Comparison['metric']): Comparison | undefined =>
    comparisons.find((one) => one.mode === name && one.metric === metric);
  return modes
    .map((mode) => ({
      mode,
      serve: serves.find(({ name }) => name === mode.serve),
      cpu: of(mode, 'target.cpu') ?? of(mode, 'store.cpu'),
      cpuOfIteration: of(mode, 'target.cpu.iteration'),
    }))
    .filter(({ mode, serve }) => serve !== undefined || mode.slots.some((slot) => targetCpuOf(slot) !== undefined));
};

/**
 * CPU time per iteration and per request, also compared with the control, and memory. If every iteration is one request, the two
 * are the same and are shown once.
 */
export const targetColumns = (lines: readonly TargetLine[]): readonly TextColumn<TargetLine>[] => [
  { heading: 'process', align: 'left', cell: ({ serve }) => serve?.name ?? 'builtin:store' },
  ...(lines.some(({ mode }) => isOfSeveral(mode))
    ? [
        right<TargetLine>('CPU per iteration', ({ mode }) => cpuText(cpuEachIteration(mode))),
        ...(lines.some((line) => ofIteration(line) !== undefined)
          ? [right<TargetLine>('ratio per iteration', (line) => versus(ofIteration(line)))]
          : []),
      ]
    : []),
  right('CPU per request', ({ mode }) => cpuText(cpuEachRequest(mode))),
  ...(lines.some(({ cpu }) => cpu !== undefined)
    ? [
        right<TargetLine>(lines.some(({ mode }) => isOfSeveral(mode)) ? 'ratio per request' : 'ratio', ({ cpu }) =>
          versus(cpu),
        ),
      ]
    : []),
  ...(lines.some(({ mode }) => (mode.targetMemoryBytes ?? null) !== null)
    ? [
        right<TargetLine>('most memory', ({ mode }) =>
          typeof mode.targetMemoryBytes === 'number' ? bytes(mode.targetMemoryBytes) : nothing,
        ),
      ]
    : []),
];

/** If every mode sends the same number of requests per iteration, both ratios are the same. */
const ofIteration = ({ cpu, cpuOfIteration }: TargetLine): Comparison | undefined => cpuOfIteration ?? cpu;

const cpuEachRequest = ({ targetCpuUs, storeCpuUs }: ModeResult): number | undefined =>
  targetCpuUs ?? storeCpuUs ?? undefined;

const cpuEachIteration = ({ targetCpuIterationUs }: ModeResult): number | undefined =>
  targetCpuIterationUs ?? undefined;

/** The CPU time drawn for a mode, in µs: per iteration, or per request if that is not known. */
export const cpuDrawn = (mode: ModeResult): number => cpuEachIteration(mode) ?? cpuEachRequest(mode) ?? 0;

/** Whether an iteration is more than one request, because of several steps or retries. */
const isOfSeveral = (mode: ModeResult): boolean => {
  const [iteration, request] = [cpuEachIteration(mode), cpuEachRequest(mode)];
  return iteration !== undefined && request !== undefined && iteration > 1.01 * request;
};

/** Microseconds have a decimal, so that they agree with the ratio of two of them. */
const cpuText = (us: number | undefined): string => {
  if (us === undefined) return nothing;
  return us < 99.95 ? `${us.toFixed(1)} µs` : duration(us);
};

const versus = (comparison: Comparison | undefined): string => {
  if (comparison === undefined) return nothing;
  const { ratio, low, high } = comparison;
  return low === null ? fineRatio(ratio) : `${fineRatio(ratio)} (${interval(low, high)})`;
};

/** The processes that were started, a sentence each. Names and commands come from outside and are not safe. */
export const startedIn = ({ serves = [] }: Result): readonly string[] =>
  serves.map(({ name, modes, command, setup, git, unmeasured }) =>
    [
      `${name}, of ${modes.join(', ')}: ${command}`,
      ...(git === undefined ? [] : [`, at ${git.ref}${git.commit === null ? '' : ` (${git.commit.slice(0, 12)})`}`]),
      ...(setup === undefined ? [] : [`, set up by ${setup}`]),
      unmeasured === undefined ? '.' : `. What it used is not known: ${unmeasured}.`,
    ].join(''),
  );

/**
 * What each mode costs its target, compared with the control: `CPU of the target: 71.4 µs per request in after, 2.34 × before (95
 * % interval 2.22 to 2.94).` Per iteration if that is more than one request.
 *
 * @param of `started`: only targets that contend starts for the scenario; `all`: the built-in store, too
 */
export const cpuSentences = (result: Result, of: 'started' | 'all' = 'started'): readonly string[] =>
  targetsIn(result).flatMap((line) => {
    const { mode, serve } = line;
    const beside = isOfSeveral(mode) ? ofIteration(line) : line.cpu;
    if ((serve === undefined && of === 'started') || beside === undefined) return [];
    const { ratio, low, high, control } = beside;
    const each = isOfSeveral(mode)
      ? `${cpuText(cpuEachIteration(mode))} per iteration`
      : `${cpuText(cpuEachRequest(mode))} per request`;
    const sure =
      low === null || high === null ? '' : ` (${levelOf(result)} interval ${low.toFixed(2)} to ${high.toFixed(2)})`;
    return [`CPU of the target: ${each} in ${mode.name}, ${ratio.toFixed(2)} × ${control}${sure}.`];
  });
