import type { ModeResult, Result } from '../../../core/result/result.ts';
import { groupColumns, groupsIn, type GroupLine } from '../../sections/groups.ts';
import { tagColumns, tagsIn, type TagLine } from '../../sections/tags.ts';
import { requestColumns } from '../../sections/requests.ts';
import {
  startedIn,
  targetColumns,
  targetsIn,
  cpuDrawn,
  cpuSentences,
  type TargetLine,
} from '../../sections/targets.ts';
import { median, timeAt } from '../../sections/cells.ts';
import { count, many } from '../../format.ts';
import type { Series } from '../draw/series.ts';
import { linearScale } from '../draw/scale.ts';
import { rect, svg } from '../draw/svg.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Part } from '../markup/markup.ts';
import { columnOf, names, table, type Column } from '../markup/table.ts';

const nameIn =
  (series: readonly Series[]) =>
  (mode: ModeResult): Part =>
    said(series.find((one) => one.mode === mode)?.name ?? mode.name, 30);

/** What each target used, if contend started it. */
export const targets = (result: Result, series: readonly Series[]): Figure | undefined => {
  const rows = targetsIn(result);
  const started = startedIn(result);
  if (rows.length === 0 && started.length === 0) return undefined;
  const sentences = cpuSentences(result, 'all');
  const cpuOf = ({ mode }: TargetLine): number => cpuDrawn(mode);
  const scale = linearScale(Math.max(1, ...rows.map(cpuOf)), { from: 1, to: 199 });
  const bar: Column<TargetLine> = {
    heading: 'CPU, from 0',
    align: 'left',
    cell: (row) =>
      cpuOf(row) === 0
        ? undefined
        : svg(
            { width: 200, height: 18, kind: 'cell', label: 'CPU time beside that of the others' },
            rect(1, 4, scale.of(cpuOf(row)) - 1, 11, { fill: 'currentColor', opacity: 0.7 }),
          ),
  };
  return {
    id: 'targets',
    title: 'The target',
    question: 'What does it cost the server?',
    answer: sentences.length === 0 ? undefined : said(sentences.join(' '), 600),
    body: [
      table(
        rows,
        [
          names('mode', ({ mode }) => nameIn(series)(mode)),
          bar,
          ...targetColumns(rows).map((column) => columnOf(column)),
        ],
        { label: 'What targets used' },
      ),
      started.length === 0 ? undefined : markup`<ul>${started.map((one) => markup`<li>${said(one, 600)}</li>`)}</ul>`,
    ],
  };
};

/** The number of requests, by status. */
export const requests = (result: Result, series: readonly Series[]): Figure | undefined => {
  const total = result.modes.reduce((sum, mode) => sum + mode.requests.total, 0);
  if (total === 0) return undefined;
  return {
    id: 'requests',
    title: 'Requests',
    question: 'What was sent, and what came back?',
    answer: `${many(total, 'request')} in all.`,
    body: table(
      result.modes,
      [names('mode', nameIn(series)), ...requestColumns(result).map((column) => columnOf(column))],
      { label: 'Requests' },
    ),
  };
};

interface StepLine {
  readonly mode: ModeResult;
  readonly step: ModeResult['steps'][number];
}

/** Every step of every mode, if there are several. */
export const steps = ({ modes }: Result, series: readonly Series[]): Figure | undefined => {
  if (modes.every((mode) => mode.steps.length < 2)) return undefined;
  const rows = modes.flatMap((mode) => mode.steps.map((step): StepLine => ({ mode, step })));
  const [slowest] = rows.toSorted((a, b) => b.step.serviceTimeUs.p50 - a.step.serviceTimeUs.p50);
  return {
    id: 'steps',
    title: 'Steps',
    question: 'Which request is the slow one?',
    answer:
      slowest === undefined
        ? undefined
        : markup`${said(slowest.step.name, 40)} of ${said(slowest.mode.name, 24)}, with a median of ${median(slowest.step.serviceTimeUs)}.`,
    body: table<StepLine>(
      rows.slice(0, 60),
      [
        names('mode', ({ mode }) => nameIn(series)(mode)),
        {
          heading: 'step',
          align: 'left',
          cell: ({ step }) => said(step.method === undefined ? step.name : `${step.method} ${step.name}`, 60),
        },
        { heading: 'requests', align: 'right', cell: ({ step }) => count(step.requests) },
        { heading: 'service p50', align: 'right', cell: ({ step }) => median(step.serviceTimeUs) },
        { heading: 'service p99', align: 'right', cell: ({ step }) => timeAt(step.serviceTimeUs, 'p99') },
      ],
      { label: 'Steps' },
    ),
  };
};

/** Every named group of steps. */
export const groups = (result: Result, series: readonly Series[]): Figure | undefined => {
  const rows = groupsIn(result);
  if (rows.length === 0) return undefined;
  return {
    id: 'groups',
    title: 'Groups',
    question: 'How long do several steps take together?',
    answer: undefined,
    body: table<GroupLine>(
      rows.slice(0, 60),
      [
        names('mode', ({ mode }) => nameIn(series)(mode)),
        { heading: 'group', align: 'left', cell: ({ group }) => said(group.name, 60) },
        ...groupColumns.map((column) => columnOf(column)),
      ],
      { label: 'Groups' },
    ),
  };
};

/** Every tag, and the requests with it. */
export const tags = (result: Result, series: readonly Series[]): Figure | undefined => {
  const rows = tagsIn(result);
  if (rows.length === 0) return undefined;
  return {
    id: 'tags',
    title: 'Tags',
    question: 'How long do requests of one kind take, whichever step sends them?',
    answer: undefined,
    body: table<TagLine>(
      rows.slice(0, 60),
      [
        names('mode', ({ mode }) => nameIn(series)(mode)),
        { heading: 'tag', align: 'left', cell: ({ tag }) => said(tag.name, 60) },
        ...tagColumns.map((column) => columnOf(column)),
      ],
      { label: 'Tags' },
    ),
  };
};
