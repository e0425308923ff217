import type { File } from '../../core/file.ts';
import type { Result } from '../../core/result/result.ts';
import { seriesOf } from './draw/series.ts';
import { modesInOneTable } from './first/modes.ts';
import { opening } from './first/opening.ts';
import { markup } from './markup/markup.ts';
import { pageOf } from './page.ts';

/**
 * `report.html`: the whole run in one page, drawn here and complete without script and style sheet, so that it shows wherever it
 * is opened; it asks for nothing from anywhere.
 */
export const html = (result: Result): readonly [File] => {
  const series = seriesOf(result);
  const body = markup`${opening(result)}
${modesInOneTable(result, series, new Map())}`;
  return [{ name: 'report.html', text: pageOf({ title: `${result.scenario.name}: contend`, body }) }];
};
