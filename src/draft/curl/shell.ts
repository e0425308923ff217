import { markVariable, withoutMarks } from '../recorded/variables.ts';
import { isSecret } from '../secrets.ts';
import { quoted, ShellSyntaxError, substitutionEnd, variableAt, type Variables } from './quotes.ts';

/** A command: its words, and the line that it begins in. */
export interface Command {
  readonly line: number;
  readonly words: readonly string[];
  /** What a here-document gives it to read. */
  readonly input?: string;
  /** The variable that its output is put into, `ID=$(…)`, and the words of the command that takes it apart. */
  readonly into?: { readonly name: string; readonly filter: readonly string[] };
  /** What a shell would run to get a word: `$(…)`, in backticks. */
  readonly substitutes?: readonly string[];
}

/**
 * The commands of a shell script as far as it runs one program after the other: words with `'…'`, `"…"`, `$'…'` and `\`, lines
 * that go on after `\`, `^` or a backtick, here-documents, comments. `$NAME` and `${NAME}` are what the script has set, else
 * marks; a command in `$(…)`, or in backticks, stands before the one that it is in. Nothing is ever run.
 *
 * @throws {ShellSyntaxError}
 */
export const commandsIn = (script: string): readonly Command[] =>
  read(withoutMarks(script).replaceAll('\r\n', '\n'), 1, {
    texts: new Map(),
    lists: new Map(),
    isPowerShell: /\s`\r?\n/.test(script),
  });

/** @param firstLine the line of the script that the text begins in */
const read = (text: string, firstLine: number, variables: Variables): readonly Command[] => {
  const commands: Mutable<Command>[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let line = firstLine;
  let begun = firstLine;
  let inner: Mutable<Command>[] = [];
  let substitutes: string[] = [];
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
    const [only = '', ...more] = words;
    const assigned = assignmentIn(
      /^(?:export|local|readonly|declare|typeset)$/.test(only) ? (more.at(-1) ?? '') : only,
    );
    const isAssignment = assigned !== undefined && (more.length === 0 || only !== assigned.whole);
    const first = inner[0];
    if (isAssignment && first !== undefined) first.into = { name: assigned.name, filter: inner[1]?.words ?? [] };
    // What a variable with such a name holds is read from the environment, and in no file.
    const isKept =
      isAssignment && inner.length === 0 && (!isSecret(assigned.name, 'x') || /^[\w-]+:\s/.test(assigned.value));
    if (isKept && substitutes.length === 0) variables.texts.set(assigned.name, assigned.value);
    // What takes the output of a request apart is no request that is missing.
    commands.push(...inner.filter((one, at) => at === 0 || !isFilter(one)));
    if (words.length > 0 && !(isKept || (isAssignment && inner.length > 0)))
      commands.push({ line: begun, words, ...(substitutes.length === 0 ? {} : { substitutes }) });
    words = [];
    inner = [];
    substitutes = [];
  };
  /** A command within another one, from its first character to the one behind its last; what stands for it. */
  const substitute = (from: number, end: number): string => {
    const isBacktick = text[from] === '`';
    const found = readSafely(text.slice(from + (isBacktick ? 1 : 2), end - 1), line, variables);
    const at = found.findIndex(isCurl);
    if (at === -1) substitutes.push(isBacktick ? '`…`' : '$(…)');
    else inner.push(...found.slice(at));
    return text.slice(from, end);
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
      const { value, end } = contentOf(text, at + 1, here.document, variables);
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
    } else if (word === undefined && listAt(text, at) !== undefined) {
      const { name, length } = listAt(text, at)!;
      if (words.length === 0) begun = line;
      words.push(...(variables.lists.get(name) ?? [markVariable(name)]));
      at += length;
    } else if (char === '(' && word !== undefined && /^[A-Za-z_]\w*=$/.test(word)) {
      const end = substitutionEnd(text, at - 1) ?? text.length;
      const [list] = readSafely(text.slice(at + 1, end - 1).replaceAll('\n', ' '), line, variables);
      variables.lists.set(word.slice(0, -1), list?.words ?? []);
      line += text.slice(at, end).split('\n').length - 1;
      at = end;
      word = undefined;
    } else if (char === '`' && variables.isPowerShell && next !== undefined) {
      add(next);
      at += 2;
    } else if ((char === '$' && next === '(') || char === '`') {
      const end = substitutionEnd(text, at);
      add(end === undefined ? char : substitute(at, end));
      line += text.slice(at, end ?? at).split('\n').length - 1;
      at = end ?? at + 1;
    } else if (char === "'" || char === '"' || (char === '$' && next === "'")) {
      const quote = char === '$' ? "$'" : char;
      const value = quoted(text, at + quote.length, quote, { line, variables, substitute });
      add(value.value);
      line += text.slice(at, value.end).split('\n').length - 1;
      at = value.end;
    } else if (char === '\\' && next !== undefined) {
      add(next);
      at += 2;
    } else {
      const [whole, variable] = variableAt(text, at, variables);
      at += whole.length;
      // Where it stands alone in no quotes, a shell takes its words apart: `curl $OPTIONS …`.
      const isAlone = word === undefined && /^(?:\s|$)/.test(text.slice(at, at + 1));
      if (variable !== undefined && isAlone && /\s/.test(variable)) {
        if (words.length === 0) begun = line;
        words.push(...variable.trim().split(/\s+/));
      } else add(variable ?? whole);
    }
  }
  endCommand();
  return commands;
};

/** What is no command after all is a text. */
const readSafely = (text: string, firstLine: number, variables: Variables): readonly Command[] => {
  try {
    return read(text, firstLine, variables);
  } catch (error) {
    if (error instanceof ShellSyntaxError) return [];
    throw error;
  }
};

/** All words of a list, `"${HEADERS[@]}"`. */
const listAt = (text: string, at: number): { readonly name: string; readonly length: number } | undefined => {
  const match = /^("?)\$\{([A-Za-z_]\w{0,60})\[[@*]\]\}\1(?=\s|$)/.exec(text.slice(at, at + 80));
  return match === null ? undefined : { name: match[2]!, length: match[0].length };
};

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

/** Whether a command is one of curl's. */
const isCurl = ({ words }: Command): boolean => words.some((word) => /(?:^|[\\/])curl(?:\.exe)?$/i.test(word));

/** Whether a command reads what another one has written, and sends nothing. */
const isFilter = ({ words }: Command): boolean =>
  /^(?:jq|grep|egrep|sed|awk|cut|tr|head|tail|tee|cat|wc|sort|uniq|xargs|python3?|node|column|less)$/.test(
    words[0] ?? '',
  );

const assignmentIn = (
  word: string,
): { readonly whole: string; readonly name: string; readonly value: string } | undefined => {
  const match = /^([A-Za-z_]\w{0,60})=([^]*)$/.exec(word);
  return match === null ? undefined : { whole: word, name: match[1]!, value: match[2]! };
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
