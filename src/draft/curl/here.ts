import { variableAt, type Variables } from './quotes.ts';

/** The start of a here-document: `<<EOF`, `<<-'EOF'`. */
export interface HereDocument {
  readonly length: number;
  readonly end: string;
  readonly isIndented: boolean;
  /** Its variables are not substituted. */
  readonly isQuoted: boolean;
}

/** The here-document that starts at a position. */
export const hereDocument = (text: string, at: number): HereDocument | undefined => {
  const match = /^<<(-?)[ \t]*(?:(['"])([^'"\n]{1,80})\2|([\w.]{1,80}))/.exec(text.slice(at, at + 200));
  if (match === null) return undefined;
  const [whole, dash, , quotedEnd, plainEnd] = match;
  return {
    length: whole.length,
    end: quotedEnd ?? plainEnd!,
    isIndented: dash === '-',
    isQuoted: quotedEnd !== undefined,
  };
};

/** The lines up to the delimiter, or to the end of the text. */
export const contentOf = (
  text: string,
  from: number,
  { end, isIndented, isQuoted }: HereDocument,
  variables: Variables,
): { readonly value: string; readonly end: number } => {
  const lines: string[] = [];
  let at = from;
  while (at < text.length) {
    const close = text.indexOf('\n', at);
    const line = text.slice(at, close === -1 ? text.length : close);
    at = close === -1 ? text.length : close + 1;
    const bare = isIndented ? line.replace(/^\t+/, '') : line;
    if (bare === end) break;
    lines.push(bare);
  }
  const value = lines.join('\n');
  return { value: isQuoted ? value : withVariables(value, variables), end: at };
};

const withVariables = (text: string, variables: Variables): string => {
  let value = '';
  for (let at = 0; at < text.length;) {
    const [whole, variable] = text[at] === '$' ? variableAt(text, at, variables) : [text[at]!];
    value += variable ?? whole;
    at += whole.length;
  }
  return value;
};
