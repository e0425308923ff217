/**
 * Whether a command is written for cmd.exe, as browsers copy it there: its lines go on behind a caret, its quotes have one before
 * them or, within others, are doubled.
 */
export const isForCmd = (text: string): boolean =>
  /\bcurl(?:\.exe)?\s[^\n]*?(?:\^"|\^\r?\n)/i.test(text) ||
  (!text.includes("'") && /\w""/.test(text) && /""\w/.test(text));

/** A command for cmd.exe as one for a shell: carets taken away, what is in quotes as it reaches the program. */
export const fromCmd = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    // A line break within quotes, which some close before it and open again.
    .replaceAll(/"\^\n\n"|\^\n\n/g, () => '\n')
    .replaceAll(/\^\n/g, () => ' ')
    .replaceAll(/\^([^\n])/g, '$1')
    .replaceAll(/"((?:[^"\\]|\\[^]|"")*)"/g, (_, inside: string) => {
      const value = inside
        .replaceAll('""', '"')
        .replaceAll(/(\\+)(?=")/g, (all) => '\\'.repeat(Math.floor(all.length / 2)));
      return `'${value.replaceAll("'", String.raw`'\''`)}'`;
    });
