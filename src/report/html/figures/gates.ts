import type { GateResult, Result } from '../../../core/result/result.ts';
import { quantity } from '../../sections/cells.ts';
import { interval } from '../../sections/compared.ts';
import { count } from '../../format.ts';
import { linearScale } from '../draw/scale.ts';
import { circle, hatch, line, svg } from '../draw/svg.ts';
import type { Figure } from '../markup/figure.ts';
import { said, type Part } from '../markup/markup.ts';
import { state, stateOfGate } from '../markup/state.ts';
import { names, table, type Column } from '../markup/table.ts';

const words: { readonly [verdict in GateResult['verdict']]: string } = {
  pass: 'pass',
  fail: 'FAIL',
  undecided: 'undecided',
};

const rank: { readonly [verdict in GateResult['verdict']]: number } = { fail: 0, undecided: 1, pass: 2 };

/** What must hold, and how close it was: each gate on its own axis, those that did not pass first. */
export const gates = ({ gates: all }: Pick<Result, 'gates'>): Figure | undefined => {
  if (all.length === 0) return undefined;
  const rows = all.toSorted((a, b) => rank[a.verdict] - rank[b.verdict]);
  const number = (verdict: GateResult['verdict']): number => all.filter((one) => one.verdict === verdict).length;
  const said3 = (['fail', 'undecided', 'pass'] as const).flatMap((verdict) =>
    number(verdict) === 0
      ? []
      : [`${count(number(verdict))} ${verdict === 'fail' ? 'failed' : verdict === 'pass' ? 'passed' : 'undecided'}`],
  );
  return {
    id: 'gates',
    title: 'Gates',
    question: 'What must hold, and how close was it?',
    answer: `${said3.join(', ')}.`,
    body: table<GateResult>(rows, [verdict, gate, ...figures(all), because], { label: 'Gates' }),
    reading: all.some(({ limit }) => limit !== null)
      ? [
          'Each gate has its own linear axis, from 0: the upright line is the limit, the dot is what was measured, the bar its interval.',
        ]
      : [],
  };
};

const verdict: Column<GateResult> = {
  heading: 'verdict',
  align: 'left',
  cell: (one) => state(stateOfGate[one.verdict], words[one.verdict]),
};

const gate: Column<GateResult> = { ...names('gate', ({ text }) => said(text, 200)), class: 'c-gate' };

/** What was measured next to its limit; empty if no gate has a number. */
const figures = (all: readonly GateResult[]): readonly Column<GateResult>[] =>
  all.every(({ actual, limit, verdict: is }) => actual === null && limit === null && is !== 'undecided')
    ? []
    : [
        { heading: 'actual', align: 'right', cell: ({ actual, unit }) => quantity(actual, unit) },
        ...(all.some(({ interval: of }) => of !== null)
          ? [
              {
                heading: 'interval',
                align: 'right',
                cell: ({ interval: of }: GateResult) => interval(of?.[0] ?? null, of?.[1] ?? null),
              } as const,
            ]
          : []),
        { heading: 'limit', align: 'right', cell: ({ limit, unit }) => quantity(limit, unit) },
        bulletColumn,
      ];

const because: Column<GateResult> = {
  heading: 'because',
  align: 'left',
  class: 'c-because',
  cell: (one) => said(one.because, 300),
};

const bulletColumn: Column<GateResult> = { heading: 'from 0', align: 'left', cell: (one) => bullet(one) };

const width = 200;
const height = 24;
const middle = height / 2;

const bullet = ({ actual, limit, interval: of, verdict: is, unit }: GateResult): Part => {
  const label = `${quantity(actual, unit)}, limit ${quantity(limit, unit)}`;
  const canvas = { width, height, kind: 'cell', label } as const;
  if (actual === null)
    return is === 'undecided'
      ? svg({ ...canvas, label: 'nothing known' }, hatch(6, middle - 5, width - 12, 10))
      : undefined;
  const known = [actual, limit ?? 0, ...(of ?? [])].filter((value) => Number.isFinite(value));
  const scale = linearScale(Math.max(0, ...known) * 1.12, { from: 6, to: width - 6 });
  const isOpen = is === 'undecided';
  return svg(canvas, [
    line(6, middle, width - 6, middle, { opacity: 0.3 }),
    limit === null ? undefined : line(scale.of(limit), 2, scale.of(limit), height - 2, { width: 2 }),
    of === null
      ? undefined
      : line(scale.of(of[0]), middle, scale.of(of[1]), middle, {
          width: 4,
          opacity: 0.5,
          ...(isOpen ? { dash: '3 3' } : {}),
        }),
    circle(
      scale.of(actual),
      middle,
      5,
      isOpen ? { fill: 'none', stroke: 'currentColor', width: 1.5, dash: '2 2' } : { fill: 'currentColor' },
    ),
  ]);
};
