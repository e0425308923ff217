import type { File } from '../core/file.ts';
import { isHidden, percentiles, tagMark, type PercentileName } from '../core/metric.ts';
import type { ModeResult, Result, SlotResult, SlotTimes } from '../core/result/result.ts';

/**
 * `slots.csv` (RFC 4180): a row for every mode, round and metric, so that any tool can read and pivot it.
 *
 * Rounds count from 1 and positions from 0, as in the result document; times are in µs, bytes in B, `errors` is a share. A
 * percentile that failures may hide has a row without a value. The last column is the number of samples behind a value.
 */
export const csv = ({ modes }: Result): readonly [File] => [
  { name: 'slots.csv', text: csvOf([slotColumns, ...modes.flatMap(slotRowsOf)]) },
];

type Cell = string | number | undefined;
type Row = readonly Cell[];

/** Rows as CSV; an undefined cell is empty, and no text is taken for a formula by a spreadsheet. */
export const csvOf = (rows: readonly Row[]): string => rows.map(lineOf).join('');

/** The headings of a slot's rows. */
export const slotColumns = ['mode', 'round', 'position', 'metric', 'step', 'value', 'unit', 'samples'] as const;

/** The rows of a mode: every slot and metric. */
export const slotRowsOf = ({ name, slots }: ModeResult): readonly Row[] =>
  slots.flatMap((slot) => metricsOf(slot).map((row) => [name, slot.round, slot.position, ...row]));

/** Metric, step, value, unit, samples. */
const metricsOf = ({
  throughputPerSecond,
  errors,
  response,
  service,
  steps,
  groups = {},
  tags = {},
  requests,
  sentAgain,
  targetCpuUs,
  targetMemoryBytes,
}: SlotResult): readonly Row[] => [
  ['throughput', undefined, throughputPerSecond, '/s', undefined],
  ['errors', undefined, errors, 'share', undefined],
  ...requestsOf(requests),
  ...(sentAgain === undefined ? [] : [['requests.again', undefined, sentAgain, 'count', undefined] as const]),
  ...(typeof targetCpuUs !== 'number' ? [] : [['target.cpu', undefined, targetCpuUs, 'µs', undefined] as const]),
  ...(typeof targetMemoryBytes !== 'number'
    ? []
    : [['target.memory', undefined, targetMemoryBytes, 'B', undefined] as const]),
  ...percentilesOf('', undefined, response),
  ...percentilesOf('service.', undefined, service),
  ...Object.entries(steps).flatMap(([step, times]) => percentilesOf('service.', step, times)),
  ...Object.entries(groups).flatMap(([group, times]) => percentilesOf('', group, times)),
  ...Object.entries(tags).flatMap(([tag, times]) => percentilesOf('service.', `${tagMark}${tag}`, times)),
];

/** The number of requests, by status and failure, and the bytes received. */
const requestsOf = (requests: SlotResult['requests']): readonly Row[] =>
  requests === undefined
    ? []
    : [
        ['requests', undefined, requests.total, 'count', undefined],
        ...Object.entries({ ...requests.byStatus, ...requests.byError }).map(([outcome, count]): Row => [
          `requests.${outcome}`,
          undefined,
          count,
          'count',
          undefined,
        ]),
        ...(requests.bytes === undefined ? [] : [['received', undefined, requests.bytes, 'B', undefined]]),
      ];

const percentileNames = Object.keys(percentiles) as PercentileName[];

const percentilesOf = (prefix: string, step: string | undefined, times: SlotTimes): readonly Row[] =>
  times.count === 0
    ? []
    : percentileNames.map((name) => [
        `${prefix}p${percentiles[name]}`,
        step,
        isHidden(name, times.count, times.missing) ? undefined : times[name],
        'µs',
        times.count,
      ]);

const lineOf = (row: Row): string => `${row.map(cellOf).join(',')}\r\n`;

const cellOf = (cell: Cell): string => {
  if (cell === undefined) return '';
  return typeof cell === 'number' ? String(cell) : quoted(inert(cell));
};

/** A spreadsheet takes text that begins like this for a formula, and shows it as text if it begins with a quote (OWASP, CSV Injection). */
const inert = (text: string): string => (/^[=+\-@\t\r\n]/u.test(text) ? `'${text}` : text);

const quoted = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
