import type { Result } from '../../core/result/result.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import type { AxisKind } from '../../core/sweep/axis.ts';
import { valueText } from '../../core/sweep/axis.ts';
import { withoutStop } from '../phrases.ts';
import type { Judgement } from '../verdict.ts';
import type { MeasuredPoint } from './points.ts';

/** What a sweep is judged by once it is over. */
export interface SweepOutcome {
  readonly kind: AxisKind;
  /** Where the requested range begins: a search may go below it. */
  readonly lowest: number;
  readonly points: readonly MeasuredPoint[];
  readonly isCapacity: boolean;
  readonly capacity: SweepResult['capacity'];
  readonly gates: SweepResult['gates'];
  readonly invalid: Result['invalid'];
  readonly interrupted?: 'SIGINT' | 'SIGTERM' | undefined;
  readonly undecided: 'fail' | 'warn';
}

/**
 * The verdict on a sweep, in the order of a run's: interrupted, data that was not right, invalid, a gate on the sweep failed, undecided,
 * pass. Gates at a point are reported but count in no verdict. In a search for capacity, wrong data is the answer and not a failure. If the
 * lowest load of the range fails, its gates have failed, whatever was found below it. A search that found nothing is undecided.
 */
export const judgeSweep = (outcome: SweepOutcome): Judgement => {
  const { kind, lowest, points, isCapacity, capacity, gates, invalid, interrupted, undecided } = outcome;
  const wrong = isCapacity ? [] : reasonsAt(points, kind, 98);
  if (interrupted !== undefined)
    return {
      verdict: { is: 'undecided', because: 'the sweep was interrupted' },
      headline: 'INTERRUPTED',
      reasons: ['stopped early: this is what was measured until then', ...wrong],
      exitCode: interrupted === 'SIGTERM' ? 143 : 130,
    };
  const silent = isCapacity ? [] : silentAt(points, kind);
  const unbelieved = [...(invalid === undefined ? [] : [withoutStop(invalid.message)]), ...silent];
  const failed = gates
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ text, because }) => `${text.trim()}: ${because}`);
  if (wrong.length > 0)
    return {
      verdict: { is: 'fail', because: wrong.join('; ') },
      headline: 'FAIL',
      reasons: [...wrong, ...unbelieved, ...failed],
      exitCode: 98,
    };
  if (unbelieved.length > 0)
    return {
      verdict: { is: 'undecided', because: `the sweep is invalid: ${unbelieved[0]!}` },
      headline: 'INVALID',
      reasons: unbelieved,
      exitCode: 96,
    };
  if (failed.length > 0)
    return { verdict: { is: 'fail', because: failed.join('; ') }, headline: 'FAIL', reasons: failed, exitCode: 99 };
  const below = isCapacity ? belowAll(capacity, kind, lowest) : undefined;
  if (below !== undefined)
    return { verdict: { is: 'fail', because: below }, headline: 'FAIL', reasons: [below], exitCode: 99 };
  const hard = isCapacity ? [] : failingAt(points, kind);
  const doubts = [
    ...hard,
    ...(isCapacity ? unanswered(capacity, kind, lowest) : untestedIn(points)),
    ...gates.filter(({ verdict }) => verdict === 'undecided').map(({ text, because }) => `${text.trim()}: ${because}`),
  ];
  if (doubts.length === 0) {
    const isAsked = gates.length > 0 || (!isCapacity && points.some(({ judged: { modes } }) => modes.some(isJudged)));
    const because =
      gates.length === 0 ? 'no gate on the sweep failed' : `all ${gates.length} gates on the sweep passed`;
    return { verdict: { is: 'pass', because }, headline: isAsked ? 'PASS' : 'DONE', reasons: [], exitCode: 0 };
  }
  const isSoft = undecided === 'warn' && hard.length === 0;
  const softened = '--undecided warn makes that a warning, so the exit code is 0';
  return {
    verdict: { is: 'undecided', because: doubts.join('; ') },
    headline: 'UNDECIDED',
    reasons: isSoft ? [...doubts, softened] : doubts,
    exitCode: isSoft ? 0 : 97,
  };
};

