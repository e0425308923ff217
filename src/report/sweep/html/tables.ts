import type { CrossingResult, SweepResult } from '../../../core/result/sweep.ts';
import { exact, nothing } from '../../format.ts';
import type { Figure } from '../../html/markup/figure.ts';
import { markup, said } from '../../html/markup/markup.ts';
import { names, table } from '../../html/markup/table.ts';
import { gateTable, scalingTable } from '../tables.ts';
import { sweepNotes } from '../notes.ts';
import { besideText } from './first.ts';
import { valuesText } from './modes.ts';
import { textTable } from './text-table.ts';

/** All pairs of modes: which one is ahead, and where. */
export const crossings = ({ crossings: all }: SweepResult): Figure | undefined => {
  if (all.length === 0) return undefined;
  const right = (heading: string, cell: (one: CrossingResult) => string) =>
    ({ heading, align: 'right', cell }) as const;
  return {
    id: 'crossings',
    title: 'Where they cross',
    question: 'Where does one overtake the other?',
    answer: 'A difference is told only where it is shown.',
    body: table<CrossingResult>(
      all,
      [
        names('mode', ({ mode }) => said(mode, 30)),
        { heading: 'beside', align: 'left', cell: ({ control }) => said(control, 30) },
        { heading: 'by', align: 'left', cell: ({ metric }) => metric },
        { heading: 'it is', align: 'left', cell: (one) => besideText(one) },
        right('bracket', ({ brackets }) =>
          brackets.length === 0
            ? nothing
            : brackets.map(({ below, above }) => `${exact(below)} to ${exact(above)}`).join(', '),
        ),
        right('no difference at', ({ ties }) => (ties.length === 0 ? nothing : valuesText(ties))),
        right('level at about', ({ about }) => (about === null ? nothing : exact(about))),
      ],
      { label: 'All pairs of modes' },
    ),
    reading: ['“About” is for the eye: the zero of a line through the bracket, which has no interval.'],
  };
};

/** How each mode scales: its peak, and what the law says if it fits. */
export const growth = (result: SweepResult): Figure | undefined =>
  result.scaling.length === 0
    ? undefined
    : {
        id: 'growth',
        title: 'How they grow',
        question: 'Where does each peak, and what holds it back?',
        answer: growthAnswer(result),
        body: textTable(scalingTable(result)),
        reading: [
          'Contention σ is the share of the work that goes one after the other; coherency κ is what each pair costs, and makes throughput fall. Both, and the peak that follows from them, are shown only where the law fits the measurements. In parentheses: 95 % intervals.',
        ],
      };

const growthAnswer = ({ scaling }: SweepResult): string => {
  const fits = scaling.filter(({ law }) => law.verdict === 'fits' || law.verdict === 'rough').length;
  const falls = scaling.filter(({ peak }) => peak.falls).length;
  return `A fall is shown for ${falls} of ${scaling.length}, and the scalability law fits ${fits}.`;
};

/** Where the gates of the file hold. */
export const gatesAtPoints = (result: SweepResult): Figure | undefined => {
  const found = gateTable(result);
  return (found.columns[0]?.cells.length ?? 0) === 0
    ? undefined
    : {
        id: 'gates-at-points',
        title: 'Gates at the points',
        question: 'Where does each gate hold?',
        answer: 'Facts of the points, in no exit code.',
        body: textTable(found),
      };
};

/** What a reader must know to read it correctly: what was cut, what was left out and why. */
export const notes = (result: SweepResult): Figure | undefined => {
  const all = sweepNotes(result);
  return all.length === 0
    ? undefined
    : {
        id: 'notes',
        title: 'How to read it',
        question: 'What do I need to know to read this?',
        answer: undefined,
        body: markup`<ul>${all.slice(0, 60).map((one) => markup`<li>${said(one, 1000)}</li>`)}</ul>`,
      };
};
