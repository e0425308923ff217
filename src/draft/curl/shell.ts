import { markVariable, withoutMarks } from '../recorded/variables.ts';
import { isSecret } from '../secrets.ts';
import { contentOf, hereDocument, type HereDocument } from './here.ts';
import { quoted, ShellSyntaxError, substitutionEnd, variableAt, type Variables } from './quotes.ts';

/** A command: its words, and the line that it begins in. */
export interface Command {
  readonly line: number;
  readonly words: readonly string[];
  /** What a here-document, a here-string or an echo before it gives it to read. */
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
    isPowerShell: /\s`\r?\n|\bcurl\.exe\b[^]*(?:`"|'[^'\n]*\\")/i.test(script),
  });

/** @param firstLine the line of the script that the text begins in */
const read = (text: string, firstLine: number, variables: Variables): readonly Command[] => {
  const commands: Mutable<Command>[] = [];
  /** Which command reads what which one has written. */
  const pipes = new Map<number, number>();
  let words: string[] = [];
  let word: string | undefined;
  let line = firstLine;
  let begun = firstLine;
  let inner: Mutable<Command>[] = [];
  let substitutes: string[] = [];
  /** The command whose output the next one reads. */
  let before: number | undefined;
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
    if (words.length > 0 && !(isKept || (isAssignment && inner.length > 0))) {
      const input = hereString(words);
      if (before !== undefined) pipes.set(commands.length, before);
      commands.push({
        line: begun,
        words,
        ...(input === undefined ? {} : { input }),
        ...(substitutes.length === 0 ? {} : { substitutes }),
      });
    }
    before = undefined;
    words = [];
    inner = [];
    substitutes = [];
  };
  /** A command within another one, from its first character to the one behind its last; what stands for it. */
  const substitute = (from: number, end: number): string => {
    const isBacktick = text[from] === '`';
    const found = readSafely(text.slice(from + (isBacktick ? 1 : 2), end - 1), line, variables);
    const [only] = found;
    // Where it lies is asked: that it is meant is clear.
    if (found.length === 1 && /^(?:which|command|type)$/.test(only!.words[0]!) && only!.words.at(-1) === 'curl')
      return 'curl';
    const at = found.findIndex(({ words: inside }) => curlAt(inside) !== -1);
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
      if (char === '|' && next !== '|' && text[at - 1] !== '|') before = commands.length - 1;
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
    } else if (char === '(' && word !== undefined && /^[A-Za-z_]\w*\+?=$/.test(word)) {
      const end = substitutionEnd(text, at - 1) ?? text.length;
      const [list] = readSafely(text.slice(at + 1, end - 1).replaceAll('\n', ' '), line, variables);
      const name = word.replace(/\+?=$/, '');
      const first = word.endsWith('+=') ? (variables.lists.get(name) ?? []) : [];
      variables.lists.set(name, [...first, ...(list?.words ?? [])]);
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
  for (const [reader, writer] of pipes) {
    const input = outputOf(commands[writer]);
    if (input !== undefined && commands[reader] !== undefined) commands[reader].input ??= input;
  }
  return commands;
};

/** What a command writes that is given all it writes; undefined for any other. */
const outputOf = (command: Command | undefined): string | undefined => {
  const [program, ...words] = command?.words ?? [];
  if (program === 'cat' && words.every((word) => word === '-')) return command!.input;
  return program === 'echo' || (program === 'printf' && words.length === 1)
    ? words.filter((word) => !/^-[neE]+$/.test(word)).join(' ')
    : undefined;
};

/** What stands behind `<<<`, taken out of the words. */
const hereString = (words: string[]): string | undefined => {
  const at = words.findIndex((word) => word.startsWith('<<<'));
  if (at === -1) return undefined;
  const [mark = ''] = words.splice(at, 1);
  return mark === '<<<' ? words.splice(at, 1)[0] : mark.slice(3);
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

/** Where curl stands in the words of a command that runs it; -1 where it does not, but asks for it, or installs it. */
export const curlAt = (words: readonly string[]): number => {
  const at = words.findIndex((word) => /(?:^|[\\/])curl(?:\.exe)?$/i.test(word));
  const before = words.slice(0, Math.max(0, at));
  const isAsked = before.some(
    (word, index) => asks.test(word) || (word === 'command' && /^-[vV]$/.test(before[index + 1] ?? '')),
  );
  return isAsked ? -1 : at;
};

/** What does something with the name of a program, and does not run it. */
const asks =
  /^(?:which|whereis|type|hash|echo|printf|man|alias|install|add|upgrade|apt|apt-get|brew|apk|yum|dnf|pacman|choco)$/;

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
