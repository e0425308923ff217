import { targetCpuOf } from '../../core/metric.ts';
import type { Comparison, ModeResult, Result } from '../../core/result/result.ts';
import type { ServeResult } from '../../core/result/serve.ts';
import { right, type TextColumn } from './columns.ts';
import { fineRatio, interval } from './compared.ts';
import { bytes, duration, nothing } from '../format.ts';

/** What a mode's target used, where contend started it or the built-in store. */
export interface TargetLine {
  readonly mode: ModeResult;
  /** Absent: the built-in store. */
  readonly serve: ServeResult | undefined;
  readonly cpu: Comparison | undefined;
}

/** Every mode whose target contend started; none where it started none, or only the store, which has told nothing. */
export const targetsIn = ({ modes, serves = [], comparisons }: Result): readonly TargetLine[] => {
  const of = ({ name }: ModeResult, metric: Comparison['metric']): Comparison | undefined =>
    comparisons.find((one) => one.mode === name && one.metric === metric);
  return modes
    .map((mode) => ({
      mode,
      serve: serves.find(({ name }) => name === mode.serve),
      cpu: of(mode, 'target.cpu') ?? of(mode, 'store.cpu'),
    }))
    .filter(({ mode, serve }) => serve !== undefined || mode.slots.some((slot) => targetCpuOf(slot) !== undefined));
};

/** CPU time for each request, also beside the control, and memory. */
export const targetColumns = (lines: readonly TargetLine[]): readonly TextColumn<TargetLine>[] => [
  { heading: 'process', align: 'left', cell: ({ serve }) => serve?.name ?? 'builtin:store' },
  right('CPU for each request', ({ mode }) => cpuTime(mode)),
  ...(lines.some(({ cpu }) => cpu !== undefined) ? [right<TargetLine>('ratio', ({ cpu }) => versus(cpu))] : []),
  ...(lines.some(({ mode }) => (mode.targetMemoryBytes ?? null) !== null)
    ? [
        right<TargetLine>('most memory', ({ mode }) =>
          typeof mode.targetMemoryBytes === 'number' ? bytes(mode.targetMemoryBytes) : nothing,
        ),
      ]
    : []),
];

/** CPU time of the target for each request; microseconds have a decimal, as a ratio of two of them tells. */
const cpuTime = (mode: ModeResult): string => {
  const us = mode.targetCpuUs ?? mode.storeCpuUs;
  if (us === null || us === undefined) return nothing;
  return us < 99.95 ? `${us.toFixed(1)} µs` : duration(us);
};

const versus = (comparison: Comparison | undefined): string => {
  if (comparison === undefined) return nothing;
  const { ratio, low, high } = comparison;
  return low === null ? fineRatio(ratio) : `${fineRatio(ratio)} (${interval(low, high)})`;
};

/** What was started, a sentence for each process; names and commands in it come from outside and are not safe. */
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
 * What each mode costs its target, beside the control: `CPU of the target: 71.4 µs for each request in after, 2.34 × before (2.22 to 2.94).`
 * Of what the scenario has contend start, so not of the built-in store.
 */
export const cpuSentences = (result: Result): readonly string[] =>
  targetsIn(result).flatMap(({ mode, serve, cpu }) => {
    if (serve === undefined || cpu === undefined) return [];
    const { ratio, low, high, control } = cpu;
    const sure = low === null || high === null ? '' : ` (${low.toFixed(2)} to ${high.toFixed(2)})`;
    return [
      `CPU of the target: ${cpuTime(mode)} for each request in ${mode.name}, ${ratio.toFixed(2)} × ${control}${sure}.`,
    ];
  });
