import type { Result } from '../../core/result/result.ts';
import { certificateOf } from '../sections/cells.ts';
import { count } from '../format.ts';
import { certificateText } from '../terminal/certificate.ts';
import { safe } from './table.ts';

const mostShown = 3;

/** A certificate of every mode whose data was wrong where that is forbidden, as on the terminal. */
export const certificates = ({ modes }: Result): readonly string[] =>
  modes
    .filter(({ violations }) => violations === 'forbidden')
    .flatMap((mode) => [certificateOf(mode)].flatMap((finding) => (finding === undefined ? [] : [{ mode, finding }])))
    .slice(0, mostShown)
    .flatMap(({ mode, finding }, at) => [
      ...(at === 0 ? [] : ['']),
      `${safe(mode.name, 60)}, round ${count(finding.round)}:`,
      '',
      // Indented, so that everything in it is text and not markup.
      ...certificateText(finding).map((line) => `    ${line}`),
    ]);
