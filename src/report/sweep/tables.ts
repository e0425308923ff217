import type { ModeResult } from '../../core/result/result.ts';
import type { CapacityResult, Ends, PointResult, ScalingResult, SweepResult } from '../../core/result/sweep.ts';
import { count, exact, nothing, perSecond, ratio } from '../format.ts';
import { isDropped, levelOf, namesOf, valueAt, valueOf } from './levels.ts';

/** A table of texts that are not yet made safe. */
export interface TextTable {
  readonly title: string;
  readonly columns: readonly TextColumn[];
}

/** A column of a table: the first one names the rows. */
export interface TextColumn {
  readonly heading: string;
  readonly align: 'left' | 'right';
  readonly cells: readonly string[];
  /** Whether it has sentences, which may take several lines; only for the last column. */
  readonly isProse?: true;
}

/** Every table of a sweep, the most telling first. `details`: also why probes of a search were not kept. */
export const sweepTables = (result: SweepResult, details: boolean): readonly TextTable[] =>
  [
    ...(result.find === 'capacity' ? (isProbed(result) ? [capacityTable(result)] : []) : [pointTable(result)]),
    scalingTable(result),
    gateTable(result),
    ...result.capacity.map((one) => probeTable(one, result, details)),
  ].filter(({ columns: [first] }) => first !== undefined && first.cells.length > 0);

/** What was measured for every mode at every point, compared with the control. */
export const pointTable = (result: SweepResult): TextTable => {
  const { points, axis, scenario } = result;
  const level = levelOf(result);
  const names = namesOf(result);
  const cell = (point: PointResult, name: string): string => {
    const text = valueOf(valueAt(point, name, level), level);
    return isDropped(point, name) ? `(${text})` : text;
  };
  const beside = (point: PointResult, name: string): string => {
    const found = point.comparisons.find(({ mode, metric }) => mode === name && metric === level);
    if (found === undefined || isDropped(point, name) || isDropped(point, scenario.control)) return nothing;
    const { low, high } = found;
    return `${ratio(found.ratio)}${low === null || high === null ? '' : ` (${short(low)}-${short(high)})`}`;
  };
  const isJudged = points.some(({ modes }) => modes.some(({ consistency }) => consistency !== null));
  return {
    title: level === 'throughput' ? 'iterations per second' : level,
    columns: [
      right(
        axis.kind,
        points.map(({ at }) => exact(at)),
      ),
      ...names.flatMap((name): TextColumn[] => [
        right(
          name,
          points.map((point) => cell(point, name)),
        ),
        ...(name === scenario.control
          ? []
          : [
              {
                heading: `vs ${scenario.control}`,
                align: 'left',
                cells: points.map((point) => beside(point, name)),
              } as const,
            ]),
      ]),
      ...(isJudged ? [{ heading: 'data', align: 'left', cells: points.map(dataAt) } as const] : []),
    ],
  };
};

const short = (value: number): string => (value >= 9.995 ? value.toFixed(1) : value.toFixed(2));

/** `right`, or the modes that were not: `lock-free wrong (allowed)`. */
const dataAt = ({ modes }: PointResult): string => {
  const wrong = modes.filter(({ consistency }) => consistency?.verdict === 'violated');
  if (wrong.length > 0)
    return wrong
      .map(({ name, violations }) => `${name} wrong${violations === 'allowed' ? ' (allowed)' : ''}`)
      .join(', ');
  const judged = modes.filter(({ consistency }) => consistency !== null);
  if (judged.length === 0) return nothing;
  if (judged.some(isUnknown)) return 'not known';
  return judged.every(({ consistency }) => consistency!.verdict === 'not-exercised') ? 'not tested' : 'right';
};

const isUnknown = ({ consistency }: ModeResult): boolean => consistency?.verdict === 'unknown';

const right = (heading: string, cells: readonly string[]): TextColumn => ({ heading, align: 'right', cells });
const left = (heading: string, cells: readonly string[]): TextColumn => ({ heading, align: 'left', cells });

/** How each mode scales: peak, coefficients of the law, and the ceiling of its lock. */
export const scalingTable = ({ scaling, points }: SweepResult): TextTable => ({
  title: 'how they grow',
  columns: [
    left(
      'mode',
      scaling.map(({ mode }) => mode),
    ),
    left(
      'peak',
      scaling.map((one) => peakText(one, points)),
    ),
    left(
      'contention σ',
      scaling.map(({ law }) => coefficient(law.sigma, law.verdict)),
    ),
    left(
      'coherency κ',
      scaling.map(({ law }) => coefficient(law.kappa, law.verdict)),
    ),
    left(
      'law',
      scaling.map(({ law }) => lawCell(law)),
    ),
    left(
      '1 ÷ hold',
      scaling.map(({ ceilingPerSecond: rate }) => (rate === null ? nothing : `${perSecond(rate)}/s`)),
    ),
  ],
});

/** `28 (27-30)` by the law, or `16 to 32`, `level 1 to 64`, `none up to 128` without one. */
export const peakText = ({ mode, peak, law }: ScalingResult, points: SweepResult['points']): string => {
  const last = points.findLast((point) => !isDropped(point, mode) && point.modes.some(({ name }) => name === mode))?.at;
  if (law.peak !== null)
    return `${whole(law.peak.estimate)} (${whole(law.peak.low)}${law.peak.high === null ? ' or more' : `-${whole(law.peak.high)}`})`;
  if (peak.falls) return peak.from === peak.to ? `at ${peak.from}` : `${peak.from} to ${peak.to}`;
  return peak.from === peak.to && peak.to === last ? `none up to ${last}` : `level ${peak.from} to ${peak.to}`;
};

