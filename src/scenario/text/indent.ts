import type { Complaint } from './locate.ts';
import { quoted } from './words.ts';

/** What starts a line: a key, or an item of a list, with a name for it in messages. */
interface Beginning {
  readonly kind: 'key' | 'item';
  /** From 0. */
  readonly column: number;
  /** From 0. */
  readonly line: number;
  readonly label: string;
  /** The key has a value on its own line. */
  readonly hasValue: boolean;
}

/** The YAML library's errors about where lines start. */
const ofIndentation: ReadonlySet<string> = new Set([
  'BAD_INDENT',
  'BLOCK_AS_IMPLICIT_KEY',
  'MISSING_CHAR',
  'MULTILINE_IMPLICIT_KEY',
  'UNEXPECTED_TOKEN',
]);

/** Anything beyond this decides nothing, and would be searched again and again. */
const longestLine = 1000;

/** How many places that a line may belong to are reported. */
const mostPlaces = 2;

const keyPattern = /^(?<key>"[^"]*"|'[^']*'|[^\s#:,[\]{}][^:#]*?):(?=\s|$)\s*(?<value>[^#]*)/;

/**
 * For a YAML syntax error about indentation: which line starts in the wrong column, and which lines above it may belong with.
 * `undefined` for other errors.
 *
 * @param code of the YAML library
 */
export const indentComplaint = (text: string, offset: number, code: string, message: string): Complaint | undefined => {
  if (!ofIndentation.has(code)) return undefined;
  const lines = text.split(/\r?\n|\r(?!\n)/).map((one) => one.slice(0, longestLine));
  const line = text.slice(0, offset).split(/\r?\n|\r(?!\n)/).length - 1;
  const told = (at: number, column: number, said: string, hint: string): Complaint => ({
    mark: offsetOf(text, at) + column,
    path: '',
    message: said,
    hint,
  });
  const own = lines[line]!;
  const inFlow = /^Flow (map|sequence) in block collection must be/.exec(message)?.[1];
  if (inFlow !== undefined)
    return told(
      line,
      indentOf(own),
      `a line inside ${inFlow === 'map' ? '{ }' : '[ ]'} has to be indented further than the line that begins it`,
      'indent this line, or write all of it on one line',
    );
  const [begun] = beginningsOf(own, line).toReversed();
  if (begun?.kind === 'key') {
    const value = valueOf(own);
    const column = own.length - value.length;
    if (value.startsWith('- '))
      return told(
        line,
        column,
        `a list begins on a line of its own, below ${quoted(begun.label)}`,
        `indent it there: ${value.trim()}`,
      );
    const inner = keyPattern.exec(value)?.groups?.['key'];
    if (inner !== undefined && code === 'BLOCK_AS_IMPLICIT_KEY')
      return told(
        line,
        column,
        `two keys on one line: ${quoted(`${inner}:`)} belongs on a line of its own, below ${quoted(begun.label)}`,
        'and is indented there; text with a colon and a blank in it is quoted',
      );
  }
  const pair = /^\s*(?:- +)*([A-Za-z][\w-]*) +(\S.*)$/.exec(own.trimEnd());
  if (begun?.kind !== 'key' && pair !== null && code === 'MULTILINE_IMPLICIT_KEY')
    return told(line, indentOf(own), `a colon is missing after ${quoted(pair[1]!)}`, `write ${pair[1]}: ${pair[2]}`);
  // For a wrongly indented line below a key, the library reports a place after the key.
  const isAtValue = begun?.kind === 'key' && offset > offsetOf(text, line) + begun.column;
  // Nor is it the blank line, or the comment, at which the library reports it.
  const wrong = nextLine(lines, isAtValue ? line + 1 : line);
  return wrong === undefined ? undefined : misplaced(lines, wrong, told);
};

