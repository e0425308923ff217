import type { Result } from '../../../core/result/result.ts';
import { troublesOf } from '../../sections/cells.ts';
import { count } from '../../format.ts';
import { warningsOf } from '../../sections/warnings.ts';
import { hanging, span, type Line } from '../layout/line.ts';
import { nameOf } from '../names.ts';
import { plain, widthOf } from '../../plain.ts';

const longestExample = 300;
const longestAnswer = 500;
const mostAnswers = 3;
const longestWarning = 1000;
const widestProse = 100;

/** Iterations that failed, were dropped or were interrupted: by mode and class, how many, and the message of the first. */
export const failures = (result: Result, width: number): Line[] => {
  const rows = result.modes.flatMap((mode) =>
    troublesOf(mode).map((trouble, at) => ({
      name: at === 0 ? nameOf(mode.name, width) : '',
      class: plain(trouble.class, 16),
      count: trouble.count,
      text: plain(trouble.text, longestExample),
      answers: trouble.answers.slice(0, mostAnswers).map((answer) => plain(answer, longestAnswer)),
    })),
  );
  if (rows.length === 0) return [];
  const [ofName, ofClass, ofCount] = [
    widest(rows.map(({ name }) => name)),
    widest(rows.map((row) => row.class)),
    widest(rows.map((row) => count(row.count))),
  ];
  const lines = rows.flatMap((row) => {
    const label = `${padded(row.name, ofName)}   ${padded(row.class, ofClass)}   `;
    const before = [span(label), span(count(row.count).padStart(ofCount), 'doubt'), span('   ')];
    const indent = ' '.repeat(widthOf(label) + ofCount + 3);
    return [
      ...hanging(before, row.text, width),
      ...row.answers.flatMap((answer) => hanging([span(indent)], answer, width, 'quiet')),
    ];
  });
  return [[span('failures', 'quiet')], ...lines];
};

/** What casts doubt on the numbers, and what to do about it. */
export const warnings = (result: Result, width: number): Line[] => {
  const rows = warningsOf(result).map(({ code, ...texts }) => ({ ...texts, code: plain(code, 24) }));
  if (rows.length === 0) return [];
  const room = Math.min(width, widestProse);
  const ofCode = widest(rows.map(({ code }) => code));
  const lines = rows.flatMap(({ code, message, hint }) => [
    ...hanging([span(`${padded(code, ofCode)}   `, 'doubt')], plain(message, longestWarning), room),
    ...(hint === '' ? [] : hanging([span(' '.repeat(ofCode + 3))], plain(hint, longestWarning), room, 'quiet')),
  ]);
  return [[span('warnings', 'quiet')], ...lines];
};

const widest = (texts: readonly string[]): number => Math.max(...texts.map(widthOf));

const padded = (text: string, width: number): string => text + ' '.repeat(width - widthOf(text));
