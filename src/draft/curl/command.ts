/** A command: its words, and the line it starts on. */
export interface Command {
  readonly line: number;
  readonly words: readonly string[];
  /** Its standard input, from a here-document, a here-string or an echo before it. */
  readonly input?: string;
  /** The variable that its output is assigned to, `ID=$(…)`, and the words of the command that filters it. */
  readonly into?: { readonly name: string; readonly filter: readonly string[] };
  /** Parts of words that only a shell could run: `$(…)`, backticks. */
  readonly substitutes?: readonly string[];
}

/** The index of curl in the words of a command that runs it. -1 if it does not, or only looks curl up or installs it. */
export const curlAt = (words: readonly string[]): number => {
  const at = words.findIndex((word) => /(?:^|[\\/])curl(?:\.exe)?$/i.test(word));
  const before = words.slice(0, Math.max(0, at));
  const isAsked = before.some(
    (word, index) => asks.test(word) || (word === 'command' && /^-[vV]$/.test(before[index + 1] ?? '')),
  );
  return isAsked ? -1 : at;
};

/** Programs that do something with a program's name, but do not run it. */
const asks =
  /^(?:which|whereis|type|hash|echo|printf|man|alias|install|add|upgrade|apt|apt-get|brew|apk|yum|dnf|pacman|choco)$/;

/** Whether a command only processes another one's output, and sends nothing. */
export const isFilter = ({ words }: Command): boolean =>
  /^(?:jq|grep|egrep|sed|awk|cut|tr|head|tail|tee|cat|wc|sort|uniq|xargs|python3?|node|column|less)$/.test(
    words[0] ?? '',
  );

/** The output of a command whose output is certain. `undefined` for any other. */
export const outputOf = (command: Command | undefined): string | undefined => {
  const [program, ...words] = command?.words ?? [];
  if (program === 'cat' && words.every((word) => word === '-')) return command!.input;
  return program === 'echo' || (program === 'printf' && words.length === 1)
    ? words.filter((word) => !/^-[neE]+$/.test(word)).join(' ')
    : undefined;
};

/** The text after `<<<`, removed from the words. */
export const hereString = (words: string[]): string | undefined => {
  const at = words.findIndex((word) => word.startsWith('<<<'));
  if (at === -1) return undefined;
  const [mark = ''] = words.splice(at, 1);
  return mark === '<<<' ? words.splice(at, 1)[0] : mark.slice(3);
};
