import type { History } from '../../../../core/history/history.ts';
import { ok } from '../../../../core/history/history.ts';
import type { Contradiction } from '../engine.ts';
import { sortedBy } from '../columns/sorted.ts';
import { finalRow } from './steps.ts';
import type { Misfit, UnitVerdict } from './steps.ts';
import { grouped, letter, plural } from '../phrase.ts';

/** How counts of steps translate into the numbers that were seen. */
export interface UnitWords {
  readonly levelOf: (count: number) => number;
  readonly steps: Uint32Array;
  /** Rows that know a bound of the count because they were refused. */
  readonly refusals: ReadonlySet<number>;
  /** Rows that saw a number that no number of steps leads to. */
  readonly strange: readonly number[];
  readonly step: number;
}

/** Everything that cannot be, as contradictions, the worst first. */
export const toContradictions = (
  history: History,
  verdict: UnitVerdict,
  words: UnitWords,
): readonly Contradiction[] => {
  const rest = [
    ...toldTwice(verdict),
    ...strangeOnes(words),
    ...tooFarApart(verdict, words),
    ...tooHigh(verdict.tooHigh, words),
    ...tooLow(verdict.tooLow, words),
    ...backwards(verdict, words),
  ];
  return [...beyondCap(history, verdict, words), ...rest.toSorted((a, b) => b.atLeast - a.atLeast)];
};

const beyondCap = (
  history: History,
  { beyondCap }: UnitVerdict,
  { steps, levelOf, refusals }: UnitWords,
): Contradiction[] => {
  if (beyondCap === undefined) return [];
  const { why, isClockFree } = beyondCap;
  const size = levelOf(0) - levelOf(1);
  const of = Math.max(0, levelOf(0));
  const granted = size * (Math.floor(of / size) + beyondCap.steps);
  const pieces = granted - of;
  const taken = sortedBy(
    steps.filter((row) => history.status[row] === ok),
    history.ret,
  );
  const last = [...taken.subarray(-Math.min(5, Math.max(2, beyondCap.steps)))];
  const seer = why.row === undefined || why.row === finalRow ? [] : [why.row];
  const sum = `${grouped(granted)} granted of ${grouped(of)}`;
  const seen = seer.map((row) =>
    refusals.has(row) ? 'A was refused, so that all had been taken.' : `A saw ${levelOf(why.count)}.`,
  );
  const because = !isClockFree
    ? [
        ...seen,
        `${plural(why.steps, 'take')} of ${size} that began ${seer.length === 0 ? 'since' : 'after A had ended'} were acknowledged${why.steps > why.sample.length ? ' (some are shown)' : ''}: ${sum}.`,
      ]
    : why.row === undefined
      ? [
          `There were ${grouped(of)}, and ${plural(taken.length, 'take')} of ${size} were acknowledged: ${sum}.`,
          `${pieces} more than there were: these takes were the last to be acknowledged.`,
        ]
      : [
          `There were ${grouped(of)}, and ${seer.length === 0 ? `the final read saw ${levelOf(why.count)}` : seen[0]!.slice(0, -1)}: ${sum}, so that it fell below 0.`,
        ];
  return [
    {
      rule: 'oversold',
      evidence: isClockFree ? 'clock-free' : 'same-host',
      operations: !isClockFree ? [...seer, ...why.sample] : seer.length > 0 ? seer : last,
      because,
      atLeast: pieces,
      atMost: pieces,
      sold: { granted, of },
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

const tooFarApart = ({ apart }: UnitVerdict, { steps }: UnitWords): Contradiction[] => {
  if (apart === undefined) return [];
  const rows = apart.filter((row) => row !== finalRow);
  const [one, other] = apart.map((row) => (row === finalRow ? 'the final read' : letter(rows.indexOf(row))));
  const changes = steps.length === 0 ? 'Nobody changed it' : `All ${plural(steps.length, 'change')} together lead`;
  return [
    {
      rule: 'unexplained-change',
      evidence: 'clock-free',
      operations: rows,
      because: [
        steps.length === 0
          ? `${changes}, yet ${one} and ${other} saw different values: a foreign write.`
          : `${changes} less far than from what ${one} saw to what ${other} saw: a foreign write.`,
      ],
      atLeast: 1,
      atMost: null,
    },
  ];
};

const tooHigh = (misfit: Misfit | undefined, { levelOf, refusals }: UnitWords): Contradiction[] => {
  if (misfit === undefined) return [];
  const { row, count, bound, why, rows, evidence } = misfit;
  const isRefusal = refusals.has(row);
  const isClockFree = evidence === 'clock-free';
  const begun = isClockFree
    ? `There are no more than ${plural(bound, 'change')} in all.`
    : `Only ${plural(bound, 'change')} had begun when ${row === finalRow ? 'it was read' : 'A ended'}${bound > why.sample.length ? ', of which some are shown' : ''}.`;
  return [
    {
      rule: isRefusal ? 'false-sold-out' : 'read-ahead',
      evidence,
      operations: seenRows(row, why.sample),
      because: isRefusal
        ? [`A was refused, though at least ${levelOf(bound)} were left.`, ...(isClockFree ? [] : [begun])]
        : [`${nameOf(row)} saw ${levelOf(count)}, which takes ${plural(count, 'change')} from ${levelOf(0)}.`, begun],
      atLeast: 1,
      atMost: rows,
    },
  ];
};

const tooLow = (misfit: Misfit | undefined, { levelOf, refusals }: UnitWords): Contradiction[] => {
  if (misfit === undefined) return [];
  const { row, count, bound, why, rows, evidence } = misfit;
  const isRefusal = refusals.has(row);
  const rule = isRefusal ? 'false-sold-out' : 'stale-read';
  if (evidence === 'clock-free') {
    const saw = isRefusal ? 'A was refused, though as many were left' : `${nameOf(row)} saw ${levelOf(count)}`;
    const because = [`It was ${levelOf(0)} at first, and all changes lead away from there the other way.`, `${saw}.`];
    return [{ rule, evidence, operations: seenRows(row, []), because, atLeast: 1, atMost: rows }];
  }
  const operations = seenRows(row, why.row === undefined ? why.sample : [why.row, ...why.sample]);
  const since = why.row === undefined ? `from ${levelOf(0)} on` : `after ${letter(row === finalRow ? 0 : 1)} had ended`;
  return [
    {
      rule,
      evidence,
      operations,
      because: [
        ...(why.row === undefined ? [] : [`${letter(row === finalRow ? 0 : 1)} saw ${levelOf(why.count)}.`]),
        `${plural(why.steps, 'change')} that began ${since} had ended when ${row === finalRow ? 'the final value was read' : 'A began'}${why.steps > why.sample.length ? ' (some are shown)' : ''}: it was ${levelOf(bound)} or further.`,
        isRefusal
          ? 'A was refused, though so many were left.'
          : `${nameOf(row)} saw ${levelOf(count)}: changes that were acknowledged before are missing.`,
      ],
      atLeast: 1,
      atMost: rows,
    },
  ];
};

const backwards = ({ backwards }: UnitVerdict, { refusals }: UnitWords): Contradiction[] => {
  if (backwards === undefined) return [];
  const { earlier, later, rows, evidence } = backwards;
  const isFinal = later === finalRow;
  return [
    {
      rule: refusals.has(earlier) || refusals.has(later) ? 'false-sold-out' : 'went-backwards',
      evidence,
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
