import type { ModeResult, Result, TimesResult } from '../../../core/result/result.ts';
import { percentiles, samplesToShow, type PercentileName } from '../../../core/metric.ts';
import { paceOf, withoutMode } from '../../sections/address.ts';
import { unusualTransport, usersOf } from '../../sections/facts.ts';
import { took } from '../../sections/first/title.ts';
import { openingOf } from '../../sections/headline.ts';
import { isBound, percentile } from '../../sections/percentile.ts';
import { warningsOf } from '../../sections/warnings.ts';
import { count, duration, many, nothing } from '../../format.ts';
import { cut, plain, widthOf } from '../../plain.ts';
import { responseTimes } from '../chart.ts';
import { verdictTexts } from '../heading.ts';
import { hanging, span, type Line } from '../layout/line.ts';
import { tables, type Column } from '../layout/table.ts';
import { stages } from '../stages.ts';
import type { Shown } from '../style.ts';
import { failed } from './failed.ts';
import { gates } from './gates.ts';
import { statuses } from './requests.ts';

/**
 * The report of an address, as users know it from other tools: requests, bytes, percentiles, connect, histogram and statuses; no
 * modes, no locks.
 */
export const address = (result: Result, mode: ModeResult, { width, folder }: Shown): readonly (readonly Line[])[] => [
  [title(result, mode, width)],
  verdict(result, mode, width),
  ...percentileTable(mode, width),
  ...stages(result, width),
  gates(result, width),
  responseTimes({ ...result, modes: [{ ...mode, name: '' }] }, width),
  statuses(mode.requests, width),
  failed({ ...result, modes: [{ ...mode, name: '' }] }, width),
  notes(result, mode, width),
  folder === undefined ? [] : hanging([], `result.json and the other files are in ${folder}.`, width, 'quiet'),
];

const title = ({ scenario, tookUs }: Result, mode: ModeResult, width: number): Line => {
  const [method = ''] = /^[A-Z]+ /u.exec(scenario.name) ?? [];
  const facts = [usersOf(mode), ...unusualTransport(mode), ...(tookUs === undefined ? [] : [took(tookUs)])]
    .map((fact) => `   ${plain(fact, 30)}`)
    .join('');
  return [
    span(cut(plain(`${method}${scenario.file}`, 200), Math.max(12, width - widthOf(facts))), 'strong'),
    span(facts),
  ];
};

const verdict = (result: Result, mode: ModeResult, width: number): Line[] => {
  const { word, reasons, hint } = openingOf(result);
  const pace = mode.requests.total === 0 ? [] : [`${paceOf(mode)}.`];
  const told = reasons.map((reason) => withoutMode(reason, mode));
  const isGood = word === 'PASS' || word === 'DONE';
  const texts = isGood ? [...pace, ...told] : [...told, ...(hint === '' ? [] : [hint]), ...pace];
  return verdictTexts(word, texts, width);
};

const shown = ['p50', 'p90', 'p95', 'p99', 'p999'] as const satisfies readonly PercentileName[];

const percentileTable = (mode: ModeResult, width: number): Line[][] => {
  const { responseTimeUs, connectUs } = mode;
  if (responseTimeUs.count === 0) return [];
  const of = (times: TimesResult, name: PercentileName): string =>
    times.count < samplesToShow(name) ? nothing : duration(times[name]);
  const mean = (times: TimesResult): string => (times.count === 0 ? nothing : duration(times.mean));
  const max = (times: TimesResult): string => (times.count === 0 ? nothing : duration(times.max));
  const isBounded = hasBound(mode);
  const column = (heading: string, response: string, measured: string, connect: string): Column => ({
    heading,
    align: 'right',
    cells: [response, ...(isBounded ? [measured] : []), connect].map((text) => span(text)),
  });
  const rows = ['response', ...(isBounded ? ['measured'] : []), 'connect'];
  return tables(
    { heading: '', align: 'left', cells: rows.map((row) => span(row)) },
    [
      column('mean', isBounded ? nothing : mean(responseTimeUs), mean(responseTimeUs), mean(connectUs)),
      ...shown.map((name) =>
        column(`p${percentiles[name]}`, percentile(mode, name), of(responseTimeUs, name), of(connectUs, name)),
      ),
      column('max', isBounded ? nothing : max(responseTimeUs), max(responseTimeUs), max(connectUs)),
    ],
    width,
  );
};

/** Whether failures may hide a percentile, so that the percentiles of the other requests are of interest. */
const hasBound = (mode: ModeResult): boolean => shown.some((name) => isBound(mode, name));

const notes = (result: Result, mode: ModeResult, width: number): Line[] => {
  const isSilent = mode.iterations.completed === 0;
  const lacking = isSilent ? [] : shown.filter((name) => mode.responseTimeUs.count < samplesToShow(name));
  const needs = lacking.map((name) => `p${percentiles[name]} takes ${count(samplesToShow(name))}`);
  const warned = [...new Set(warningsOf(result).map(({ code }) => code))];
  const texts = [
    ...(needs.length === 0 ? [] : [`–: ${needs.join(', ')} requests.`]),
    ...(hasBound(mode)
      ? ['> x: so many failed that it may lie above every measured time; measured: only the others.']
      : []),
    ...(warned.length === 0 ? [] : [`${many(warned.length, 'warning')}: ${warned.join(', ')}: --details says more.`]),
  ];
  return texts.flatMap((text) => hanging([], text, width, 'quiet'));
};
