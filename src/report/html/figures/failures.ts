import type { Result } from '../../../core/result/result.ts';
import { troublesOf, type Trouble } from '../../sections/cells.ts';
import { count, many, nothing } from '../../format.ts';
import type { Series } from '../draw/series.ts';
import { details, type Figure } from '../markup/figure.ts';
import { markup, said, type Part } from '../markup/markup.ts';
import { names, table } from '../markup/table.ts';

const mostRows = 20;
const longestText = 300;
const longestAnswer = 500;

interface Row {
  readonly series: Series;
  readonly trouble: Trouble;
}

/** Why iterations failed, were dropped or were interrupted, the commonest reason first, with a sample answer of each kind. */
export const failures = (_: Result, series: readonly Series[]): Figure | undefined => {
  const all = series
    .flatMap((one) => troublesOf(one.mode).map((trouble): Row => ({ series: one, trouble })))
    .toSorted((a, b) => b.trouble.count - a.trouble.count);
  if (all.length === 0) return undefined;
  const rows = all.slice(0, mostRows);
  return {
    id: 'failures',
    title: 'Failures',
    question: 'Why did iterations fail?',
    answer: rows
      .slice(0, 2)
      .map(
        ({ series: { name }, trouble }) =>
          markup`${count(trouble.count)} in ${said(name, 24)}: ${said(trouble.class, 30)}. `,
      ),
    body: [
      table<Row>(
        rows,
        [
          names('mode', ({ series: { name } }) => said(name, 30)),
          { heading: 'class', align: 'left', cell: ({ trouble }) => said(trouble.class, 40) },
          { heading: 'count', align: 'right', cell: ({ trouble }) => count(trouble.count) },
          { heading: 'first message', align: 'left', cell: theFirst },
        ],
        { label: 'Failures' },
      ),
      all.length > rows.length
        ? markup`<p>and ${many(all.length - rows.length, 'more kind')} of failure</p>`
        : undefined,
    ],
  };
};

const theFirst = ({ trouble: { text, answers } }: Row): Part => {
  const [answer] = answers;
  return [
    text === '' ? nothing : said(text, longestText),
    answer === undefined ? undefined : details('an answer', markup`<pre>${said(answer, longestAnswer)}</pre>`),
  ];
};
