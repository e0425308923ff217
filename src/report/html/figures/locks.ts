import type { LockResult, Result } from '../../../core/result/result.ts';
import { timeAt } from '../../sections/cells.ts';
import { holdColumns, lapsesOf, locksIn, waitColumns, type LockLine } from '../../sections/locks.ts';
import { many, share } from '../../format.ts';
import { timeScale, timeTick, type Scale } from '../draw/scale.ts';
import type { Series } from '../draw/series.ts';
import { circle, line, path, rect, svg, text } from '../draw/svg.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Markup, type Part } from '../markup/markup.ts';
import { state } from '../markup/state.ts';
import { columnOf, names, table } from '../markup/table.ts';

const width = 300;
const height = 34;
const span = { from: 46, to: width - 14 };

/** Who waits, how long, and how fairly: every lock with its waits over its holds on one axis. */
export const locks = (result: Result, series: readonly Series[]): Figure | undefined => {
  const rows = locksIn(result);
  if (rows.length === 0) return undefined;
  const scale = timeScale(
    rows.flatMap(({ lock }) => [...knownOf(lock.waitUs), lock.waitUs.max, ...knownOf(lock.holdUs)]),
    span,
    4,
  );
  const lapses = result.modes.flatMap((mode) => lapsesOf(mode).map((lapse) => ({ mode, ...lapse })));
  return {
    id: 'locks',
    title: 'Locks',
    question: 'Who waits, how long, and how fairly?',
    answer: rows.map(
      ({ mode, lock }): Part => markup`${said(mode.name, 24)}, ${said(lock.name, 24)}: ${toldOf(lock)}. `,
    ),
    body: [
      table<LockLine>(
        rows,
        [
          names('mode', ({ mode }) => said(series.find((one) => one.mode === mode)?.name ?? mode.name, 30)),
          { heading: 'lock', align: 'left', cell: ({ lock }) => said(lock.name, 30) },
          { heading: head(scale), align: 'left', cell: ({ lock }) => dumbbell(lock, scale) },
          ...[...waitColumns, ...holdColumns].map((column) => columnOf(column)),
        ],
        { label: 'Locks' },
      ),
      lapses.map(
        ({ mode, isAllowed, because }) =>
          markup`<p>${state(isAllowed ? 'allowed' : 'wrong', markup`${said(mode.name, 40)}: ${said(because, 300)}${isAllowed ? ' (allowed)' : undefined}`)}</p>`,
      ),
    ],
    reading: [
      'Drawn: p50, p99 and the longest wait over p50 and p99 of the hold, on a logarithmic axis. Contended: how many had to wait.',
    ],
  };
};

const toldOf = ({ waitUs, contended }: LockResult): string => {
  if (waitUs.count === 0) return 'never asked for';
  if (contended === 0) return 'nobody waited';
  return `${share(contended, waitUs.count)} of ${many(waitUs.count, 'acquisition')} had to wait, half of them ${timeAt(waitUs, 'p50')} or longer`.replace(
    /, half of them –.*/u,
    '',
  );
};

type Times = LockResult['waitUs'];

const knownOf = (times: Times): readonly number[] =>
  times.count === 0
    ? []
    : (['p50', 'p99'] as const).filter((name) => timeAt(times, name) !== '–').map((name) => times[name]);

const head = (scale: Scale): Markup =>
  svg(
    { width, height: 18, kind: 'cell', label: 'logarithmic axis of waits and holds' },
    scale.ticks.map((tick) => text(scale.of(tick), 12, timeTick(tick), { anchor: 'middle', size: 10 })),
  );

const dumbbell = ({ waitUs, holdUs }: LockResult, scale: Scale): Markup =>
  svg(
    {
      width,
      height,
      kind: 'cell',
      label: `wait p50 ${timeAt(waitUs, 'p50')}, p99 ${timeAt(waitUs, 'p99')}; hold p50 ${timeAt(holdUs, 'p50')}, p99 ${timeAt(holdUs, 'p99')}`,
    },
    [
      scale.ticks.map((tick) => line(scale.of(tick), 0, scale.of(tick), height, { opacity: 0.14 })),
      text(0, 12, 'wait', { size: 10 }),
      text(0, 29, 'hold', { size: 10 }),
      ends(waitUs, scale, 9, true),
      ends(holdUs, scale, 26, false),
    ],
  );

const ends = (times: Times, scale: Scale, y: number, hasLongest: boolean): Part => {
  if (times.count === 0) return undefined;
  const known = knownOf(times).map(scale.of);
  const longest = hasLongest ? [scale.of(times.max)] : [];
  const all = [...known, ...longest];
  return [
    all.length < 2 ? undefined : line(Math.min(...all), y, Math.max(...all), y, { width: 2, opacity: 0.6 }),
    known[0] === undefined ? undefined : circle(known[0], y, 4, { fill: 'currentColor' }),
    known[1] === undefined ? undefined : rect(known[1] - 3.5, y - 3.5, 7, 7, { fill: 'currentColor' }),
    longest.map((x) => path(`M${x.toFixed(1)} ${y - 5}v10`, { stroke: 'currentColor', width: 2 })),
  ];
};
