/**
 * For a YAML syntax error on a line with an unquoted `${` inside `{ }` or `[ ]`: where the word starts, and how to fix it.
 *
 * In a flow collection YAML reads the `{` of `${` as the start of a map, and reports the rest in many pieces.
 */
export const quoteHint = (
  text: string,
  errorAt: number,
): { readonly offset: number; readonly hint: string } | undefined => {
  const from = text.lastIndexOf('\n', errorAt - 1) + 1;
  const lineEnd = text.indexOf('\n', errorAt);
  const line = text.slice(from, lineEnd === -1 ? text.length : lineEnd);
  const dollar = unquotedTemplate(line, errorAt - from);
  if (dollar === -1) return undefined;
  let start = dollar;
  while (start > 0 && !/[\s,{[]/.test(line[start - 1]!)) start--;
  let end = dollar;
  while (end < line.length && !/[\s,}\]]/.test(line[end]!)) {
    const close = line.startsWith('${', end) ? line.indexOf('}', end) : end;
    end = (close === -1 ? line.length : close) + 1;
  }
  const word = line.slice(start, end);
  return { offset: from + start, hint: `quote it: "${word.replace(/["\\]/g, '\\$&')}"` };
};

/**
 * The first `${` on the line that is not in quotes or a comment, and is in a flow collection or where the error is. -1 if there is
 * none.
 */
const unquotedTemplate = (line: string, errorAt: number): number => {
  let quote = '';
  let inFlow = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (quote !== '') {
      if (quote === '"' && char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '#' && /^$|\s/.test(line[at - 1] ?? '')) return -1;
    else if (line.startsWith('${', at)) {
      if (inFlow || errorAt === at || errorAt === at + 1) return at;
      at++;
    } else if (char === '{' || char === '[') inFlow = true;
    else if ((char === '"' || char === "'") && /^$|[\s,{[:]/.test(line[at - 1] ?? '')) quote = char;
  }
  return -1;
};
