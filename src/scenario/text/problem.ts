import { masked, masking } from '../../core/mask.ts';

/** Something in a scenario that the user must change before anything is sent. */
export interface Problem {
  /** `file:line:column`, both from 1; or the flag or variable that set the value. */
  readonly place: string;
  readonly file: string;
  /** `modes.locked.lock` */
  readonly path: string;
  readonly message: string;
  /** How to fix it. */
  readonly hint?: string;
  /** The offending line from the file; absent for a flag. */
  readonly line?: string;
  /** From 1, in UTF-16 units of the line. */
  readonly column?: number;
}

/** Problems without their scenario's secrets. In a line, each character becomes a `*`, so that columns stay the same. */
export const withoutSecrets = (problems: readonly Problem[], secrets: readonly string[]): readonly Problem[] => {
  const [mask, stars] = [masking(secrets), masking(secrets, (found) => '*'.repeat(found.length))];
  return problems.map((problem) => ({
    ...masked(problem, mask),
    ...(problem.line === undefined ? {} : { line: stars(problem.line) }),
  }));
};

const mostShown = 50;
const widestLine = 100;

/**
 * Problems as text without color: place and message, the line with a caret below the column, the hint, and at the end their number.
 * Control characters of the file do not reach the terminal.
 */
export const renderProblems = (problems: readonly Problem[]): string => {
  const shown = problems.slice(0, mostShown).map(block);
  const more = problems.length - shown.length;
  if (more > 0) shown.push(`… and ${more} more\n`);
  const file = problems[0]?.file ?? '';
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${shown.join('\n')}\n${count} in ${printable(file)}; nothing was sent.\n`;
};

/** Notes, in the same form as {@link renderProblems} shows problems. */
export const renderNotes = (notes: readonly Problem[]): string =>
  notes
    .slice(0, mostShown)
    .map((note) => block({ ...note, message: `note: ${note.message}` }))
    .join('\n');

const block = ({ place, message, hint, line, column }: Problem): string => {
  const lines = [`${printable(place)}  ${printable(message)}`];
  if (line !== undefined && column !== undefined) lines.push(...excerpt(line, column));
  if (hint !== undefined) lines.push(`    ${printable(hint)}`);
  return `${lines.join('\n')}\n`;
};

/** The line and the caret; for a very long line, only the part around the column. */
const excerpt = (line: string, column: number): string[] => {
  const from = column > widestLine - 20 ? column - 40 : 0;
  const part = printable(line.slice(from, from + widestLine)).trimEnd();
  const lead = from > 0 ? '…' : '';
  const tail = line.length > from + widestLine ? '…' : '';
  const caretAt = lead.length + column - 1 - from;
  return part === '' ? [] : [`      ${lead}${part}${tail}`, `      ${' '.repeat(caretAt)}^`];
};

/** Replaces each character with exactly one, so that the caret stays in place. */
const printable = (text: string): string => text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
