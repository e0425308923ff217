import type { File } from '../../core/file.ts';
import type { Result } from '../../core/result/result.ts';
import { readingsOf } from './draw/readings.ts';
import { seriesOf } from './draw/series.ts';
import { agents } from './figures/agents.ts';
import { anatomy } from './figures/anatomy.ts';
import { certificatePlaces, certificates } from './figures/certificates.ts';
import { data } from './figures/data.ts';
import { failures } from './figures/failures.ts';
import { gates } from './figures/gates.ts';
import { generator } from './figures/generator.ts';
import { load, stages } from './figures/load.ts';
import { locks } from './figures/locks.ts';
import { overTime } from './figures/over-time.ts';
import { ratios } from './figures/ratios.ts';
import { notes, reproduce } from './figures/reproduce.ts';
import { retries } from './figures/retries.ts';
import { rounds } from './figures/rounds.ts';
import { runs } from './figures/runs.ts';
import { spectrum } from './figures/spectrum.ts';
import { groups, requests, steps, tags, targets } from './figures/tables.ts';
import { times } from './figures/times.ts';
import { contents } from './first/contents.ts';
import { key } from './first/key.ts';
import { modesInOneTable } from './first/modes.ts';
import { opening } from './first/opening.ts';
import { section, type Figure } from './markup/figure.ts';
import { markup } from './markup/markup.ts';
import { pageOf } from './page.ts';
import { payload } from './payload.ts';

/**
 * `report.html`: the whole run in one page, complete without script and style sheet, so that it can be read wherever it is
 * opened. It loads nothing.
 *
 * @cost about 10 ms of CPU time for four modes, once warm
 */
export const html = (result: Result): readonly [File] => {
  const series = seriesOf(result);
  const places = certificatePlaces(result);
  const figures = figuresOf(result, places);
  const body = markup`${opening(result)}
${modesInOneTable(result, series, places)}${key(result)}
${contents(figures, series)}
${figures.map(section)}
${payload(result)}`;
  return [{ name: 'report.html', text: pageOf({ title: `${result.scenario.name}: contend`, body }) }];
};

/** Every figure that has something to show, the decisive one first. */
const figuresOf = (result: Result, places: ReadonlyMap<string, string>): readonly Figure[] => {
  const series = seriesOf(result);
  const readings = readingsOf(series);
  return [
    gates(result),
    ratios(result, series),
    rounds(result, series),
    times(readings),
    spectrum(result, readings),
    anatomy(result, series),
    locks(result, series),
    retries(result, series),
    data(result, series, places),
    certificates(result),
    overTime(result, series),
    load(result, series),
    stages(result, series),
    requests(result, series),
    failures(result, series),
    generator(result),
    result.baseline === undefined ? undefined : runs(result.baseline, 'Against the baseline'),
    agents(result),
    targets(result, series),
    steps(result, series),
    groups(result, series),
    tags(result, series),
    notes(result),
    reproduce(result),
  ].filter((figure) => figure !== undefined);
};
