import type { LockResult, Result } from '../../../core/result/result.ts';
import { timeAt } from '../../sections/cells.ts';
import { holdColumns, lapsesOf, locksIn, waitColumns, type LockLine } from '../../sections/locks.ts';
import { many, share } from '../../format.ts';
import { bellHead, bellScale, dumbbells, type Bell } from '../draw/dumbbell.ts';
import type { Series } from '../draw/series.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Part } from '../markup/markup.ts';
import { state } from '../markup/state.ts';
import { columnOf, names, table } from '../markup/table.ts';

/** Who waits, how long, and how fairly: every lock, its waits above its holds on one axis. */
export const locks = (result: Result, series: readonly Series[]): Figure | undefined => {
  const rows = locksIn(result);
  if (rows.length === 0) return undefined;
  const scale = bellScale(rows.flatMap(({ lock }) => bellsOf(lock)));
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
          {
            heading: bellHead(scale, 'logarithmic axis of waits and holds'),
            align: 'left',
            cell: ({ lock }) => dumbbells(bellsOf(lock), scale),
          },
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

const bellsOf = ({ waitUs, holdUs }: LockResult): readonly Bell[] => [
  { name: 'wait', times: waitUs, hasLongest: true },
  { name: 'hold', times: holdUs, hasLongest: false },
];
