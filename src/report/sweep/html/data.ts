import type { ConsistencyVerdict } from '../../../core/result/finding.ts';
import type { PointResult, SweepResult } from '../../../core/result/sweep.ts';
import { valueText } from '../../../core/sweep/axis.ts';
import { exact, many } from '../../format.ts';
import { certificates } from '../../html/figures/certificates.ts';
import { fitted } from '../../html/draw/label.ts';
import type { Scale } from '../../html/draw/scale.ts';
import type { Series } from '../../html/draw/series.ts';
import { group, text } from '../../html/draw/svg.ts';
import type { Figure } from '../../html/markup/figure.ts';
import { markup, said, type Part } from '../../html/markup/markup.ts';
import { glyphOf, stateOfData } from '../../html/markup/state.ts';
import { names, table } from '../../html/markup/table.ts';
import { plain } from '../../plain.ts';
import { dataAt, modeAt } from './modes.ts';

const rowHeight = 18;

/** Under an axis, a row for each mode whose data was judged: a glyph at every point. */
export const dataRows = (
  { points, axis }: SweepResult,
  series: readonly Series[],
  x: Scale,
  top: number,
): { readonly height: number; readonly part: Part } => {
  const judged = series.filter(({ mode: { name } }) => points.some((point) => verdictAt(point, name) !== undefined));
  if (judged.length === 0) return { height: 0, part: undefined };
  return {
    height: 12 + rowHeight * judged.length,
    part: judged.map((one, row) => {
      const y = top + rowHeight * row + 8;
      return group(one.class, [
        text(4, y, 'data', { size: 10 }),
        points.map((point) => glyphAt(point, one, x, y, axis)),
        text(836, y, fitted(one.name, 150)),
      ]);
    }),
  };
};

const verdictAt = (point: PointResult, name: string): ConsistencyVerdict | undefined =>
  modeAt(point, name)?.consistency?.verdict;

const glyphAt = (
  point: PointResult,
  { mode: { name } }: Series,
  x: Scale,
  y: number,
  axis: SweepResult['axis'],
): Part => {
  const verdict = verdictAt(point, name);
  if (verdict === undefined) return undefined;
  const isAllowed = modeAt(point, name)!.violations === 'allowed';
  const { glyph, class: look } = glyphOf(stateOfData(verdict, isAllowed));
  const words = `${plain(name, 30)} at ${valueText(axis.kind, point.at)}: ${verdict}${verdict === 'violated' && isAllowed ? ' (allowed)' : ''}`;
  return markup`<text x="${Math.round(x.of(point.at))}" y="${y}" text-anchor="middle" class="${look}"><title>${words}</title>${glyph}</text>`;
};

/** Whether the data of every mode was right at every point. */
export const dataFigure = ({ points, axis }: SweepResult, series: readonly Series[]): Figure | undefined => {
  const judged = series.filter(({ mode: { name } }) => points.some((point) => verdictAt(point, name) !== undefined));
  if (judged.length === 0) return undefined;
  const all = judged.flatMap(({ mode: { name } }) => points.flatMap((point) => verdictAt(point, name) ?? []));
  const wrong = all.filter((verdict) => verdict === 'violated').length;
  return {
    id: 'data',
    title: 'Was the data right?',
    question: 'Was the data right at every point?',
    answer:
      wrong === 0
        ? `No violation was found in ${many(all.length, 'verdict')}.`
        : `${many(wrong, 'verdict')} of ${all.length} found it wrong.`,
    body: table<PointResult>(
      points,
      [
        names(said(axis.name, 24), ({ at }) => exact(at)),
        ...judged.map(({ mode, name }) => ({
          heading: said(name, 30),
          align: 'left' as const,
          cell: (point: PointResult) => dataAt(modeAt(point, mode.name)),
        })),
      ],
      { label: 'What became of the data at every point' },
    ),
    reading: [
      '◐: nothing wrong was seen, where it could have been; ○: nothing overlapped, so nothing could have gone wrong.',
    ],
  };
};

/** What went wrong in each mode, at the first point where something did. */
export const sweepCertificates = ({ points, axis }: SweepResult, series: readonly Series[]): Figure | undefined =>
  certificates({
    modes: series.flatMap(({ mode: { name } }) => {
      const point = points.find((one) => (modeAt(one, name)?.consistency?.findings.length ?? 0) > 0);
      return point === undefined
        ? []
        : [{ ...modeAt(point, name)!, name: `${plain(name, 24)} at ${valueText(axis.kind, point.at)}` }];
    }),
  });
