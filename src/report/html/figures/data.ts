import type { ModeResult, Result } from '../../../core/result/result.ts';
import { consistencyOf } from '../../sections/cells.ts';
import { checkColumns, checksIn, verdictOf, type CheckLine } from '../../sections/checks.ts';
import { dataWordOf } from '../../sections/data.ts';
import { logScale, type Scale } from '../draw/scale.ts';
import type { Series } from '../draw/series.ts';
import { at, circle, hatch, line, path, rect, svg, text } from '../draw/svg.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Markup, type Part } from '../markup/markup.ts';
import { state, stateOfData } from '../markup/state.ts';
import { columnOf, names, table } from '../markup/table.ts';

const width = 300;
const height = 26;
const middle = height / 2;
const leastShare = 1e-6;

/** Whether the data was right, by mode and model, and how hard it was tested. */
export const data = (
  result: Result,
  series: readonly Series[],
  certificates: ReadonlyMap<string, string>,
): Figure | undefined => {
  const rows = checksIn(result);
  const told = series.filter(({ mode }) => mode.consistency !== null);
  if (told.length === 0) return undefined;
  const scale = logScale(leastShare, 1, { from: 30, to: width - 28 }, 4);
  const nameOf = (mode: ModeResult): Part => said(series.find((one) => one.mode === mode)?.name ?? mode.name, 30);
  return {
    id: 'data',
    title: 'Was the data right?',
    question: 'Was the data right, and how hard was it tested?',
    answer: told.map(({ mode, name }, index) => [index === 0 ? undefined : ', ', said(name, 24), ': ', wordOf(mode)]),
    body: [
      table<CheckLine>(
        rows,
        [
          names('mode', ({ mode }) => nameOf(mode)),
          { heading: 'model', align: 'left', cell: ({ check }) => said(check.model, 40) },
          {
            heading: 'verdict',
            align: 'left',
            cell: (row) => state(stateOfData(row.check.verdict, row.mode.violations === 'allowed'), verdictOf(row)),
          },
          { heading: head(scale), align: 'left', cell: (row) => openShare(row, scale) },
          ...checkColumns.map((column) => columnOf(column)),
        ],
        { label: 'What each model says of each mode' },
      ),
      markup`<ul>${told.map(({ mode, name }) => {
        const verdict = consistencyOf(mode);
        const certificate = certificates.get(mode.name);
        return verdict === undefined
          ? undefined
          : markup`<li>${said(name, 24)}: ${said(verdict.because, 400)}${verdict.is === 'allowed' ? ' (allowed)' : undefined}.${certificate === undefined ? undefined : markup` <a href="#${certificate}">Show me</a>.`}</li>`;
      })}</ul>`,
    ],
    reading: [
      'Drawn: the share that is wrong, on a logarithmic axis. An arrow to the left is a bound: no violation was seen, and with 95 % confidence no larger share of such pairs goes wrong. A bar is what is known to be lost, at least and at most. Hatched is unknown, anything from none to all.',
    ],
  };
};

const wordOf = (mode: ModeResult): Part => {
  const word = dataWordOf(mode);
  if (word === undefined) return undefined;
  return word.is === 'wrong' && word.isAllowed ? `${word.text} (allowed)` : word.text;
};

const head = (scale: Scale): Markup =>
  svg(
    { width, height: 18, kind: 'cell', label: 'logarithmic axis of the share that may be wrong' },
    [1e-6, 1e-4, 1e-2, 1].map((share) =>
      text(scale.of(share), 12, `${Number((share * 100).toPrecision(1))} %`, { anchor: 'middle', size: 10 }),
    ),
  );

/** The bounds known for the share that is wrong. */
const openShare = ({ mode, check }: CheckLine, scale: Scale): Part => {
  const { lost } = mode;
  const [from, to] = [scale.of(leastShare), scale.of(1)];
  const axis = line(from, middle, to, middle, { opacity: 0.25 });
  const canvas = (label: string) => ({ width, height, kind: 'cell', label }) as const;
  switch (check.verdict) {
    case 'unknown':
      return svg(canvas('not known: anything from none to all'), hatch(from, middle - 6, to - from, 12));
    case 'not-exercised':
      return svg(canvas('nothing overlapped, so nothing could go wrong'), [
        axis,
        circle(to, middle, 5, { fill: 'none', stroke: 'currentColor', dash: '2 2' }),
        text(from, middle - 3, 'nothing overlapped', { size: 10 }),
      ]);
    case 'violated': {
      if (lost === null || lost.atLeast === 0 || lost.acknowledged === 0)
        return svg(canvas('wrong'), [axis, cross(to)]);
      const [least, most] = [lost.atLeast, Math.min(lost.atMost, lost.acknowledged)].map((one) =>
        scale.of(one / lost.acknowledged),
      );
      return svg(canvas('the share that was lost'), [
        axis,
        rect(least! - 1, middle - 6, most! - least! + 2, 12, { fill: 'currentColor', opacity: 0.5 }),
        cross(least!),
      ]);
    }
    default: {
      if (check.overlapping === 0) return svg(canvas('no pair overlapped'), axis);
      const bound = scale.of(Math.min(1, 3 / check.overlapping));
      return svg(canvas('at most this much is wrong'), [
        axis,
        line(from, middle, bound, middle, { width: 2 }),
        path(`M${at(bound)} ${middle - 5}v10M${at(from + 8)} ${middle - 5}l-8 5l8 5`, {
          stroke: 'currentColor',
          fill: 'none',
          width: 1.6,
        }),
      ]);
    }
  }
};

const cross = (x: number): Markup =>
  path(`M${at(x - 5)} ${middle - 5}l10 10M${at(x + 5)} ${middle - 5}l-10 10`, {
    stroke: 'currentColor',
    width: 2,
    class: 'cross',
  });
