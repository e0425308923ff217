/** Whether a command is written for cmd.exe, as browsers copy it there: its quotes with a caret before them. */
export const isForCmd = (text: string): boolean => /\bcurl(?:\.exe)?\s[^\n]*?\^"/i.test(text);

/** A command for cmd.exe as one for a shell: carets taken away, what is in quotes as it reaches the program. */
export const fromCmd = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(/\^\n\n/g, () => '\n')
    .replaceAll(/\^\n/g, () => ' ')
    .replaceAll(/\^([^\n])/g, '$1')
    .replaceAll(/"((?:[^"\\]|\\[^])*)"/g, (_, inside: string) => {
      const value = inside.replaceAll(/(\\+)(?=")/g, (all) => '\\'.repeat(Math.floor(all.length / 2)));
      return `'${value.replaceAll("'", String.raw`'\''`)}'`;
    });
