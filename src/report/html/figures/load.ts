import { askedRate, isOpen, keptUp } from '../../../core/result/open-load.ts';
import type { ModeResult, Result } from '../../../core/result/result.ts';
import { droppedShare, offeredRate, timeAt } from '../../sections/cells.ts';
import { transportOf } from '../../sections/facts.ts';
import { stageColumns, stageName, stagesIn, type StageLine } from '../../sections/stages.ts';
import { count, perSecond } from '../../format.ts';
import { bellHead, bellScale, dumbbells, type Bell } from '../draw/dumbbell.ts';
import { linearScale, numberTick, type Scale } from '../draw/scale.ts';
import type { Series } from '../draw/series.ts';
import { hatch, line, rect, svg, text } from '../draw/svg.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Markup, type Part } from '../markup/markup.ts';
import { columnOf, names, table, type Column } from '../markup/table.ts';

const width = 260;

/** Whether the target kept up with an open load: offered against achieved, what was dropped, and how punctually it was sent. */
export const load = ({ modes }: Result, series: readonly Series[]): Figure | undefined => {
  const told = series.filter(({ mode }) => isOpen(mode));
  if (told.length === 0) return undefined;
  const scale = linearScale(
    Math.max(1, ...modes.flatMap((mode) => [askedRate(mode), mode.throughputPerSecond])) * 1.02,
    { from: 2, to: width - 24 },
    4,
  );
  const waits = bellScale(told.flatMap(({ mode }) => bellsOf(mode)));
  const right = (heading: string, cell: (mode: ModeResult) => string): Column<Series> => ({
    heading,
    align: 'right',
    cell: ({ mode }) => cell(mode),
  });
  return {
    id: 'load',
    title: 'Load',
    question: 'Did it keep up with what was offered?',
    answer: told.map(({ mode, name }) => markup`${said(name, 24)} ${keptUp(mode) ? 'kept up' : 'did not keep up'}. `),
    body: [
      table(
        told,
        [
          names('mode', ({ name }) => said(name, 30)),
          { heading: head(scale), align: 'left', cell: ({ mode }) => bar(mode, scale) },
          right('offered', offeredRate),
          right('achieved', ({ throughputPerSecond }) => `${perSecond(throughputPerSecond)}/s`),
          right('dropped', (mode) =>
            [count(mode.iterations.dropped), droppedShare(mode)].filter((part) => part !== '').join(', '),
          ),
          right('users', ({ users }) => count(users)),
          right('arrival', ({ offered }) => offered?.arrival ?? ''),
          right('pacing', ({ offered }) => offered?.pacing ?? ''),
          { heading: 'transport', align: 'left', cell: ({ mode }) => said(transportOf(mode), 40) },
        ],
        { label: 'Offered and achieved' },
      ),
      table(
        told,
        [
          names('mode', ({ name }) => said(name, 30)),
          {
            heading: bellHead(waits, 'logarithmic axis of queue waits and send lags'),
            align: 'left',
            cell: ({ mode }) => dumbbells(bellsOf(mode), waits),
          },
          right('queue wait p50', ({ queueWaitUs }) => timeAt(queueWaitUs, 'p50')),
          right('p99', ({ queueWaitUs }) => timeAt(queueWaitUs, 'p99')),
          right('send lag p50', ({ sendLagUs }) => timeAt(sendLagUs, 'p50')),
          right('p99', ({ sendLagUs }) => timeAt(sendLagUs, 'p99')),
        ],
        { label: 'How long arrivals waited to be sent' },
      ),
    ],
    reading: [
      'Filled: achieved. Hatched: the share of the offered load that was not taken. The upright line is the requested rate.',
      'Queue: an arrival waiting for a free user. Lag: the generator itself being late. A dot is the p50, a square the p99, on a logarithmic axis.',
    ],
  };
};

const bellsOf = ({ queueWaitUs, sendLagUs }: ModeResult): readonly Bell[] => [
  { name: 'queue', times: queueWaitUs, hasLongest: false },
  { name: 'lag', times: sendLagUs, hasLongest: false },
];

const head = (scale: Scale): Markup =>
  svg(
    { width, height: 18, kind: 'cell', label: 'iterations per second, from 0' },
    scale.ticks.map((tick) =>
      text(scale.of(tick), 12, `${numberTick(tick)}${tick === 0 ? '' : '/s'}`, {
        anchor: tick === 0 ? 'start' : 'middle',
        size: 10,
      }),
    ),
  );

const bar = (mode: ModeResult, scale: Scale): Markup => {
  const [achieved, asked] = [mode.throughputPerSecond, askedRate(mode)].map(scale.of);
  const { dropped, scheduled } = mode.iterations;
  const lost = scheduled === 0 ? 0 : (dropped / scheduled) * (asked! - scale.of(0));
  return svg(
    { width, height: 22, kind: 'cell', label: `${perSecond(mode.throughputPerSecond)}/s of ${offeredRate(mode)}` },
    [
      rect(scale.of(0), 5, achieved! - scale.of(0), 12, { fill: 'currentColor', opacity: 0.7 }),
      lost < 1 ? undefined : hatch(asked! - lost, 5, lost, 12),
      line(asked!, 1, asked!, 21, { width: 2 }),
    ],
  );
};

/** The outcome of every stage of a load. */
export const stages = (result: Result, series: readonly Series[]): Figure | undefined => {
  const rows = stagesIn(result);
  if (rows.length === 0) return undefined;
  const most = Math.max(1, ...rows.map(({ stage }) => stage.completed + stage.failed + stage.dropped));
  return {
    id: 'stages',
    title: 'Stages',
    question: 'At which stage did it break?',
    answer: brokenAt(rows),
    body: table<StageLine>(
      rows,
      [
        names('mode', ({ mode }) => said(series.find((one) => one.mode === mode)?.name ?? mode.name, 30)),
        { heading: 'stage', align: 'left', cell: ({ stage }) => stageName(stage) },
        { heading: 'completed, and not', align: 'left', cell: (row) => stageBar(row, most) },
        ...stageColumns.map((column) => columnOf(column)),
      ],
      { label: 'Stages' },
    ),
    reading: ['Filled: completed. Hatched: dropped or failed.'],
  };
};

const brokenAt = (rows: readonly StageLine[]): Part => {
  const first = rows.filter(
    ({ mode, stage }, index) =>
      stage.dropped > 0 && !rows.slice(0, index).some((one) => one.mode === mode && one.stage.dropped > 0),
  );
  return first.length === 0
    ? 'Nothing was dropped in any of them.'
    : first.map(({ mode, stage }) => markup`${said(mode.name, 24)} drops from stage ${stageName(stage)} on. `);
};

const stageBar = ({ stage }: StageLine, most: number): Markup => {
  const px = (number: number): number => ((width - 4) * number) / most;
  const not = stage.dropped + stage.failed;
  return svg({ width, height: 20, kind: 'cell', label: `${count(stage.completed)} completed, ${count(not)} not` }, [
    rect(1, 4, px(stage.completed), 12, { fill: 'currentColor', opacity: 0.7 }),
    px(not) < 1 ? undefined : hatch(1 + px(stage.completed), 4, px(not), 12),
  ]);
};
