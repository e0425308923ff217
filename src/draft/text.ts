/** Escapes a text so that a template gives it back unchanged: `${` has no meaning in it. */
export const plain = (text: string): string => text.replaceAll('${', () => '$${');

/** A template of texts and expressions, each expression in a list of its own: `['Bearer ', ['token']]`. */
export const templateOf = (parts: readonly (string | readonly [expression: string])[]): string =>
  parts
    .map((part, at) => {
      if (typeof part !== 'string') return `\${${part[0]}}`;
      const text = plain(part);
      // A dollar right before an expression would escape it.
      return text.endsWith('$') && typeof parts[at + 1] === 'object' ? `${text.slice(0, -1)}\${"$"}` : text;
    })
    .join('');

/** One line that is safe in a terminal and a comment, cut if it is long. */
export const oneLine = (text: string, most = 160): string => {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ')
    .replaceAll('\ufffd', '?')
    .trim();
  return line.length > most ? `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/u, '')}…` : line;
};

/** The literal part of a path: what a request line cannot hold, and what looks like a variable, is percent-encoded. */
export const pathText = (text: string): string =>
  text
    .replace(/[^\x21-\x7e]+/gu, (piece) => encodeURIComponent(wellFormed(piece)))
    .replaceAll(/[?#]|(?<!\$)\{(?=\w+\})|\$(?=\w)/gu, encodeURIComponent);

/** Replaces half surrogate pairs, which cannot be encoded, with the replacement character. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');

/** Whether a scenario accepts a text as a key: none may reach an object's prototype. */
export const isKey = (text: string): boolean =>
  !['__proto__', 'constructor', 'prototype'].includes(text) && !/\p{Cs}/u.test(text);

/** The first lines, and how many more there were. */
export const told = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`];
