import { markVariable, withoutMarks } from '../recorded/variables.ts';

/** A command: its words, and the line that it begins in. */
export interface Command {
  readonly line: number;
  readonly words: readonly string[];
  /** What a here-document gives it to read. */
  readonly input?: string;
}

/** A quote that is never closed, and the line that it is opened in. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError';
  readonly line: number;

  constructor(quote: string, line: number) {
    super(`the quote ${quote} is never closed`);
    this.line = line;
  }
}

/**
 * The commands of a shell script as far as it runs one program after the other: words with `'…'`, `"…"`, `$'…'` and `\`, lines
 * that go on after `\`, `^` or a backtick, here-documents, comments. `$NAME` and `${NAME}` become marks, nothing is ever run.
 *
 * @throws {ShellSyntaxError}
 */
export const commandsIn = (script: string): readonly Command[] => {
  const text = withoutMarks(script).replaceAll('\r\n', '\n');
  const commands: { line: number; words: string[]; input?: string }[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let line = 1;
  let begun = 1;
  let here: { readonly document: HereDocument; readonly command: number } | undefined;
  let at = 0;
  const endWord = (): void => {
    if (word === undefined) return;
    if (words.length === 0) begun = line;
    words.push(word);
    word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push({ line: begun, words });
    words = [];
  };
  const add = (piece: string): void => {
    word = (word ?? '') + piece;
  };
  while (at < text.length) {
    const char = text[at]!;
    const next = text[at + 1];
    const document = word === undefined && char === '<' ? hereDocument(text, at) : undefined;
    if (document !== undefined) {
      here = { document, command: commands.length };
      at += document.length;
    } else if (char === '\n' && here !== undefined) {
      endCommand();
      const { value, end } = contentOf(text, at + 1, here.document);
      const command = commands[here.command];
      if (command !== undefined) command.input = value;
      here = undefined;
      line += text.slice(at, end).split('\n').length - 1;
      at = end;
    } else if ((char === '\\' || ('^`'.includes(char) && word === undefined)) && next === '\n') {
      line++;
      at += 2;
    } else if (char === '\n' || char === ';' || char === '|' || char === '&') {
      endCommand();
      if (char === '\n') line++;
      at++;
    } else if (/\s/.test(char)) {
      endWord();
      at++;
    } else if (char === '#' && word === undefined) {
      while (at < text.length && text[at] !== '\n') at++;
    } else if (char === "'" || char === '"' || (char === '$' && next === "'")) {
      const quote = char === '$' ? "$'" : char;
      const read = quoted(text, at + quote.length, quote, line);
      add(read.value);
      line += text.slice(at, read.end).split('\n').length - 1;
      at = read.end;
    } else if (char === '\\' && next !== undefined) {
      add(next);
      at += 2;
    } else {
      const [whole, variable] = variableAt(text, at);
      add(variable ?? whole);
      at += whole.length;
    }
  }
  endCommand();
  return commands;
};

/** A here-document as it is announced: `<<EOF`, `<<-'EOF'`. */
interface HereDocument {
  readonly length: number;
  readonly end: string;
  readonly isIndented: boolean;
  /** Its variables are not put in. */
  readonly isQuoted: boolean;
}

const hereDocument = (text: string, at: number): HereDocument | undefined => {
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

/** The lines up to the one that ends them, or to the end of the text. */
const contentOf = (
  text: string,
  from: number,
  { end, isIndented, isQuoted }: HereDocument,
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
  return { value: isQuoted ? value : withVariables(value), end: at };
};

const withVariables = (text: string): string => {
  let value = '';
  for (let at = 0; at < text.length;) {
    const [whole, variable] = text[at] === '$' ? variableAt(text, at) : [text[at]!];
    value += variable ?? whole;
    at += whole.length;
  }
  return value;
};

/** `$NAME` or `${NAME}` as a mark, or one character as it is. */
const variableAt = (text: string, at: number): readonly [whole: string, variable?: string] => {
  const match = /^\$(?:([A-Za-z_]\w{0,60})|\{([A-Za-z_]\w{0,60})\})/.exec(text.slice(at, at + 80));
  return match === null ? [text[at]!] : [match[0], markVariable(match[1] ?? match[2]!)];
};

const escapes: { readonly [char: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  e: '\x1b',
  0: '\0',
};

const quoted = (
  text: string,
  from: number,
  quote: string,
  line: number,
): { readonly value: string; readonly end: number } => {
  const close = quote.at(-1)!;
  let value = '';
  for (let at = from; at < text.length;) {
    const char = text[at]!;
    if (char === close) return { value, end: at + 1 };
    if (char === '\\' && quote === "$'") {
      const [whole, code] = /^\\(?:x[\da-f]{1,2}|u[\da-f]{1,4}|U[\da-f]{1,6})/i.exec(text.slice(at, at + 8)) ?? [];
      if (whole !== undefined && code === undefined) {
        const point = Number.parseInt(whole.slice(2), 16);
        value += point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
        at += whole.length;
      } else {
        const next = text[at + 1] ?? '';
        value += escapes[next] ?? next;
        at += 2;
      }
    } else if (char === '\\' && quote === '"' && '$`"\\\n'.includes(text[at + 1] ?? ' ')) {
      if (text[at + 1] !== '\n') value += text[at + 1];
      at += 2;
    } else if (char === '$' && quote === '"') {
      const [whole, variable] = variableAt(text, at);
      value += variable ?? whole;
      at += whole.length;
    } else {
      value += char;
      at++;
    }
  }
  throw new ShellSyntaxError(close, line);
};
