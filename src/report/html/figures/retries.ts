import type { ModeResult, Result } from '../../../core/result/result.ts';
import { retrying, retryColumns } from '../../sections/retries.ts';
import { attemptsIn } from '../../sections/cells.ts';
import { count, share } from '../../format.ts';
import { hatch, rect, svg } from '../draw/svg.ts';
import type { Series } from '../draw/series.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Part } from '../markup/markup.ts';
import { columnOf, names, table } from '../markup/table.ts';

const width = 300;

/** What conflicts cost: the share of requests in attempts that were thrown away, and the requests sent again. */
export const retries = (result: Result, series: readonly Series[]): Figure | undefined => {
  const rows = retrying(result);
  if (rows.length === 0) return undefined;
  const areWasted = rows.some(({ conflicts }) => conflicts > 0);
  return {
    id: 'retries',
    title: 'Retries',
    question: areWasted ? 'What do conflicts throw away?' : 'How much is sent again?',
    answer: rows.map((mode) =>
      mode.conflicts > 0
        ? markup`${said(mode.name, 24)} needed ${attemptsIn(mode)} attempts per iteration. `
        : markup`${said(mode.name, 24)} sent ${count(mode.sentAgain ?? 0)} requests again. `,
    ),
    body: table<ModeResult>(
      rows,
      [
        names('mode', (mode) => said(series.find((one) => one.mode === mode)?.name ?? mode.name, 30)),
        ...(areWasted ? [{ heading: 'requests, useful and wasted', align: 'left', cell: bar } as const] : []),
        ...retryColumns(result).map((column) => columnOf(column)),
      ],
      { label: 'Retries' },
    ),
    reading: areWasted
      ? ['Filled: requests that counted. Hatched: requests of attempts that ended in a conflict.']
      : ['The `retry` of a step says after which failures it is sent again.'],
  };
};

const bar = ({ requests: { total }, wastedRequests }: ModeResult): Part => {
  if (total === 0 || wastedRequests === 0) return undefined;
  const useful = ((width - 2) * Math.max(0, total - wastedRequests)) / total;
  return svg(
    {
      width,
      height: 20,
      kind: 'cell',
      label: `${share(wastedRequests, total)} of ${count(total)} requests were wasted`,
    },
    [rect(1, 4, useful, 12, { fill: 'currentColor', opacity: 0.75 }), hatch(1 + useful, 4, width - 2 - useful, 12)],
  );
};