const misplaced = (
  lines: readonly string[],
  line: number,
  told: (at: number, column: number, said: string, hint: string) => Complaint,
): Complaint | undefined => {
  const [wrong] = beginningsOf(lines[line]!, line);
  if (wrong === undefined) return undefined;
  const above = openAbove(lines, line);
  const places = above
    .filter(({ kind, column }) => kind === wrong.kind && column !== wrong.column)
    .toSorted((a, b) => Math.abs(a.column - wrong.column) - Math.abs(b.column - wrong.column) || b.line - a.line)
    .slice(0, mostPlaces);
  const parent = above.findLast(({ column }) => column < wrong.column);
  const beside = above.find(({ column }) => column === wrong.column);
  const label = quoted(wrong.label);
  const full = parent?.hasValue === true && beside === undefined && parent === above.at(-1) ? parent : undefined;
  const said =
    full !== undefined
      ? `${label} is indented below ${quoted(full.label)}, which has a value already`
      : beside !== undefined && beside.kind !== wrong.kind
        ? `${label} is ${nounOf(wrong)} in the column of ${quoted(beside.label)}, ${nounOf(beside)}`
        : `${label} begins in a column of its own: it is beside nothing above it`;
  const hint = places.map((one) => `column ${one.column + 1}, beside ${quoted(one.label)} of line ${one.line + 1}`);
  const orNot = full === undefined ? [] : [`take the value of ${quoted(full.label)} away`];
  if (hint.length > 0)
    return told(line, wrong.column, said, [`move it to ${hint.join(', or to ')}`, ...orNot].join(', or '));
  if (full !== undefined) return told(line, wrong.column, said, `indent line ${full.line + 1} as well, or ${orNot[0]}`);
  if (beside === undefined || beside.kind === wrong.kind) return undefined;
  return told(
    line,
    wrong.column,
    said,
    wrong.kind === 'item' ? `begin line ${beside.line + 1} with "- ", too` : 'begin it with "- "',
  );
};

const nounOf = ({ kind }: Beginning): string => (kind === 'key' ? 'a key' : 'an item of a list');

/** What has started above a line and may continue there; the innermost last. If the first line is indented too far, it stays in it. */
const openAbove = (lines: readonly string[], line: number): readonly Beginning[] => {
  const open: Beginning[] = [];
  for (let at = 0; at < line; at++) {
    const begun = beginningsOf(lines[at]!, at);
    if (begun.length === 0) continue;
    while (open.length > 0 && open.at(-1)!.column >= begun[0]!.column) open.pop();
    open.push(...begun);
  }
  return open;
};

/** What starts on a line: `- get: /a` is an item, and a key in it. Empty for any other line. */
const beginningsOf = (text: string, line: number): readonly Beginning[] => {
  const found: Beginning[] = [];
  let column = indentOf(text);
  for (let rest = text.slice(column); /^-(?: |$)/.test(rest); rest = text.slice(column)) {
    const inner = rest.slice(1).trimStart();
    const named = keyPattern.exec(inner)?.groups?.['key'];
    const label = cutLabel(`- ${named === undefined ? inner.trimEnd() : `${named}:`}`);
    found.push({ kind: 'item', column, line, label, hasValue: false });
    column += 1 + indentOf(rest.slice(1));
  }
  const { key, value = '' } = keyPattern.exec(text.slice(column))?.groups ?? {};
  return key === undefined
    ? found
    : [...found, { kind: 'key', column, line, label: cutLabel(`${key}:`), hasValue: value.trim() !== '' }];
};

const cutLabel = (label: string): string => (label.length > 40 ? `${label.slice(0, 39)}…` : label);

/** The text after the key of a line. */
const valueOf = (line: string): string => {
  const bare = line.replace(/^\s*(?:- +)*/, '');
  return bare.slice(bare.length - (keyPattern.exec(bare)?.groups?.['value'] ?? '').length);
};

/** The first line, starting at this one, that is not blank. */
const nextLine = (lines: readonly string[], line: number): number | undefined => {
  const next = lines.findIndex((one, at) => at >= line && !/^\s*(?:#|$)/.test(one));
  return next === -1 ? undefined : next;
};

const indentOf = (line: string): number => line.length - line.trimStart().length;

const offsetOf = (text: string, line: number): number => {
  let offset = 0;
  for (let at = 0; at < line; at++) {
    const [end = '\n'] = /\r?\n|\r/.exec(text.slice(offset)) ?? [];
    offset = text.indexOf(end, offset) + end.length;
  }
  return offset;
};
