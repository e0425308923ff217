const escape = '\u001b';
const bell = '\u0007';

/** Strings that control a terminal (titles, links, palettes): introducer, text, terminator. */
const commands = new RegExp(
  `(?:${escape}[\\]PX^_]|[\u0090\u0098\u009d-\u009f])[^${bell}${escape}\u0090\u0098\u009c-\u009f]*(?:${bell}|${escape}\\\\|\u009c)`,
  'g',
);
/** Colours, cursor movements and the other short sequences. */
const sequences = new RegExp(`(?:${escape}\\[|\u009b)[0-?]*[ -/]*[@-~]|${escape}[ -/]*[0-Z\\\\-~]`, 'g');
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

/**
 * Text from outside, made safe to print: one line, no control characters or escape sequences, nothing invisible or that changes
 * the direction of writing, at most `most` columns.
 */
export const plain = (text: string, most: number): string =>
  cut(
    text
      .replace(commands, '')
      .replace(sequences, '')
      .replace(/[\s\u0085]+/g, ' ')
      .replace(/[\p{Cc}\p{Cf}]/gu, '')
      .replace(/[\p{Cs}\p{Co}\p{Cn}]/gu, '\ufffd')
      // Marks combine with the letter before them and take no column: a pile of them would cover the lines above.
      .replace(/(\p{M}{2})\p{M}+/gu, '$1')
      .trim(),
    most,
  );

/** How many columns of a terminal a text takes: two for an East Asian letter or an emoji, none for a combining mark. */
export const widthOf = (text: string): number => {
  let columns = 0;
  for (const character of text) columns += widthOfOne(character);
  return columns;
};

/** The text in at most `most` columns; what does not fit is replaced by `…`. */
export const cut = (text: string, most: number): string => {
  if (widthOf(text) <= most) return text;
  let kept = '';
  let columns = 1;
  for (const character of text) {
    columns += widthOfOne(character);
    if (columns > most) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
};

/** The text in lines of at most `width` columns, broken at spaces; a longer word is broken where it must be. */
export const wrap = (text: string, width: number): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of words(text, width)) {
    if (line === '') line = word;
    else if (widthOf(line) + 1 + widthOf(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === '' ? lines : [...lines, line];
};

/** Splits into words, keeping a number and its unit together: `40 %`, `4.5 ms`. */
const words = (text: string, width: number): string[] =>
  text
    .split(/ +(?!(?:%|×|µs|ms|s|min)(?![\p{L}\p{N}]))/u)
    .filter((word) => word !== '')
    .flatMap((word) => (widthOf(word) <= width ? [word] : pieces(word, width)));

const pieces = (word: string, width: number): string[] => {
  const out: string[] = [''];
  for (const character of word) {
    if (widthOf(out.at(-1)! + character) > width) out.push('');
    out[out.length - 1] += character;
  }
  return out;
};

const widthOfOne = (character: string): number => {
  if (character < '\u0300') return 1;
  if (/\p{M}/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
};
