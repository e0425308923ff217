import { percentiles, samplesToShow, type PercentileName } from '../../core/metric.ts';
import { isOpen } from '../../core/result/open-load.ts';
import type { ConsistencyResult, ModeResult, Result } from '../../core/result/result.ts';
import { anatomyOf, isTold, parts, type PartName } from './anatomy.ts';
import { reasonOf } from './cells.ts';
import { count, many } from '../format.ts';
import { isBound, isShown } from './percentile.ts';

/** What a reader must know to read the numbers correctly, in sentences. Names of modes come from outside and are not safe. */
export const notesOf = ({ modes }: Result): readonly string[] => [
  ...(modes.some(({ lock }) => lock !== 'none')
    ? ['A lock in the client proves nothing about writers that do not take it.']
    : []),
  ...(modes.some(isOpen)
    ? ['Open load: response times count from when an iteration was due, so the wait for a free user is included.']
    : []),
  ...anatomyNotes(modes),
  ...lockNotes(modes),
  ...wantOfSamples(modes),
  ...(anyBound(modes)
    ? ['> x: failed or dropped iterations fill the tail, so the percentile lies above every measured time.']
    : []),
  ...(modes.some(({ differentWorkload }) => differentWorkload)
    ? ['* a different workload: this mode has its own load or data, so its ratio compares more than the lock.']
    : []),
  ...unjudged(modes),
  ...modes.flatMap((mode) => [...resent(mode), ...clamps(mode)]),
];

const anatomyNotes = (modes: readonly ModeResult[]): string[] => {
  const lines = modes.flatMap(anatomyOf);
  const notes = parts.flatMap((part) => {
    const note = partNotes[part.name];
    return note !== undefined && lines.some(({ anatomy }) => isTold(part, anatomy)) ? [note] : [];
  });
  return notes.length === 0 ? [] : [`Where the time went: ${notes.join('; ')}.`];
};

const partNotes: { readonly [part in PartName]?: string } = {
  retries: 'retries are the attempts that ended in a conflict, with everything in them, and the pauses after them',
  rest: "rest is declared pauses and processing, and the generator's own work",
};

const lockNotes = (modes: readonly ModeResult[]): string[] =>
  modes.some(({ locks }) => locks.length > 0)
    ? [
        `Starvation: the longest wait ÷ the median.${modes.some(({ fairness, locks }) => locks.length > 0 && fairness !== null) ? " Fairness: Jain's index of completions per user, 1 where all have the same." : ''}`,
      ]
    : [];

const names = Object.keys(percentiles) as PercentileName[];

const wantOfSamples = (modes: readonly ModeResult[]): string[] => {
  const missing = names.filter((name) => modes.some((mode) => !isShown(mode, name)));
  const needs = missing.map((name, at) => {
    const label = `p${percentiles[name]}`;
    return at === 0
      ? `${label} needs ${many(samplesToShow(name), 'iteration')}`
      : `${label} ${count(samplesToShow(name))}`;
  });
  return needs.length === 0 ? [] : [`${needs.join(', ')}.`];
};

const anyBound = (modes: readonly ModeResult[]): boolean =>
  modes.some((mode) => names.some((name) => isBound(mode, name)));

/** Modes whose data could not be judged; those with the same reason are named together. */
const unjudged = (modes: readonly ModeResult[]): string[] => {
  const named = new Map<string, string[]>();
  for (const { name, consistency } of modes) {
    const said = doubtOf(consistency);
    if (said !== undefined) named.set(said, [...(named.get(said) ?? []), name]);
  }
  return [...named].map(([said, names]) => `${names.join(', ')}: ${said}.`);
};

const doubtOf = (consistency: ConsistencyResult | null): string | undefined => {
  switch (consistency?.verdict) {
    case 'not-exercised':
      return `not put to the test: ${reasonOf(consistency) ?? 'no two operations overlapped, so nothing could go wrong'}`;
    case 'unknown':
      return `whether the data is right is not known: ${reasonOf(consistency) ?? 'something could not be read'}`;
    default:
      return undefined;
  }
};

const resent = ({ name, requests }: ModeResult): string[] =>
  requests.resent === 0
    ? []
    : [`${name}: ${many(requests.resent, 'request')} sent again, because the target had closed the idle connection.`];

const clamps = (mode: ModeResult): string[] => {
  const all = [
    mode.responseTimeUs,
    mode.queueWaitUs,
    mode.sendLagUs,
    mode.serviceTimeUs,
    mode.connectUs,
    mode.lockWaitUs,
    mode.lockHoldUs,
  ];
  const clamped = all.reduce((total, times) => total + times.clamped, 0);
  const counted = `${many(clamped, 'time')} lay outside 0 … 1 h and count as the nearer of the two.`;
  return clamped === 0 ? [] : [`${mode.name}: ${counted}`];
};
