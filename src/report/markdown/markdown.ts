import { Buffer } from 'node:buffer';
import type { File } from '../../core/file.ts';
import { isOpen } from '../../core/result/open-load.ts';
import type { GateResult, ModeResult, Result } from '../../core/result/result.ts';
import * as cells from '../sections/cells.ts';
import { interval } from '../sections/compared.ts';
import { commonFacts, differ, transportOf } from '../sections/facts.ts';
import { bounds, count, exact, many, nothing, perSecond } from '../format.ts';
import { hasLocks, lapsesOf } from '../sections/locks.ts';
import { notesOf } from '../sections/notes.ts';
import { agents } from './agents.ts';
import { anatomy } from './anatomy.ts';
import { compared } from './compared.ts';
import { certificates } from './certificates.ts';
import { checks } from './checks.ts';
import { groups } from './groups.ts';
import { tags } from './tags.ts';
import { locks } from './locks.ts';
import { requests } from './requests.ts';
import { retries } from './retries.ts';
import { runs } from './runs.ts';
import { stages } from './stages.ts';
import { targets } from './targets.ts';
import { safe, table, type Column } from './table.ts';
import { percentile } from '../sections/percentile.ts';
import { openingOf, sentencesOf } from '../sections/headline.ts';
import { plain } from '../plain.ts';
import { warningsOf } from '../sections/warnings.ts';

/** `summary.md`: the outcome, the gates, the modes side by side, what was lost and what went wrong; at most 64 KB. */
export const markdown = (result: Result): readonly [File] => [{ name: 'summary.md', text: fit(linesOf(result)) }];

const linesOf = (result: Result): readonly string[] => {
  const opening = openingOf(result);
  const parts = [
    [`# ${safe(result.scenario.name, 100)}`],
    [[`**${opening.word}**`, ...sentencesOf(opening).map((sentence) => safe(sentence, 2000))].join(' ')],
    lastWords(result),
    [facts(result)],
    section('Gates', gates(result)),
    section('Modes', modes(result)),
    section(`Compared with ${safe(result.scenario.control, 60)}`, compared(result)),
    section('Against the baseline', result.baseline === undefined ? [] : runs(result.baseline)),
    section('Load', loads(result)),
    section('Stages', stages(result)),
    section('Requests', requests(result)),
    section('Where the time went', anatomy(result)),
    section('Groups', groups(result)),
    section('Tags', tags(result)),
    section('Locks', locks(result)),
    section('Retries', retries(result)),
    section('Agents', agents(result)),
    section('Targets', targets(result)),
    section('Data', data(result)),
    section('How the data was judged', checks(result)),
    section('First wrong values', firstWrong(result)),
    section('Certificates', certificates(result)),
    section('Failures', failures(result)),
    section('Warnings', warnings(result)),
    section(
      'Notes',
      notesOf(result).map((note) => `- ${safe(note)}`),
    ),
  ];
  return parts.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
};

/** The output of the program that made the run invalid, as an indented code block, which no line can end. */
const lastWords = ({ invalid }: Result): readonly string[] =>
  (invalid?.output ?? []).map((line) => `    ${plain(line, 500)}`);

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`## ${title}`, '', ...lines];

const facts = (result: Result): string => {
  const { scenario, modes, tool, machine, startedAt } = result;
  return safe(
    [
      `${many(modes.length, 'mode')} × ${many(scenario.rounds, 'round')}`,
      ...commonFacts(result),
      `seed ${scenario.seed}`,
      startedAt,
      `${tool.name} ${tool.version}`,
      `Node ${machine.node} on ${many(machine.cores, 'core')} of ${machine.cpu}`,
    ].join(', '),
  );
};

