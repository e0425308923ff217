import { markVariable, withoutMarks } from '../recorded/variables.ts';

/** A command: its words, and the line that it begins in. */
export interface Command {
  readonly line: number;
  readonly words: readonly string[];
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
 * that go on after `\` or `^`, comments. `$NAME` and `${NAME}` become marks, nothing is ever run.
 *
 * @throws {ShellSyntaxError}
 */
export const commandsIn = (script: string): readonly Command[] => {
  const text = withoutMarks(script).replaceAll('\r\n', '\n');
  const commands: { line: number; words: string[] }[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let line = 1;
  let begun = 1;
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
    if ((char === '\\' || (char === '^' && word === undefined)) && next === '\n') {
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