const whole = (value: number): string => count(Math.max(1, Math.round(value)));

const coefficient = (ends: Partial<Ends> | null, verdict: string): string => {
  if (ends?.estimate === undefined) return nothing;
  const { estimate, low, high } = ends;
  if (verdict === 'rough') return `≈ ${small(estimate)}`;
  if (low === undefined || high === undefined || high === null) return small(estimate);
  return estimate === 0 ? `< ${small(high)}` : `${small(estimate)} (${small(low)}-${small(high)})`;
};

const small = (value: number): string => (value === 0 ? '0' : value >= 0.01 ? value.toFixed(3) : value.toPrecision(2));

const lawCell = ({ verdict, worst }: ScalingResult['law']): string => {
  if (verdict === 'fits' || verdict === 'too few points' || worst === null) return verdict;
  const off = `off by ${Math.abs(100 * worst.share).toFixed(0)} % at ${worst.at}`;
  return verdict === 'rough' ? `nearly, ${off}` : `does not fit, ${off}`;
};

/** Where the gates of the file hold: facts that do not affect the exit code. */
export const gateTable = ({ points, find }: SweepResult): TextTable => {
  const texts =
    find === 'capacity' ? [] : [...new Set(points.flatMap(({ gates }) => gates.map(({ text }) => text.trim())))];
  const where = (text: string, verdict: string): string => {
    const at = points.filter(({ gates }) =>
      gates.some((gate) => gate.text.trim() === text && gate.verdict === verdict),
    );
    return at.length === 0 ? nothing : at.map((point) => exact(point.at)).join(', ');
  };
  return {
    title: 'gates at the points',
    columns: [
      left('gate', texts),
      left(
        'holds at',
        texts.map((text) => where(text, 'pass')),
      ),
      left(
        'fails at',
        texts.map((text) => where(text, 'fail')),
      ),
      left(
        'undecided at',
        texts.map((text) => where(text, 'undecided')),
      ),
    ],
  };
};

/** What a search for capacity found, mode by mode; without the name if there is only one mode. */
export const capacityTable = ({ capacity, axis }: SweepResult): TextTable => {
  const unit = axis.kind === 'rate' ? '/s' : '';
  const end = (value: number | null): string => (value === null ? nothing : `${exact(value)}${unit}`);
  const slots = ({ probes }: CapacityResult): number =>
    probes.reduce((sum, { passes, failures, undecided }) => sum + passes + failures + undecided, 0);
  const modes = left(
    'mode',
    capacity.map(({ mode }) => mode),
  );
  return {
    title: 'the highest load that keeps the gates',
    columns: [
      ...(isAlone(capacity) ? [] : [modes]),
      left(
        'gates',
        capacity.map(({ gates }) => gates.join(', ')),
      ),
      right(
        'holds',
        capacity.map(({ keeps }) => end(keeps)),
      ),
      right(
        'fails',
        capacity.map(({ fails }) => end(fails)),
      ),
      left(
        'between',
        capacity.map(({ undecided }) => (undecided.length === 0 ? nothing : undecided.map(exact).join(', '))),
      ),
      left('ended by', capacity.map(endedText)),
      right(
        'probes',
        capacity.map((one) => count(slots(one))),
      ),
    ],
  };
};

const ends: { readonly [by in CapacityResult['endedBy']]: string } = {
  width: 'found',
  axis: 'the highest is kept',
  from: 'the lowest is not kept',
  generator: "contend's limit",
  violated: 'wrong data',
  recovery: 'no recovery',
  undecided: 'probes disagree',
  budget: 'the budget',
  interrupted: 'an interruption',
  invalid: 'an error',
};

/** Why a search ended, and which limit it ran into. */
const endedText = ({ endedBy, limit }: CapacityResult): string =>
  limit === null || limit === 'generator'
    ? ends[endedBy]
    : `${ends[endedBy]}: ${limit === 'users' ? 'too few users' : 'target'}`;

/** Whether a search got as far as a probe. */
const isProbed = ({ capacity }: SweepResult): boolean => capacity.some(({ probes }) => probes.length > 0);

/** Whether there is only one mode, so that its name says nothing. */
export const isAlone = (capacity: SweepResult['capacity']): boolean => capacity.length === 1;

/** Every load that a search tried, what was measured there and how its slots went. `details`: also why some were not kept. */
export const probeTable = (
  { mode, probes }: CapacityResult,
  { axis, capacity, points }: SweepResult,
  details = true,
): TextTable => ({
  title: isAlone(capacity) ? 'probes' : `probes of ${mode}`,
  columns: [
    right(
      axis.name,
      probes.map(({ at }) => exact(at)),
    ),
    ...(['throughput', 'p99'] as const).map((level) =>
      right(
        level === 'throughput' ? 'completed/s' : level,
        probes.map(({ at }) => {
          const point = points.find((one) => one.at === at);
          return valueOf(point === undefined ? undefined : valueAt(point, mode, level), level);
        }),
      ),
    ),
    right(
      'kept',
      probes.map(({ passes }) => count(passes)),
    ),
    right(
      'not kept',
      probes.map(({ failures, spoiled = 0 }) => count(failures - spoiled)),
    ),
    ...(probes.some(({ spoiled = 0 }) => spoiled > 0)
      ? [
          right(
            'contend late',
            probes.map(({ spoiled = 0 }) => count(spoiled)),
          ),
        ]
      : []),
    right(
      'undecided',
      probes.map(({ undecided }) => count(undecided)),
    ),
    ...(details
      ? [
          {
            ...left(
              'because',
              probes.map(({ because }) => because ?? nothing),
            ),
            isProse: true as const,
          },
        ]
      : []),
  ],
});
