import type { CrossingBracket, CrossingResult, SweepResult } from '../../../core/result/sweep.ts';
import { exact } from '../../format.ts';
import { fitted, pxOf } from '../../html/draw/label.ts';
import type { Scale } from '../../html/draw/scale.ts';
import type { Series } from '../../html/draw/series.ts';
import { at, line, path, rect, text } from '../../html/draw/svg.ts';
import { markup, type Markup, type Part } from '../../html/markup/markup.ts';

/** A place where one mode overtakes another. */
export interface DrawnBracket {
  readonly pair: CrossingResult;
  readonly bracket: CrossingBracket;
  readonly words: string;
}

const rowHeight = 18;
/** More are only in the table. */
const mostRows = 6;
const longest = 320;

/** Every place where two modes cross, those with the control first. */
export const bracketsOf = ({ crossings }: SweepResult, series: readonly Series[]): readonly DrawnBracket[] => {
  const nameOf = (name: string): string => series.find(({ mode }) => mode.name === name)?.name ?? name;
  return crossings
    .flatMap((pair) =>
      pair.brackets.map((bracket) => ({
        pair,
        bracket,
        words: fitted(
          `${nameOf(pair.mode)} ${bracket.becomes} than ${nameOf(pair.control)} from ${exact(bracket.above)} on`,
          longest,
          11,
        ),
      })),
    )
    .slice(0, mostRows);
};

/** Brackets above a plot, a row each, with a shade down to its axis. */
export const bracketRows = (
  brackets: readonly DrawnBracket[],
): {
  readonly height: number;
  readonly draw: (x: Scale, span: { readonly top: number; readonly bottom: number }) => Part;
} => ({
  height: brackets.length * rowHeight,
  draw: (x, { top, bottom }) => brackets.map((one, index) => bracketAt(one, x, { y: top + rowHeight * index, bottom })),
});

const bracketAt = (
  { pair, bracket: { below, above }, words }: DrawnBracket,
  x: Scale,
  { y, bottom }: { readonly y: number; readonly bottom: number },
): Markup => {
  const [from, to] = [x.of(below), x.of(above)];
  const isRoom = to + 10 + pxOf(words, 11) <= 1000;
  const middle = pair.kind === 'crossing' && pair.about !== null ? x.of(pair.about) : undefined;
  return markup`<g class="crossing">${rect(from, y, to - from, bottom - y, { fill: 'currentColor', opacity: 0.06 })}${path(
    `M${at(from)} ${at(y - 5)}v10M${at(from)} ${at(y)}H${at(to)}M${at(to)} ${at(y - 5)}v10`,
    { stroke: 'currentColor', fill: 'none', width: 1.6 },
  )}${middle === undefined ? undefined : line(middle, y - 4, middle, bottom, { dash: '2 4', opacity: 0.6 })}${text(
    isRoom ? to + 8 : from - 8,
    y + 4,
    words,
    { anchor: isRoom ? 'start' : 'end', size: 11 },
  )}</g>`;
};
