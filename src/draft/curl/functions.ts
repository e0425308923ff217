/** A function that a script defines. */
export interface ShellFunction {
  readonly body: string;
  /** The line of the script that its body starts on. */
  readonly line: number;
  isCalled: boolean;
}

/** The function defined at a position: `name() { … }`. `undefined` if there is none, or if it does not end. */
export const functionAt = (
  text: string,
  at: number,
): { readonly name: string; readonly body: string; readonly from: number; readonly end: number } | undefined => {
  const [head, first, second] =
    /^(?:function\s+([\w-]{1,60})\s*(?:\(\s*\))?|([A-Za-z_][\w-]{0,60})\s*\(\s*\))\s*\{(?=\s)/.exec(
      text.slice(at, at + 200),
    ) ?? [];
  if (head === undefined) return undefined;
  const from = at + head.length;
  const close = braceEnd(text, from);
  return close === undefined
    ? undefined
    : { name: first ?? second!, body: text.slice(from, close), from, end: close + 1 };
};

/** The closing brace of what was opened before a position: a brace that stands alone, outside quotes and comments. */
const braceEnd = (text: string, from: number): number | undefined => {
  let depth = 1;
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const char = text[at]!;
    const isAlone = /[\s;]/.test(text[at - 1] ?? ' ');
    if (char === '\\' && quote !== "'") at++;
    else if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '#' && isAlone) {
      const end = text.indexOf('\n', at);
      if (end === -1) return undefined;
      at = end;
    } else if (char === '{' && isAlone && /\s/.test(text[at + 1] ?? ' ')) depth++;
    else if (char === '}' && isAlone && --depth === 0) return at;
  }
  return undefined;
};
