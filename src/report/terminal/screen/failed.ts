import type { Result } from '../../../core/result/result.ts';
import { troublesOf } from '../../sections/cells.ts';
import { count, many } from '../../format.ts';
import { cut, plain, widthOf } from '../../plain.ts';
import { span, type Line } from '../layout/line.ts';
import { nameOf } from '../names.ts';

const mostLines = 4;

/** Iterations that failed, were dropped or were interrupted, a line for each mode and class: how many, and the message of the first. */
export const failed = (result: Result, width: number): Line[] => {
  const all = result.modes.flatMap((mode) => troublesOf(mode).map((trouble) => ({ mode, trouble })));
  const rows = all.toSorted((a, b) => b.trouble.count - a.trouble.count).slice(0, mostLines);
  if (rows.length === 0) return [];
  const names = rows.map(({ mode }) => nameOf(mode.name, width));
  const ofName = Math.max(...names.map(widthOf));
  const ofCount = Math.max(...rows.map(({ trouble }) => count(trouble.count).length));
  const lines = rows.map(({ trouble }, at): Line => {
    const label = `${at === 0 ? 'failed' : '      '}  ${names[at]!}${' '.repeat(ofName - widthOf(names[at]!))}  `;
    const number = count(trouble.count).padStart(ofCount);
    const said = `${trouble.class === 'check' || trouble.class === 'capture' ? '' : `${trouble.class}: `}${trouble.text}`;
    const room = Math.max(8, width - widthOf(label) - number.length - 3);
    return [span(label), span(number, 'doubt'), span(`   ${cut(plain(said, 300), room)}`)];
  });
  const more = all.length - rows.length;
  return more === 0 ? lines : [...lines, [span(`        and ${many(more, 'more kind')} of failure`, 'quiet')]];
};
