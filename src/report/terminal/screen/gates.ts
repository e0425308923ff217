import type { GateResult, Result } from '../../../core/result/result.ts';
import { quantity } from '../../sections/cells.ts';
import { many } from '../../format.ts';
import { cut, plain, widthOf } from '../../plain.ts';
import { span, type Line, type Tone } from '../layout/line.ts';

const words: { readonly [verdict in GateResult['verdict']]: readonly [string, Tone] } = {
  pass: ['pass', 'good'],
  fail: ['FAIL', 'bad'],
  undecided: ['undecided', 'doubt'],
};

/** The number of gates that can be told apart at a glance. */
const mostGates = 6;

/** Every gate in a line: its verdict, what was measured, and its text; those that did not pass first. */
export const gates = ({ gates: all }: Result, width: number): Line[] => {
  if (all.length === 0) return [];
  const rank = { fail: 0, undecided: 1, pass: 2 } as const;
  const shown = all.toSorted((a, b) => rank[a.verdict] - rank[b.verdict]).slice(0, mostGates);
  const ofWord = Math.max(...shown.map(({ verdict }) => words[verdict][0].length)) + 2;
  const figures = shown.map(({ actual, unit }) => (actual === null ? '' : quantity(actual, unit)));
  const ofFigure = Math.max(...figures.map(widthOf));
  const rows = shown.map(({ verdict, text }, at): Line => {
    const [word, tone] = words[verdict];
    const figure = ofFigure === 0 ? '' : `${figures[at]!.padStart(ofFigure)}  `;
    const room = Math.max(8, width - ofWord - widthOf(figure));
    return [span(word.padEnd(ofWord), tone), span(figure), span(cut(plain(text, 400), room))];
  });
  const more = all.length - shown.length;
  return more === 0 ? rows : [...rows, [span(`and ${many(more, 'more gate')}`, 'quiet')]];
};
