import type { Finding, Result } from '../../core/result/result.ts';
import { certificateOf } from '../sections/cells.ts';
import { count } from '../format.ts';
import { plain } from '../plain.ts';
import { certificate } from '../terminal/certificate.ts';
import { safe } from './table.ts';

const mostShown = 3;

/** A certificate of every mode whose data was wrong and must not be, as they are shown on a terminal. */
export const certificates = ({ modes }: Result): readonly string[] =>
  modes
    .filter(({ violations }) => violations === 'forbidden')
    .flatMap((mode) => [certificateOf(mode)].flatMap((finding) => (finding === undefined ? [] : [{ mode, finding }])))
    .slice(0, mostShown)
    .flatMap(({ mode, finding }, at) => [
      ...(at === 0 ? [] : ['']),
      `${safe(mode.name, 60)}, round ${count(finding.round)}:`,
      '',
      // Indented: whatever is in it is text, and no markup.
      ...textOf(finding).map((line) => `    ${line}`),
    ]);

const textOf = (finding: Finding): readonly string[] =>
  certificate(finding, { width: 100, color: false }).map((line) =>
    // Blanks stay as they are: they are where the bars begin.
    line
      .flatMap(({ text }) => text.split(/( +)/u))
      .map((part) => (part.startsWith(' ') ? part : plain(part, 200)))
      .join(''),
  );
