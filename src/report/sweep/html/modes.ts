import type { ModeResult } from '../../../core/result/result.ts';
import type { PointResult, SweepResult } from '../../../core/result/sweep.ts';
import { seriesOf, type Series } from '../../html/draw/series.ts';
import { state, stateOfData } from '../../html/markup/state.ts';
import type { Part } from '../../html/markup/markup.ts';
import { exact } from '../../format.ts';
import { dataWordOf } from '../../sections/data.ts';

/** Every mode with its look, the control first. */
export const modesOf = ({ points, scenario: { control } }: SweepResult): readonly Series[] => {
  const byName = new Map(points.flatMap(({ modes }) => modes.map((mode) => [mode.name, mode] as const)));
  const modes = [...byName.values()];
  const ordered = [...modes.filter(({ name }) => name === control), ...modes.filter(({ name }) => name !== control)];
  return seriesOf({ modes: ordered, scenario: { control } });
};

/** A mode at a point; `undefined` if it was not measured there. */
export const modeAt = ({ modes }: PointResult, name: string): ModeResult | undefined =>
  modes.find((mode) => mode.name === name);

/** The state of a mode's data at a point. */
export const dataAt = (mode: ModeResult | undefined): Part => {
  const word = mode === undefined ? undefined : dataWordOf(mode);
  const verdict = mode?.consistency?.verdict;
  if (mode === undefined || verdict === undefined || word === undefined) return undefined;
  const isAllowed = mode.violations === 'allowed';
  return state(
    stateOfData(verdict, isAllowed),
    word.is === 'wrong' && isAllowed ? `${word.text} (allowed)` : word.text,
  );
};

/** The number of values that are listed; the others are counted. */
const mostNamed = 4;

/** `1, 2, 4` or `1, 2, 4, 8 and 3 more` */
export const valuesText = (values: readonly number[]): string => {
  const named = values.slice(0, mostNamed).map(exact).join(', ');
  return values.length <= mostNamed ? named : `${named} and ${values.length - mostNamed} more`;
};

/** The state of a mode's data over all points, the worst first. */
export const dataOverAll = (points: readonly PointResult[], name: string): Part => {
  const all = points.flatMap((point) => {
    const mode = modeAt(point, name);
    const verdict = mode?.consistency?.verdict;
    return mode === undefined || verdict === undefined ? [] : [{ at: point.at, mode, verdict }];
  });
  const [first] = all;
  if (first === undefined) return undefined;
  const isAllowed = first.mode.violations === 'allowed';
  const where = (verdict: typeof first.verdict): readonly number[] =>
    all.filter((one) => one.verdict === verdict).map(({ at }) => at);
  const told = (verdict: typeof first.verdict, words: string): Part => state(stateOfData(verdict, isAllowed), words);
  const wrong = where('violated');
  if (wrong.length > 0) return told('violated', `wrong at ${valuesText(wrong)}${isAllowed ? ' (allowed)' : ''}`);
  const unknown = where('unknown');
  if (unknown.length > 0) return told('unknown', `not known at ${valuesText(unknown)}`);
  if (where('not-exercised').length === all.length) return told('not-exercised', 'not put to the test');
  return told(where('no-violation-found').length > 0 ? 'no-violation-found' : 'consistent', 'right');
};
