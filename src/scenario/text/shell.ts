import { split } from 'shlex';

/** A text split into words like a shell does. */
export interface Split {
  /** Templates in them stay whole, whatever they contain. */
  readonly words: readonly string[];
  /** The first word that a shell would not take as a word: `&&`, `>log`. */
  readonly acted?: string;
  /** The first word that a shell would replace: `$HOME`, `*.js`. */
  readonly expanded?: string;
  /** It continues after the end of a line. */
  readonly isTwoLines: boolean;
}

/** What a shell acts on, outside quotes. */
const operator = /[&|;<>()]|(?<!\S)#/u;
/** What a shell expands, even in double quotes. */
const expansion = /(?<!\$)\$[\w(?@*#!-]|`/u;
const bareExpansion = /(?<!\S)~|\*/u;

const template = /(?<!\$)\$\{[^}]*\}/gu;
/** Has no meaning in any text: it stands for a template while a text is split. */
const held = '\uE000';
/** Templates, escapes, and quoted text. */
const taken = /(?<!\$)\$\{[^}]*\}|\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"/gu;

/**
 * Splits a text into words like a shell does, and says what else a shell would do.
 *
 * @throws if a quote is never closed
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
    // Python's shlex, which this follows, leaves the backslash there.
    return found.startsWith('"') ? found.replace(/\\([$`])/gu, '$1') : found;
  });
  return split(plain).map((word) => word.replaceAll(held, () => templates[at++]!));
};

/** A text with everything blanked out that a shell takes literally. */
const blotted = (text: string, isDoubleOpen: boolean): string =>
  text.replace(taken, (found) =>
    isDoubleOpen && found.startsWith('"') ? found.replace(/(?<!\$)\$\{[^}]*\}|\\[\s\S]|[\s'"]/gu, blot) : blot(found),
  );

const blot = (found: string): string => 'x'.repeat(found.length);

/** The word of a text at the position where its blanked-out form has a match. */
const wordAround = (text: string, blottedText: string, what: RegExp): string | undefined => {
  const at = blottedText.search(what);
  if (at < 0) return undefined;
  const from = blottedText.slice(0, at).search(/\S*$/u);
  return text.slice(from, at + blottedText.slice(at).search(/\s|$/u));
};
