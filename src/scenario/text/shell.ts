import { split } from 'shlex';

/** A text as a shell would read it, had it one word for each of its own. */
export interface Split {
  /** Templates in them are whole, whatever they have inside. */
  readonly words: readonly string[];
  /** The first word of which a shell would make something else than a word: `&&`, `>log`. */
  readonly acted?: string;
  /** The first word instead of which a shell would put another: `$HOME`, `*.js`. */
  readonly expanded?: string;
  /** It goes on after the end of a line. */
  readonly isTwoLines: boolean;
}

/** What a shell acts on, where it is in no quotes. */
const operator = /[&|;<>()]|(?<!\S)#/u;
/** What a shell puts something else instead of, in double quotes, too. */
const expansion = /(?<!\$)\$[\w(?@*#!-]|`/u;
const bareExpansion = /(?<!\S)~|\*/u;

const template = /(?<!\$)\$\{[^}]*\}/gu;
/** Of no meaning to anybody: it stands for a template while a text is split. */
const held = '\uE000';
/** Templates, what is escaped, and what is quoted. */
const taken = /(?<!\$)\$\{[^}]*\}|\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"/gu;

/**
 * Splits a text into words as a shell splits it, and says what a shell would do beyond that.
 *
 * @throws where a quote is never closed
 */
export const splitAsShell = (text: string): Split => {
  const [bare, open] = [blotted(text, false), blotted(text, true)];
  const acted = wordAround(text, bare, operator);
  const expanded = wordAround(text, open, expansion) ?? wordAround(text, bare, bareExpansion);
  return {
    words: wordsIn(text),
    ...(acted === undefined ? {} : { acted }),
    ...(expanded === undefined ? {} : { expanded }),
    isTwoLines: bare.trim().includes('\n'),
  };
};

const wordsIn = (text: string): string[] => {
  const templates = text.match(template) ?? [];
  let at = 0;
  const plain = text.replace(template, held).replace(taken, (found) => {
    if (found === '\\\n') return '';
    // Python's shlex, which this is after, leaves the backslash there.
    return found.startsWith('"') ? found.replace(/\\([$`])/gu, '$1') : found;
  });
  return split(plain).map((word) => word.replaceAll(held, () => templates[at++]!));
};

/** A text with everything in it blotted out that a shell takes as it is. */
const blotted = (text: string, isDoubleOpen: boolean): string =>
  text.replace(taken, (found) =>
    isDoubleOpen && found.startsWith('"') ? found.replace(/(?<!\$)\$\{[^}]*\}|\\[\s\S]|[\s'"]/gu, blot) : blot(found),
  );

const blot = (found: string): string => 'x'.repeat(found.length);

/** The word of a text in which its blotted form has something. */
const wordAround = (text: string, blottedText: string, what: RegExp): string | undefined => {
  const at = blottedText.search(what);
  if (at < 0) return undefined;
  const from = blottedText.slice(0, at).search(/\S*$/u);
  return text.slice(from, at + blottedText.slice(at).search(/\s|$/u));
};
