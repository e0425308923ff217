/** Delimiters around the name of a shell variable: private-use characters, which no command needs. */
const [open, close] = ['\ue000', '\ue001'];

/** Marks the name of a shell variable, to tell it apart from the text around it. */
export const markVariable = (name: string): string => `${open}${name}${close}`;

/** Removes the marks, for text from outside. */
export const withoutMarks = (text: string): string => text.replace(/[\ue000\ue001]/g, '');

/** A text with its variables in shell notation. */
export const shown = (text: string): string => text.replace(/\ue000(\w+)\ue001/g, '$$$1');

/** The pieces of a text with variables in it. `undefined` for a text without. */
export const commandVariable = (text: string): readonly (string | { readonly variable: string })[] | undefined =>
  text.includes(open)
    ? text
        .split(/(\ue000\w+\ue001)/)
        .filter((piece) => piece !== '')
        .map((piece) => (piece.startsWith(open) ? { variable: piece.slice(1, -1) } : piece))
    : undefined;
