import type { SweepResult } from '../../core/result/sweep.ts';
import { plain } from '../plain.ts';
import { titled, verdictTexts } from '../terminal/heading.ts';
import { hanging, render, span, type Line, type Tone } from '../terminal/layout/line.ts';
import { tables, type Column } from '../terminal/layout/table.ts';
import type { Shown } from '../terminal/style.ts';
import { sweepChart } from './chart.ts';
import { sweepFacts } from './facts.ts';
import { sweepNotes } from './notes.ts';
import { sweepTables, type TextTable } from './tables.ts';

const narrowest = 40;
const longestCell = 40;
const longestProse = 300;
const widestProse = 100;

/**
 * The terminal report of a sweep: the conclusion, the chart, the tables, the gates on it and what else to know. No line is wider
 * than `style.width`, which is taken as at least 40.
 */
export const sweepTerminal = (result: SweepResult, style: Shown): string => {
  const width = Math.max(narrowest, style.width);
  const parts = [
    [title(result, width)],
    verdict(result, width),
    chart(result, width),
    ...sweepTables(result, style.details === true).flatMap((table) => tableLines(table, width)),
    gates(result, width),
    sweepNotes(result).flatMap((text) => hanging([], plain(text, 1000), Math.min(width, widestProse), 'quiet')),
    style.folder === undefined
      ? []
      : hanging([], `result.json and the other files are in ${style.folder}.`, width, 'quiet'),
  ].filter((lines) => lines.length > 0);
  return render(
    parts.flatMap((lines, at) => (at === 0 ? lines : [[], ...lines])),
    { ...style, width },
  );
};

const title = (result: SweepResult, width: number): Line => titled(result.scenario.name, sweepFacts(result), width);

const mostReasons = 6;

const verdict = ({ headline, conclusion, reasons }: SweepResult, width: number): Line[] => {
  const isGood = headline === 'PASS' || headline === 'DONE';
  const told = reasons.slice(0, mostReasons).map((reason) => plain(reason, 400));
  const texts = isGood ? [conclusion, ...told] : [...told, conclusion];
  return verdictTexts(headline, texts, width, headline === 'FAIL' ? Math.max(1, told.length) : 1);
};

const chart = (result: SweepResult, width: number): Line[] => {
  if (result.find === 'capacity') return [];
  const { lines, letters } = sweepChart(result, width);
  if (lines.length === 0) return [];
  const legend = [...letters].map(([name, letter]) => `${letter} ${plain(name, 30)}`).join('   ');
  return [...lines.map((line) => [span(line)]), ...hanging([], legend, width, 'quiet')];
};

const tableLines = ({ title: heading, columns: [first, ...others] }: TextTable, width: number): Line[][] => {
  const [lead, ...columns] = [first!, ...others].map(({ heading: text, align, cells, isProse }): Column => ({
    heading: plain(text, longestCell),
    align,
    cells: cells.map((cell) => span(plain(cell, isProse === true ? longestProse : longestCell))),
    ...(isProse === true ? { wraps: true } : {}),
  }));
  const [start, ...rest] = tables(lead!, columns, width);
  return [[[span(plain(heading, width), 'strong')], ...start!], ...rest];
};

const tones: { readonly [verdict: string]: Tone } = { pass: 'good', fail: 'bad', undecided: 'doubt' };

const gates = ({ gates: all }: SweepResult, width: number): Line[] =>
  all.flatMap(({ text, verdict: is, because }) =>
    hanging([span(`${is.toUpperCase().padEnd(9)}  `, tones[is])], `${plain(text, 100)}: ${plain(because, 300)}`, width),
  );
