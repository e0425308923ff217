import type { Comparison, Result } from '../../../core/result/result.ts';
import { comparedColumns, readingOf, toldIn } from '../../sections/compared.ts';
import { count, many, nothing } from '../../format.ts';
import { ratioHead, ratioRow, ratioScale } from '../draw/forest.ts';
import type { Series } from '../draw/series.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Part } from '../markup/markup.ts';
import { columnOf, names, table, type Column } from '../markup/table.ts';

/** Every ratio to the control on one axis, metric by metric. */
export const ratios = (result: Result, series: readonly Series[]): Figure | undefined => {
  const rows = toldIn(result);
  if (rows.length === 0) return undefined;
  const scale = ratioScale(rows);
  const of = (name: string): Series | undefined => series.find(({ mode }) => mode.name === name);
  const drawn: Column<Comparison> = {
    heading: ratioHead(scale, undefined),
    align: 'left',
    class: 'c-forest',
    cell: (one) => {
      const look = of(one.mode);
      return look === undefined ? undefined : ratioRow(scale, { ...one, isOpen: one.verdict === 'inconclusive' }, look);
    },
  };
  return {
    id: 'ratios',
    title: 'Every ratio',
    question: 'Faster at what, slower at what?',
    answer: answerOf(result, rows),
    body: table(
      rows,
      [
        names('mode', ({ mode }) => said(of(mode)?.name ?? mode, 30)),
        { heading: 'metric', align: 'left', cell: ({ metric }) => said(metric, 20) },
        drawn,
        ...comparedColumns(result).map((column) => columnOf(column)),
      ],
      { label: 'Every ratio to the control' },
    ),
    reading: [
      markup`Each row is a mode ÷ ${said(result.scenario.control, 40)}, on a logarithmic axis; in the shaded zone a difference is within 5 %.`,
      ...readingOf(result),
    ],
  };
};

/** What a target used is less or more, and a count of such ratios must say of what. */
const ofUse: { readonly [word: string]: string } = { less: 'with less CPU or memory', more: 'with more CPU or memory' };

/** The decided ones first. */
const order = ['faster', 'slower', 'less', 'more', 'no difference shown'];

const answerOf = (result: Result, rows: readonly Comparison[]): Part => {
  const verdict = comparedColumns(result).find(({ heading }) => heading === 'verdict');
  if (verdict === undefined) return readingOf(result).join(' ');
  const words = rows.map(verdict.cell).filter((word) => word !== nothing);
  const told = [...new Set([...order, ...words])]
    .filter((word) => words.includes(word))
    .map((word) => `${count(words.filter((one) => one === word).length)} ${ofUse[word] ?? word}`);
  return `Of ${many(rows.length, 'ratio')}: ${told.join(', ')}.`;
};
