import { markVariable, withoutMarks } from '../recorded/variables.ts';
import { isSecret } from '../secrets.ts';
import { curlAt, hereString, isFilter, outputOf, type Command } from './command.ts';
import { functionAt, type ShellFunction } from './functions.ts';
import { contentOf, hereDocument, type HereDocument } from './here.ts';
import { quoted, ShellSyntaxError, substitutionEnd, variableAt, type Variables } from './quotes.ts';

/**
 * The commands of a shell script, as far as it runs one program after the other: words with `'…'`, `"…"`, `$'…'` and `\`, lines
 * continued with `\`, `^` or a backtick, here-documents, comments. `$NAME` and `${NAME}` become what the script has set, otherwise
 * marks. A command in `$(…)` or in backticks comes before the one that contains it. Nothing is ever run.
 *
 * @throws {ShellSyntaxError}
 */
export const commandsIn = (script: string): readonly Command[] =>
  read(withoutMarks(script).replaceAll('\r\n', '\n'), 1, {
    texts: new Map(),
    lists: new Map(),
    functions: new Map(),
    depth: 0,
    calls: { left: mostCalls },
    isPowerShell: /\s`\r?\n|\bcurl\.exe\b[^]*(?:`"|'[^'\n]*\\")/i.test(script),
  });

/** @param firstLine the line of the script that the text starts on */
const read = (text: string, firstLine: number, variables: Variables): readonly Command[] => {
  const commands: Mutable<Command>[] = [];
  /** Reader → writer, by the index of the commands. */
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
  const clear = (): void => {
    before = undefined;
    words = [];
    inner = [];
    substitutes = [];
  };
  /** Adds the commands of a function, with the arguments of the call, in place of the call. */
  const call = ({ body, line: from }: ShellFunction, args?: string[]): void => {
    const { args: _, ...others } = variables;
    const known = { ...others, ...(args === undefined ? {} : { args }), depth: variables.depth + 1 };
    commands.push(...inner, ...readSafely(body, from, known));
    clear();
  };
  const endCommand = (): void => {
    endWord();
    const [only = '', ...more] = words;
    const isFollowed = variables.depth < deepest && variables.calls.left > 0;
    const called = isFollowed ? variables.functions.get(only) : undefined;
    if (called !== undefined) {
      variables.calls.left--;
      called.isCalled = true;
      return call(called, more);
    }
    if (only === 'shift' && variables.args !== undefined) variables.args.splice(0, Number(more[0] ?? 1));
    const assigned = assignmentIn(
      /^(?:export|local|readonly|declare|typeset)$/.test(only) ? (more.at(-1) ?? '') : only,
    );
    const isAssignment = assigned !== undefined && (more.length === 0 || only !== assigned.whole);
    const first = inner[0];
    if (isAssignment && first !== undefined) first.into = { name: assigned.name, filter: inner[1]?.words ?? [] };
    // The value of a variable with a secret's name is read from the environment, and goes into no file.
    const isKept =
      isAssignment && inner.length === 0 && (!isSecret(assigned.name, 'x') || /^[\w-]+:\s/.test(assigned.value));
    const several = isKept && more.length > 1 ? more.flatMap((one) => assignmentIn(one) ?? []) : [];
    for (const { name, value } of isKept && substitutes.length === 0 ? [...several, assigned] : [])
      if (name === assigned?.name || !isSecret(name, 'x')) variables.texts.set(name, value);
    // A filter of a request's output is not reported as a missing request.
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
    clear();
  };
  /** Reads a command substitution from its first character to the end of its last one. Gives what stands for it. */
  const substitute = (from: number, end: number): string => {
    const isBacktick = text[from] === '`';
    const found = readSafely(text.slice(from + (isBacktick ? 1 : 2), end - 1), line, variables);
    const [only] = found;
    // It asks for the path of curl, so curl is what it stands for.
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
    } else if (word === undefined && words.length === 0 && functionAt(text, at) !== undefined) {
      const { name, body, from, end } = functionAt(text, at)!;
      line += text.slice(at, from).split('\n').length - 1;
      variables.functions.set(name, { body, line, isCalled: false });
      line += body.split('\n').length - 1;
      at = end;
    } else if (word === undefined && listAt(text, at, variables) !== undefined) {
      const { list, length } = listAt(text, at, variables)!;
      if (words.length === 0) begun = line;
      words.push(...list);
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
      // A variable alone and unquoted is split into words by a shell: `curl $OPTIONS …`.
      const isAlone = word === undefined && /^(?:\s|$)/.test(text.slice(at, at + 1));
      if (variable !== undefined && isAlone && /\s/.test(variable)) {
        if (words.length === 0) begun = line;
        words.push(...variable.trim().split(/\s+/));
      } else add(variable ?? whole);
    }
  }
  endCommand();
  // A function that is never called here is read without arguments.
  for (const one of variables.depth === 0 && firstLine === 1 ? variables.functions.values() : [])
    if (!one.isCalled && /\bcurl\b/.test(one.body)) call(one);
  for (const [reader, writer] of pipes) {
    const input = outputOf(commands[writer]);
    if (input !== undefined && commands[reader] !== undefined) commands[reader].input ??= input;
  }
  return commands;
};

/** What is not a command after all counts as text. */
const readSafely = (text: string, firstLine: number, variables: Variables): readonly Command[] => {
  try {
    return read(text, firstLine, variables);
  } catch (error) {
    if (error instanceof ShellSyntaxError) return [];
    throw error;
  }
};

/** All words of a list, `"${HEADERS[@]}"`, or of a function's arguments, `"$@"`, `"${@:2}"`. */
const listAt = (
  text: string,
  at: number,
  { lists, args }: Variables,
): { readonly list: readonly string[]; readonly length: number } | undefined => {
  const [whole, , name, , from] =
    /^("?)\$(?:\{([A-Za-z_]\w{0,60})\[[@*]\]\}|(@|\{@(?::(\d))?\}))\1(?=\s|$)/.exec(text.slice(at, at + 80)) ?? [];
  if (whole === undefined) return undefined;
  const list = name === undefined ? args?.slice(Number(from ?? 1) - 1) : lists.get(name);
  return { list: list ?? [markVariable(name ?? 'ARGS')], length: whole.length };
};

/** Endless recursion between functions stops here. */
const deepest = 5;
const mostCalls = 500;

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

const assignmentIn = (
  word: string,
): { readonly whole: string; readonly name: string; readonly value: string } | undefined => {
  const match = /^([A-Za-z_]\w{0,60})=([^]*)$/.exec(word);
  return match === null ? undefined : { whole: word, name: match[1]!, value: match[2]! };
};
