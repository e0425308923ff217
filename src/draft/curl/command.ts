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
export const isFilter = ({ words }: Command): boolean =>
  /^(?:jq|grep|egrep|sed|awk|cut|tr|head|tail|tee|cat|wc|sort|uniq|xargs|python3?|node|column|less)$/.test(
    words[0] ?? '',
  );

/** What a command writes that is given all it writes; undefined for any other. */
export const outputOf = (command: Command | undefined): string | undefined => {
  const [program, ...words] = command?.words ?? [];
  if (program === 'cat' && words.every((word) => word === '-')) return command!.input;
  return program === 'echo' || (program === 'printf' && words.length === 1)
    ? words.filter((word) => !/^-[neE]+$/.test(word)).join(' ')
    : undefined;
};

/** What stands behind `<<<`, taken out of the words. */
export const hereString = (words: string[]): string | undefined => {
  const at = words.findIndex((word) => word.startsWith('<<<'));
  if (at === -1) return undefined;
  const [mark = ''] = words.splice(at, 1);
  return mark === '<<<' ? words.splice(at, 1)[0] : mark.slice(3);
};