const gates = (result: Result): readonly string[] =>
  table(result.gates, [
    ['gate', 'left', ({ text }) => safe(text)],
    ['verdict', 'left', ({ verdict }) => (verdict === 'pass' ? 'pass' : `**${safe(verdict, 20)}**`)],
    ['actual', 'right', ({ actual, unit }) => cells.quantity(actual, unit)],
    ...(result.gates.some(({ interval }) => interval !== null) ? [intervalOfGate] : []),
    ['limit', 'right', ({ limit, unit }) => cells.quantity(limit, unit)],
    ['samples', 'right', ({ samples }) => count(samples)],
    ['because', 'left', ({ because }) => safe(because)],
  ]);

const intervalOfGate: Column<GateResult> = [
  'interval',
  'right',
  ({ interval: of }) => interval(of?.[0] ?? null, of?.[1] ?? null),
];

const nameOf = ({ name, differentWorkload }: ModeResult): string =>
  safe(name, 60) + (differentWorkload ? String.raw`\*` : '');

const modes = (result: Result): readonly string[] => {
  const compared = cells.comparedBy(result);
  const response = (['p50', 'p90', 'p95', 'p99', 'p999'] as const).map((name): Column<ModeResult> => [
    name.replace('p999', 'p99.9'),
    'right',
    (mode) => safe(percentile(mode, name)),
  ]);
  return table<ModeResult>(result.modes, [
    ['mode', 'left', nameOf],
    ['lock', 'left', ({ lock }) => safe(lock, 40)],
    ['iter/s', 'right', ({ throughputPerSecond }) => perSecond(throughputPerSecond)],
    ...(compared === 'throughput' ? [versusControl(result, 'vs')] : []),
    ...response,
    ...(compared === 'p99' ? [versusControl(result, 'p99 vs')] : []),
    ['max', 'right', ({ responseTimeUs }) => cells.largest(responseTimeUs)],
    ...(hasLocks(result) ? [] : [lockWait]),
    ['service', 'right', ({ serviceTimeUs }) => cells.median(serviceTimeUs)],
    ['failed', 'right', (mode) => withShare(count(mode.iterations.failed), cells.failedShare(mode))],
    ...(result.modes.some((mode) => mode.lost !== null) ? [lostUpdates] : []),
  ]);
};

const lockWait: Column<ModeResult> = ['lock wait', 'right', ({ lockWaitUs }) => cells.median(lockWaitUs)];

/** How the load was generated, if there is more to say than the number of users. */
const loads = ({ modes }: Result): readonly string[] => {
  const isMixed = (['users', 'workers', 'transport'] as const).some((field) => differ(modes, field));
  if (!isMixed && !modes.some(isOpen)) return [];
  const open = (heading: string, cell: (mode: ModeResult) => string): Column<ModeResult> => [
    heading,
    'right',
    (mode) => (isOpen(mode) ? safe(cell(mode)) : nothing),
  ];
  return table<ModeResult>(modes, [
    ['mode', 'left', nameOf],
    ['users', 'right', ({ users }) => count(users)],
    open('offered', cells.offeredRate),
    open('achieved', ({ throughputPerSecond }) => `${perSecond(throughputPerSecond)}/s`),
    open('dropped', (mode) => withShare(count(mode.iterations.dropped), cells.droppedShare(mode))),
    open('queue wait p50', ({ queueWaitUs }) => cells.timeAt(queueWaitUs, 'p50')),
    open('queue wait p99', ({ queueWaitUs }) => cells.timeAt(queueWaitUs, 'p99')),
    open('send lag p50', ({ sendLagUs }) => cells.timeAt(sendLagUs, 'p50')),
    open('send lag p99', ({ sendLagUs }) => cells.timeAt(sendLagUs, 'p99')),
    open('arrival', ({ offered }) => offered?.arrival ?? ''),
    open('pacing', ({ offered }) => offered?.pacing ?? ''),
    ['workers', 'right', ({ workers }) => count(workers)],
    ['transport', 'left', (mode) => safe(transportOf(mode), 40)],
  ]);
};

