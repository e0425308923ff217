import { bounds, exact } from '../../format.ts';
import { effectOf, type SumFinding } from '../../sections/cells.ts';
import { spread } from '../draw/label.ts';
import { at, chart, circle, line, path, rect, text } from '../draw/svg.ts';
import type { Markup } from '../markup/markup.ts';

const width = 1000;
const span = { from: 40, to: 960 };

/** A sum that does not agree, on a number line: where it began, where it had to end, and where it did. */
export const sumLine = (finding: SumFinding): Markup => {
  const { before, expected, after } = finding;
  const [least, most] = [Math.min(before, ...expected, after), Math.max(before, ...expected, after)];
  const of = (value: number): number =>
    most <= least ? (span.from + span.to) / 2 : span.from + ((span.to - span.from) * (value - least)) / (most - least);
  const [low, high] = [of(expected[0]), of(expected[1])];
  const marks = [
    { x: of(before), words: `start ${exact(before)}` },
    { x: (low + high) / 2, words: `expected ${bounds(...expected)}` },
    { x: of(after), words: `end ${exact(after)}: ${effectOf(finding)}` },
  ];
  // Side by side they could overlap, so each has a line of its own.
  const places = spread(
    marks.map((_, index) => ({ y: 58 + 15 * index, text: '' })),
    15,
    { from: 58, to: 100 },
  );
  return chart({ width, height: 96, label: 'Where the value began, had to end and did end' }, [
    line(span.from, 30, span.to, 30, { opacity: 0.4 }),
    circle(of(before), 30, 5, { fill: 'none', stroke: 'currentColor', width: 1.6 }),
    rect(low - 2, 22, Math.max(4, high - low + 4), 16, { fill: 'currentColor', opacity: 0.5, class: 'expected' }),
    path(`M${at(of(after) - 6)} 24l12 12M${at(of(after) + 6)} 24l-12 12`, {
      stroke: 'currentColor',
      width: 2.4,
      class: 'cross',
    }),
    marks.map(({ x, words }, index) => [
      line(x, 38, x, places[index]! - 10, { opacity: 0.3 }),
      text(x > 500 ? x - 4 : x + 4, places[index]!, words, { size: 11, anchor: x > 500 ? 'end' : 'start' }),
    ]),
  ]);
};
