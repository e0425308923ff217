import type { History } from '../../../../core/history/history.ts';
import { ok } from '../../../../core/history/history.ts';
import type { Contradiction } from '../engine.ts';
import { sortedBy } from '../columns/sorted.ts';
import { finalRow } from './steps.ts';
import type { Misfit, UnitVerdict } from './steps.ts';
import { letter, plural } from '../phrase.ts';

/** How counts of steps are told as the numbers that were seen. */
export interface UnitWords {
  readonly levelOf: (count: number) => number;
  readonly steps: Uint32Array;
  /** Rows that saw a count because they were refused. */
  readonly refusals: ReadonlySet<number>;
  /** Rows that saw a number which no number of steps leads to. */
  readonly strange: readonly number[];
  readonly step: number;
}

/** What cannot be, as contradictions: the worst first. */
export const toContradictions = (history: History, verdict: UnitVerdict, words: UnitWords): readonly Contradiction[] =>
  [
    ...beyondCap(history, verdict, words),
    ...toldTwice(verdict),
    ...strangeOnes(words),
    ...tooHigh(verdict.tooHigh, words),
    ...tooLow(verdict.tooLow, words),
    ...backwards(verdict, words),
  ].toSorted((a, b) => b.atLeast - a.atLeast);

const beyondCap = (history: History, { beyondCap }: UnitVerdict, { steps, levelOf }: UnitWords): Contradiction[] => {
  if (beyondCap === 0) return [];
  const last = sortedBy(
    steps.filter((row) => history.status[row] === ok),
    history.ret,
  );
  const pieces = Math.abs(levelOf(beyondCap) - levelOf(0));
  return [
    {
      rule: 'oversold',
      evidence: 'clock-free',
      operations: [...last.subarray(-Math.min(5, Math.max(2, beyondCap)))],
      because:
        last.length < Math.abs(levelOf(0) / (levelOf(1) - levelOf(0))) + 1
          ? [`There were ${levelOf(0)}, and what was seen or told takes ${pieces} more: it fell below 0.`]
          : [
              `There were ${levelOf(0)}, and ${plural(last.length, 'take')} of ${Math.abs(levelOf(1) - levelOf(0))} were acknowledged.`,
              `${pieces} more than there were: these takes were the last to be acknowledged.`,
            ],
      atLeast: pieces,
      atMost: pieces,
    },
  ];
};

const toldTwice = ({ twice }: UnitVerdict): Contradiction[] =>
  twice === undefined
    ? []
    : [
        {
          rule: 'told-twice',
          evidence: 'clock-free',
          operations: twice.rows,
          because: ['A and B were told the same result, though each changed it.'],
          atLeast: twice.extra,
          atMost: null,
        },
      ];

const strangeOnes = ({ strange, step, levelOf }: UnitWords): Contradiction[] =>
  strange.length === 0
    ? []
    : [
        {
          rule: 'impossible-value',
          evidence: 'clock-free',
          operations: strange.slice(0, 1),
          because: [`No number of changes by ${step} leads from ${levelOf(0)} to what A saw.`],
          atLeast: strange.length,
          atMost: strange.length,
        },
      ];

const tooHigh = (misfit: Misfit | undefined, { levelOf, refusals }: UnitWords): Contradiction[] => {
  if (misfit === undefined) return [];
  const { row, count, bound, why, rows } = misfit;
  const isRefusal = refusals.has(row);
  return [
    {
      rule: isRefusal ? 'false-sold-out' : 'read-ahead',
      evidence: 'same-host',
      operations: seenRows(row, why.sample),
      because: [
        isRefusal
          ? `A was refused, though at least ${levelOf(bound)} were left.`
          : `${nameOf(row)} saw ${levelOf(count)}, which takes ${plural(count, 'change')} from ${levelOf(0)}.`,
        `Only ${plural(bound, 'change')} had begun when ${row === finalRow ? 'it was read' : 'A ended'}${bound > why.sample.length ? ', of which some are shown' : ''}.`,
      ],
      atLeast: 1,
      atMost: rows,
    },
  ];
};

const tooLow = (misfit: Misfit | undefined, { levelOf }: UnitWords): Contradiction[] => {
  if (misfit === undefined) return [];
  const { row, count, bound, why, rows } = misfit;
  const operations = seenRows(row, why.row === undefined ? why.sample : [why.row, ...why.sample]);
  const since = why.row === undefined ? `from ${levelOf(0)} on` : `after ${letter(row === finalRow ? 0 : 1)} had ended`;
  return [
    {
      rule: 'stale-read',
      evidence: 'same-host',
      operations,
      because: [
        ...(why.row === undefined ? [] : [`${letter(row === finalRow ? 0 : 1)} saw ${levelOf(why.count)}.`]),
        `${plural(why.steps, 'change')} that began ${since} had ended when ${row === finalRow ? 'the final value was read' : 'A began'}${why.steps > why.sample.length ? ' (some are shown)' : ''}: it was ${levelOf(bound)} or further.`,
        `${nameOf(row)} saw ${levelOf(count)}: changes that were acknowledged before are missing.`,
      ],
      atLeast: 1,
      atMost: rows,
    },
  ];
};

const backwards = ({ backwards }: UnitVerdict, { refusals }: UnitWords): Contradiction[] => {
  if (backwards === undefined) return [];
  const { earlier, later, rows } = backwards;
  const isFinal = later === finalRow;
  return [
    {
      rule: refusals.has(earlier) ? 'false-sold-out' : 'went-backwards',
      evidence: 'same-host',
      operations: isFinal ? [earlier] : [earlier, later],
      because: [
        `A had ended when ${isFinal ? 'the final value was read' : 'B began'}.`,
        `What ${isFinal ? 'the final read' : 'B'} saw comes before what A saw, though changes only go one way.`,
      ],
      atLeast: 1,
      atMost: rows,
    },
  ];
};

const nameOf = (row: number): string => (row === finalRow ? 'The final read' : 'A');

const seenRows = (row: number, others: readonly number[]): readonly number[] =>
  (row === finalRow ? others : [row, ...others]).slice(0, 5);
