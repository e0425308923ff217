import { marker, type Series } from '../draw/series.ts';
import { svg } from '../draw/svg.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Markup, type Part } from '../markup/markup.ts';

/** The table of contents, and boxes that fade a mode in every figure. Without the style sheet, which does the fading, there are none. */
export const contents = (figures: readonly Figure[], series: readonly Series[]): Markup =>
  markup`<nav aria-label="Contents">${figures.map(({ id, title }, at) => markup`${at === 0 ? undefined : markup` · `}<a href="#${id}">${title}</a>`)}</nav>
${series.length < 2 ? undefined : boxes(series)}`;

/** Modes beyond this number have no box: the style sheet has rules for no more. */
const mostBoxes = 12;

const boxes = (series: readonly Series[]): Part =>
  markup`<fieldset class="controls" hidden><legend>In every figure</legend>${series
    .slice(0, mostBoxes)
    .map(
      (one, at) =>
        markup`<label><input type="checkbox" checked id="b${at}"> ${svg({ width: 14, height: 14, kind: 'cell', label: 'marker of the mode' }, marker(one, 7, 7))} ${said(one.name, 24)}</label>`,
    )}</fieldset>`;
