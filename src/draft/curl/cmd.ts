/**
 * Whether a command is written for cmd.exe, as browsers copy it there: lines end in a caret to continue, and quotes have one in
 * front or, inside other quotes, are doubled.
 */
export const isForCmd = (text: string): boolean =>
  /\bcurl(?:\.exe)?\s[^\n]*?(?:\^"|\^\r?\n)/i.test(text) ||
  (!text.includes("'") && /\w""/.test(text) && /""\w/.test(text));

/** Turns a command for cmd.exe into one for a shell: carets removed, quoted text as the program gets it. */
export const fromCmd = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    // A line break in quotes. Some browsers close the quotes before it and open them again after it.
    .replaceAll(/"\^\n\n"|\^\n\n/g, () => '\n')
    .replaceAll(/\^\n/g, () => ' ')
    .replaceAll(/\^([^\n])/g, '$1')
    .replaceAll(/"((?:[^"\\]|\\[^]|"")*)"/g, (_, inside: string) => {
      const value = inside
        .replaceAll('""', '"')
        .replaceAll(/(\\+)(?=")/g, (all) => '\\'.repeat(Math.floor(all.length / 2)));
      return `'${value.replaceAll("'", String.raw`'\''`)}'`;
    });