/** Why runs at some points ended like this, naming the point: the first of them, and which others there are. */
const reasonsAt = (points: readonly MeasuredPoint[], kind: AxisKind, exitCode: number): readonly string[] => {
  const found = points.filter(({ judged }) => judged.exitCode === exitCode);
  const [first, ...others] = found;
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : `, and at ${others.map(({ point }) => point.at).join(', ')}`;
  return [`at ${valueText(kind, first.point.at)} ${first.judged.reasons?.[0] ?? first.judged.verdict.because}${more}`];
};

/**
 * Reports that no mode keeps its gates even at the lowest load that was asked for; `undefined` if one does, or if that is not confirmed.
 */
const belowAll = (capacity: SweepResult['capacity'], kind: AxisKind, lowest: number): string | undefined => {
  const [first] = capacity;
  const isBelow = capacity.every(({ keeps, fails, endedBy }) =>
    keeps === null ? fails !== null && endedBy === 'from' : fails !== null && fails <= lowest,
  );
  if (first === undefined || !isBelow) return undefined;
  const gates = [...new Set(capacity.flatMap(({ gates: own }) => own))].join(', ');
  const held = capacity.flatMap(({ keeps }) => keeps ?? []);
  if (held.length === 0) return `${gates}: not kept at ${valueText(kind, first.fails!)}, the lowest load tried`;
  return `${gates}: kept at ${valueText(kind, Math.max(...held))} at most, and the range begins at ${valueText(kind, lowest)}`;
};

/**
 * A search has no answer if it found neither a load that is kept nor one that fails, or does not know about the lowest load of its range.
 */
const unanswered = (capacity: SweepResult['capacity'], kind: AxisKind, lowest: number): readonly string[] =>
  capacity.flatMap(({ mode, keeps, fails }) => {
    if (keeps === null && fails === null)
      return [capacity.length === 1 ? 'the highest load is not shown' : `the capacity of ${mode} is not known`];
    const isOpen = keeps !== null && keeps < lowest && (fails === null || fails > lowest);
    if (!isOpen) return [];
    return [
      `${capacity.length === 1 ? '' : `${mode}: `}whether ${valueText(kind, lowest)}, where the range begins, is kept is not shown`,
    ];
  });

const silentAt = (points: readonly MeasuredPoint[], kind: AxisKind): readonly string[] =>
  points
    .flatMap(({ point: { at, dropped } }) =>
      dropped
        .filter(({ code }) => code === 'NOTHING_COMPLETED')
        .map(({ because }) => `at ${valueText(kind, at)} ${because}`),
    )
    .slice(0, mostTold);

const failingAt = (points: readonly MeasuredPoint[], kind: AxisKind): readonly string[] =>
  points
    .flatMap(({ point: { at, modes } }) =>
      modes
        .filter(({ iterations }) => iterations.completed > 0 && iterations.failed > iterations.completed)
        .map(({ name }) => `at ${valueText(kind, at)} more iterations failed than completed in ${name}`),
    )
    .slice(0, mostTold);

const mostTold = 3;

type Modes = MeasuredPoint['judged']['modes'];

const isJudged = ({ violations, consistency }: Modes[number]): boolean =>
  violations === 'forbidden' && consistency !== null;

/**
 * Modes whose data could not have gone wrong at any point, or is not known: a single user overlaps with nothing, which does not cast doubt
 * on all points.
 */
const untestedIn = (points: readonly MeasuredPoint[]): readonly string[] => {
  const names = [...new Set(points.flatMap(({ judged }) => judged.modes.filter(isJudged).map(({ name }) => name)))];
  return names.flatMap((name) => {
    const verdicts = points.flatMap(({ judged }) =>
      judged.modes.flatMap((mode) => (mode.name === name ? (mode.consistency?.verdict ?? []) : [])),
    );
    if (verdicts.includes('unknown')) return [`whether the data is right is not known in ${name}`];
    return verdicts.every((verdict) => verdict === 'not-exercised')
      ? [`the data was not put to the test in ${name}: nothing overlapped at any point`]
      : [];
  });
};
