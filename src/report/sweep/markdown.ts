import type { File } from '../../core/file.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import { safe, table } from '../markdown/table.ts';
import { sweepChart } from './chart.ts';
import { sweepNotes } from './notes.ts';
import { sweepTables, type TextTable } from './tables.ts';

/** `summary.md`: the conclusion, the chart as on a terminal, and every table. */
export const sweepMarkdown = (result: SweepResult): readonly [File] => {
  const { scenario, headline, conclusion, reasons, gates } = result;
  const chart = result.find === 'capacity' ? undefined : sweepChart(result, chartWidth);
  const legend = [...(chart?.letters ?? [])].map(([name, letter]) => `${letter} ${safe(name, 60)}`).join(', ');
  const lines = [
    `# ${safe(scenario.name, 100)}: ${headline}`,
    '',
    safe(conclusion, 2000),
    '',
    ...reasons.map((reason) => `- ${safe(reason)}`),
    ...(reasons.length === 0 ? [] : ['']),
    ...(chart === undefined || chart.lines.length === 0 ? [] : ['```text', ...chart.lines, '```', '', legend, '']),
    ...sweepTables(result, true).flatMap(tableLines),
    ...(gates.length === 0
      ? []
      : [
          ...table(gates, [
            ['gate', 'left', ({ text }) => safe(text, 200)],
            ['verdict', 'left', ({ verdict }) => verdict],
            ['because', 'left', ({ because }) => safe(because)],
          ]),
          '',
        ]),
    ...sweepNotes(result).map((note) => `- ${safe(note, 1000)}`),
    '',
  ];
  return [{ name: 'summary.md', text: lines.join('\n') }];
};

const chartWidth = 80;

const tableLines = ({ title, columns }: TextTable): readonly string[] => {
  const rows = columns[0]!.cells.map((_, row) => row);
  return [
    `## ${safe(title, 100)}`,
    '',
    ...table(
      rows,
      columns.map(
        ({ heading, align, cells }) => [safe(heading, 100), align, (row: number) => safe(cells[row]!)] as const,
      ),
    ),
    '',
  ];
};
