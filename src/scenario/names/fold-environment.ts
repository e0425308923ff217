/** A name of the environment inside an expression: `env.NAME`, `env["NAME"]`. */
const use = /env\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*(?:"(\w+)"|'(\w+)')\s*\])/y;

/** Keys whose texts are not templates: names, which are shown, and references to them. */
const plainKeys = new Set(['name', 'step', 'target']);

/** Keys below which the author chooses the keys: a member `name` of a JSON body is a template like any other. */
const ownKeys = new Set(['json', 'headers', 'body', 'capture']);

/**
 * A part of the plan with `${env.NAME}` replaced by its value as a literal: `${"value"}`. That is treated like any other value
 * (percent-encoded in a path, free of line breaks in a header), and costs nothing when requests are sent.
 */
export const foldEnvironment = <T>(part: T, values: ReadonlyMap<string, string>): T =>
  values.size === 0 ? part : (foldedIn(part, values) as T);

const foldedIn = (part: unknown, values: ReadonlyMap<string, string>, isOwn = false): unknown => {
  if (typeof part === 'string') return part.includes('${') ? folded(part, values) : part;
  if (Array.isArray(part)) return part.map((item) => foldedIn(item, values, isOwn));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      typeof value === 'string' && plainKeys.has(key) && !isOwn
        ? value
        : foldedIn(value, values, isOwn || ownKeys.has(key)),
    ]),
  );
};

/** The template with the environment's values as literals. */
export const folded = (template: string, values: ReadonlyMap<string, string>): string => {
  let text = '';
  let quote = '';
  let isInside = false;
  for (let at = 0; at < template.length; at++) {
    const char = template[at]!;
    if (!isInside) {
      isInside = char === '{' && template[at - 1] === '$' && template[at - 2] !== '$';
    } else if (quote !== '') {
      if (char === '\\') text += template[at++]!;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '}') isInside = false;
    else if (char === 'e' && !/[\w$.]/.test(template[at - 1]!)) {
      use.lastIndex = at;
      const [whole, ...names] = use.exec(template) ?? [];
      const value = values.get(names.find((name) => name !== undefined) ?? '');
      if (whole !== undefined && value !== undefined) {
        text += JSON.stringify(value);
        at += whole.length - 1;
        continue;
      }
    }
    text += template[at] ?? '';
  }
  return text;
};
