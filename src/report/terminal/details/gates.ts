import type { GateResult, Result } from '../../../core/result/result.ts';
import { plain, widthOf } from '../../plain.ts';
import { hanging, span, type Line, type Tone } from '../layout/line.ts';

const longestText = 400;
const widestProse = 100;

const words: { readonly [verdict in GateResult['verdict']]: readonly [string, Tone] } = {
  pass: ['pass', 'good'],
  fail: ['FAIL', 'bad'],
  undecided: ['undecided', 'doubt'],
};

/** Every gate: its verdict and its text, and below them what was measured, over how much, against which limit. */
export const gates = (result: Result, width: number): Line[] => {
  if (result.gates.length === 0) return [];
  const room = Math.min(width, widestProse);
  const ofWord = Math.max(...result.gates.map(({ verdict }) => widthOf(words[verdict][0]))) + 3;
  const lines = result.gates.flatMap(({ verdict, text, because }) => {
    const [word, tone] = words[verdict];
    const label = word + ' '.repeat(ofWord - widthOf(word));
    return [
      ...hanging([span(label, tone)], plain(text, longestText), room),
      ...hanging([span(' '.repeat(ofWord))], plain(because, longestText), room, 'quiet'),
    ];
  });
  return [[span('gates', 'quiet')], ...lines];
};
