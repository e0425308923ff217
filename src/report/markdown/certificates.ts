import type { Finding, ModeResult, Result } from '../../core/result.ts';
import { count } from '../format.ts';
import { plain } from '../plain.ts';
import { certificate } from '../terminal/certificate.ts';
import { safe } from './table.ts';

const mostShown = 3;

/** The first certificates of every mode whose data was wrong and must not be, as they are shown on a terminal. */
export const certificates = ({ modes }: Result): readonly string[] =>
  modes
    .filter(({ violations }) => violations === 'forbidden')
    .flatMap((mode) => shownOf(mode).map((finding) => ({ mode, finding })))
    .slice(0, mostShown)
    .flatMap(({ mode, finding }, at) => [
      ...(at === 0 ? [] : ['']),
      `${safe(mode.name, 60)}, round ${count(finding.round + 1)}:`,
      '',
      // Indented: whatever is in it is text, and no markup.
      ...textOf(finding, mode).map((line) => `    ${line}`),
    ]);

const shownOf = ({ consistency }: ModeResult): readonly Finding[] =>
  (consistency?.findings ?? [])
    .filter(({ operations }) => operations.length > 0)
    .toSorted((a, b) => a.operations.length - b.operations.length)
    .slice(0, 1);

const textOf = (finding: Finding, { consistency }: ModeResult): readonly string[] =>
  certificate(finding, consistency!.coverage.acknowledged, { width: 100, color: false }).map((line) =>
    plain(line.map(({ text }) => text.replaceAll(' ', '\u00a0')).join(''), 200).replaceAll('\u00a0', ' '),
  );
