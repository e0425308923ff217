import { markVariable } from '../recorded/variables.ts';
import { isSecret } from '../secrets.ts';
import type { ShellFunction } from './functions.ts';

/** A quote that is never closed, and the line it opens on. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError';
  readonly line: number;

  constructor(quote: string, line: number) {
    super(`the quote ${quote} is never closed`);
    this.line = line;
  }
}

/** What a script has set so far: texts, and lists of words. */
export interface Variables {
  readonly texts: Map<string, string>;
  readonly lists: Map<string, readonly string[]>;
  /** A backtick escapes the next character, as in PowerShell. */
  readonly isPowerShell: boolean;
  readonly functions: Map<string, ShellFunction>;
  /** The arguments of the function being read; absent: unknown. */
  readonly args?: string[];
  /** How many nested calls are open. */
  readonly depth: number;
  /** How many more calls to follow: each may call others. */
  readonly calls: { left: number };
}

/** Where a `$(…)`, or backticks, end. `undefined` if they are never closed. */
export const substitutionEnd = (text: string, at: number): number | undefined => {
  if (text[at] === '`') {
    // At the end of a line they continue it, as in PowerShell, and open nothing.
    const end = text.indexOf('`', at + 1);
    return end === -1 || text[at + 1] === '\n' ? undefined : end + 1;
  }
  let depth = 0;
  let quote = '';
  for (let index = at + 1; index < text.length; index++) {
    const char = text[index]!;
    if (char === '\\' && quote !== "'") index++;
    else if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return index + 1;
  }
  return undefined;
};

/** `$NAME`, `${NAME}` or `${NAME:-…}` as its value, or as a mark; or one character as it is. */
export const variableAt = (
  text: string,
  at: number,
  variables: Variables,
): readonly [whole: string, variable?: string] => {
  // The arguments of a script, or of a function in it.
  const [argument, plainNumber, number, usual] =
    /^\$(?:(\d)|\{(\d)(?::?[-=?+]([^{}\n]{0,300}))?\}|[@*](?!\w))/.exec(text.slice(at, at + 320)) ?? [];
  if (argument !== undefined) {
    const digit = plainNumber ?? number;
    if (variables.args === undefined || digit === '0') return [argument, markVariable(`ARG${digit ?? 'S'}`)];
    const given = digit === undefined ? variables.args.join(' ') : variables.args[Number(digit) - 1];
    return [argument, given ?? usual ?? ''];
  }
  const match = /^\$(?:([A-Za-z_]\w{0,60})|\{([A-Za-z_]\w{0,60})(?::?[-=]([^{}\n]{0,300}))?\})/.exec(
    text.slice(at, at + 400),
  );
  if (match === null) return [text[at]!];
  const [whole, plain, braced, otherwise] = match;
  const name = plain ?? braced!;
  const known =
    variables.texts.get(name) ?? (isSecret(name, 'x') ? undefined : otherwise?.replaceAll(/^(["'])(.*)\1$/g, '$2'));
  return [whole, known ?? markVariable(name)];
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
};

/** How to read a text in quotes. */
interface Quoting {
  readonly line: number;
  readonly variables: Variables;
  readonly substitute: (from: number, end: number) => string;
}

/** The text in quotes, up to the closing quote. @throws {ShellSyntaxError} */
export const quoted = (
  text: string,
  from: number,
  quote: string,
  { line, variables, substitute }: Quoting,
): { readonly value: string; readonly end: number } => {
  const close = quote.at(-1)!;
  let value = '';
  for (let at = from; at < text.length;) {
    const char = text[at]!;
    const isDoubled = variables.isPowerShell && quote === "'" && char === close && text[at + 1] === close;
    if (isDoubled) {
      value += close;
      at += 2;
      continue;
    }
    if (char === close) {
      // Windows passes one line to a program, in which a quote has a backslash in front.
      const isEscaped = variables.isPowerShell && quote === "'";
      return { value: isEscaped ? value.replaceAll(String.raw`\"`, '"') : value, end: at + 1 };
    }
    if (char === '\\' && quote === "$'") {
      const { piece, length } = escapeAt(text, at);
      value += piece;
      at += length;
    } else if (char === '\\' && quote === '"' && '$`"\\\n'.includes(text[at + 1] ?? ' ')) {
      if (text[at + 1] !== '\n') value += text[at + 1];
      at += 2;
    } else if (quote === '"' && char === '`' && variables.isPowerShell) {
      value += text[at + 1] ?? '';
      at += 2;
    } else if (quote === '"' && (char === '`' || (char === '$' && text[at + 1] === '('))) {
      const end = substitutionEnd(text, at);
      value += end === undefined ? char : substitute(at, end);
      at = end ?? at + 1;
    } else if (char === '$' && quote === '"') {
      const [whole, variable] = variableAt(text, at, variables);
      value += variable ?? whole;
      at += whole.length;
    } else {
      value += char;
      at++;
    }
  }
  throw new ShellSyntaxError(close, line);
};

/** The character after a backslash in `$'…'`: bytes (several are UTF-8), a code point, or a letter. */
const escapeAt = (text: string, at: number): { readonly piece: string; readonly length: number } => {
  const [bytes] = /^(?:\\x[\da-f]{1,2}|\\[0-7]{1,3})+/i.exec(text.slice(at, at + 4000)) ?? [];
  if (bytes !== undefined) {
    const values = bytes
      .split('\\')
      .slice(1)
      .map((one) => Number.parseInt(one.replace(/^x/i, ''), /^x/i.test(one) ? 16 : 8) & 0xff);
    return { piece: Buffer.from(values).toString('utf8'), length: bytes.length };
  }
  const [point] = /^\\(?:u[\da-fA-F]{1,4}|U[\da-fA-F]{1,8})/.exec(text.slice(at, at + 10)) ?? [];
  if (point !== undefined) {
    const value = Number.parseInt(point.slice(2), 16);
    return { piece: value > 0x10ffff ? '\ufffd' : String.fromCodePoint(value), length: point.length };
  }
  const next = text[at + 1] ?? '';
  return { piece: escapes[next] ?? next, length: 2 };
};
