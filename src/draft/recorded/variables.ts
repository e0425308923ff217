/** Around the name of a variable that a shell would put in: characters for private use, which no command needs. */
const [open, close] = ['\ue000', '\ue001'];

/** A text in which the name of a shell's variable is told apart from what is around it. */
export const markVariable = (name: string): string => `${open}${name}${close}`;

/** A text without the marks, for what comes from outside. */
export const withoutMarks = (text: string): string => text.replace(/[\ue000\ue001]/g, '');

/** A text with its variables written as a shell writes them. */
export const shown = (text: string): string => text.replace(/\ue000(\w+)\ue001/g, '$$$1');

/** The pieces of a text, where it has variables in it; undefined for a text without. */
export const commandVariable = (text: string): readonly (string | { readonly variable: string })[] | undefined =>
  text.includes(open)
    ? text
        .split(/(\ue000\w+\ue001)/)
        .filter((piece) => piece !== '')
        .map((piece) => (piece.startsWith(open) ? { variable: piece.slice(1, -1) } : piece))
    : undefined;