const lostUpdates: Column<ModeResult> = [
  'lost updates',
  'right',
  (mode) => withShare(cells.lostCount(mode), cells.lostShare(mode)),
];

const versusControl = (result: Result, word: string): Column<ModeResult> => [
  `${word} ${safe(result.scenario.control, 30)}`,
  'right',
  (mode) => cells.versusControl(result, mode),
];

const withShare = (number: string, share: string): string => safe(share === '' ? number : `${number} (${share})`);

const data = ({ modes }: Result): readonly string[] =>
  table(
    modes.flatMap((mode) => {
      const said = cells.consistencyOf(mode);
      const lapses = lapsesOf(mode).map(({ isAllowed, because }) => ({
        mode,
        is: isAllowed ? ('allowed' as const) : ('fail' as const),
        because,
      }));
      return [...(said === undefined ? [] : [{ mode, ...said }]), ...lapses];
    }),
    [
      ['mode', 'left', ({ mode }) => nameOf(mode)],
      ['verdict', 'left', (row) => verdicts[row.is]],
      ['because', 'left', ({ because }) => safe(because)],
    ],
  );

const verdicts = {
  pass: 'right',
  fail: '**violated**',
  undecided: '**undecided**',
  allowed: 'violated (allowed)',
} as const;

/** Nobody reads more rows. */
const mostWrong = 20;

const firstWrong = ({ modes }: Result): readonly string[] => {
  const forbidden = modes.filter(({ violations }) => violations === 'forbidden');
  const all = forbidden.flatMap((mode) =>
    (mode.consistency?.findings ?? []).filter(cells.isOfSum).map((finding) => ({ mode, finding })),
  );
  const column = (heading: string, cell: (finding: cells.SumFinding) => string): Column<(typeof all)[number]> => [
    heading,
    'right',
    ({ finding }) => safe(cell(finding)),
  ];
  const rest = all.length - mostWrong;
  return [
    ...table(all.slice(0, mostWrong), [
      ['mode', 'left', ({ mode }) => nameOf(mode)],
      column('key', ({ key }) => plain(key, 60)),
      column('round', ({ round }) => count(round)),
      column('start', ({ before }) => exact(before)),
      column('expected', ({ expected: [least, most] }) => bounds(least, most)),
      column('end', ({ after }) => exact(after)),
      column('what', cells.effectOf),
    ]),
    ...(rest > 0 ? ['', `${count(rest)} more in result.json.`] : []),
  ];
};

const failures = ({ modes }: Result): readonly string[] =>
  table(
    modes.flatMap((mode) => cells.troublesOf(mode).map((trouble) => ({ mode, trouble }))),
    [
      ['mode', 'left', ({ mode }) => nameOf(mode)],
      ['class', 'left', ({ trouble }) => safe(trouble.class, 40)],
      ['count', 'right', ({ trouble }) => count(trouble.count)],
      [
        'the first',
        'left',
        ({ trouble }) =>
          trouble.text === ''
            ? nothing
            : [trouble.text, ...trouble.answers.slice(0, 1)].map((text) => safe(text)).join('<br>'),
      ],
    ],
  );

const warnings = (result: Result): readonly string[] =>
  warningsOf(result).map(({ code, message, hint }) =>
    `- **${safe(code, 40)}** ${safe(message)} ${safe(hint)}`.trimEnd(),
  );

const mostBytes = 65_536;
const cutNote = '\n_Cut here: the rest is in result.json._\n';

/** The lines as text: as many whole lines as fit into 64 KB. */
const fit = (lines: readonly string[]): string => {
  const text = `${lines.join('\n')}\n`;
  if (Buffer.byteLength(text) <= mostBytes) return text;
  let left = mostBytes - Buffer.byteLength(cutNote);
  const kept = lines.filter((line) => (left -= Buffer.byteLength(line) + 1) >= 0);
  return `${kept.join('\n')}\n${cutNote}`;
};
