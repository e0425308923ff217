import type { File } from '../../../core/file.ts';
import type { SweepResult } from '../../../core/result/sweep.ts';
import { gates } from '../../html/figures/gates.ts';
import { allowing, quoted, reproducedBy } from '../../html/figures/reproduce.ts';
import { contents } from '../../html/first/contents.ts';
import { headOf } from '../../html/first/head.ts';
import { lastWords } from '../../html/first/opening.ts';
import { section, type Figure } from '../../html/markup/figure.ts';
import { markup, type Part } from '../../html/markup/markup.ts';
import { state } from '../../html/markup/state.ts';
import { pageOf } from '../../html/page.ts';
import { payload } from '../../html/payload.ts';
import type { Series } from '../../html/draw/series.ts';
import { plain } from '../../plain.ts';
import { sweepFacts } from '../facts.ts';
import { sweepText } from '../json.ts';
import { dataFigure, sweepCertificates } from './data.ts';
import { modesInOneTable } from './first.ts';
import { levels } from './levels.ts';
import { modesOf } from './modes.ts';
import { ratios } from './ratios.ts';
import { search } from './search.ts';
import { crossings, gatesAtPoints, growth, notes } from './tables.ts';

/** `report.html` of a sweep: all of it in one page, complete without script and style sheet. */
export const sweepHtml = (result: SweepResult): readonly [File] => {
  const series = modesOf(result);
  const figures = figuresOf(result, series);
  const body = markup`${top(result)}
${modesInOneTable(result, series)}
${contents(figures, series)}
${figures.map(section)}
${payload(result)}`;
  return [{ name: 'report.html', text: pageOf({ title: `${result.scenario.name}: contend sweep`, body }) }];
};

/** The headline, the conclusion and the reasons: reasons first if the sweep did not end well. */
const top = (result: SweepResult): Part => {
  const { scenario, headline, conclusion, reasons, invalid, points } = result;
  const isGood = headline === 'PASS' || headline === 'DONE';
  const told = [...reasons.map(ended), ...(invalid === undefined ? [] : [invalid.hint])].filter((one) => one !== '');
  const found = parts(conclusion);
  return [
    headOf({
      ...result,
      name: scenario.name,
      facts: sweepFacts(result),
      word: headline,
      sentences: isGood ? [...found, ...told] : [...told, ...found],
    }),
    invalid === undefined || points.length === 0
      ? undefined
      : markup`<p class="banner">${state('unknown', 'The sweep is invalid: what follows was measured, but cannot be trusted.')}</p>`,
    lastWords(result),
  ];
};

const ended = (reason: string): string => (/[.!?]$/u.test(reason) ? reason : `${reason}.`);

/** The first sentence, which is the most important one, and the others together. */
const parts = (conclusion: string): readonly string[] => {
  const end = conclusion.indexOf('. ');
  return end === -1 ? [conclusion] : [conclusion.slice(0, end + 1), conclusion.slice(end + 2)];
};

/** Every figure that has something to show, the decisive one first. */
const figuresOf = (result: SweepResult, series: readonly Series[]): readonly Figure[] =>
  [
    search(result, series),
    levels(result, series),
    ratios(result, series),
    crossings(result),
    growth(result),
    gates(result),
    gatesAtPoints(result),
    dataFigure(result, series),
    sweepCertificates(result, series),
    notes(result),
    reproducedBy(result, commandOf(result), sweepText(result)),
  ].filter((figure) => figure !== undefined);

const commandOf = ({ scenario: { file, seed }, axis, find, width, serves }: SweepResult): string => {
  const over = `--over ${quoted(`${plain(axis.name, 100)}=${axis.values.join(',')}`)}`;
  const looked =
    find === null
      ? ''
      : ` --find ${find}${find === 'capacity' ? ` --width ${Number((100 * width).toPrecision(3))}%` : ''}`;
  return `npx contend sweep ${quoted(plain(file, 300))} ${over}${looked} --seed ${seed}${allowing(serves)}`;
};
