import type { SweepResult } from '../../core/result/sweep.ts';
import { valueText } from '../../core/sweep/axis.ts';

/** What a reader must know about a sweep besides its tables: what was cut, what was left out and why, and how to read it. */
export const sweepNotes = (result: SweepResult): readonly string[] => {
  const { points, axis, cut, find, scaling, scenario, invalid } = result;
  // In a search, each probe itself says why it was not kept.
  const dropped = (find === 'capacity' ? [] : points).flatMap(({ at, dropped: all }) =>
    all.map((one) => ({ at, ...one })),
  );
  const groups = grouped(dropped);
  const isRejected = scaling.some(({ law }) => law.verdict === 'rejected');
  return [
    // The verdict already says what happened.
    ...(invalid === undefined || invalid.hint === '' ? [] : [invalid.hint]),
    ...(cut === undefined ? [] : [`${capital(cut)}.`]),
    ...[...groups].map(
      ([, [first, ...others]]) =>
        `Left out (${first!.code}): ${first!.mode} at ${[first!, ...others].map((one) => valueText(axis.kind, one.at)).join(', ')}: ${first!.because}.`,
    ),
    ...(isRejected
      ? [
          'Where the law does not fit, work outside the lock does not queue: the coefficients would say nothing, and neither would a peak from them.',
        ]
      : []),
    ...(find !== 'capacity' && scenario.rounds < fewest
      ? [`${scenario.rounds} rounds cannot show a difference: 6 or more can.`]
      : []),
    ...(points.some(({ modes }) => modes.some(({ lock }) => lock !== 'none'))
      ? ['A lock in the client only stops clients that take it.']
      : []),
  ];
};

const fewest = 6;

type Dropped = SweepResult['points'][number]['dropped'][number] & { readonly at: number };

const grouped = (all: readonly Dropped[]): ReadonlyMap<string, readonly Dropped[]> => {
  const groups = new Map<string, Dropped[]>();
  for (const one of all) groups.set(`${one.mode} ${one.code}`, [...(groups.get(`${one.mode} ${one.code}`) ?? []), one]);
  return groups;
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
