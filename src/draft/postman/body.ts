import { bodyOf, headerOf, type RecordedBody, type RecordedPart } from '../recorded/exchange.ts';
import { oneLine } from '../text.ts';
import { listOf, mapOf, pairsOf, textOf, type Fill, type Map } from './maps.ts';

const languages: { readonly [language: string]: string } = {
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  javascript: 'application/javascript',
  text: 'text/plain',
};

/** The body of a request, its content type, and what is left out of it. */
export const bodyIn = (
  given: Map,
  headers: readonly (readonly [string, string])[],
  fill: Fill,
): {
  readonly body?: RecordedBody;
  readonly headers: readonly (readonly [string, string])[];
  readonly left?: string;
} => {
  const mode = textOf(given['mode']);
  if (given['disabled'] === true || mode === '') return { headers: [] };
  const said = headerOf(headers, 'content-type');
  if (mode === 'raw') {
    const text = fill(textOf(given['raw']));
    if (text === '') return { headers: [] };
    const language = textOf(mapOf(mapOf(given['options'])['raw'])['language']);
    const type = said ?? languages[language] ?? (/^\s*[[{]/.test(text) ? 'application/json' : 'text/plain');
    const body = bodyOf(text, type);
    return { body, headers: said === undefined && body.kind === 'text' ? [['content-type', type]] : [] };
  }
  if (mode === 'urlencoded') return { body: { kind: 'form', fields: pairsOf(given['urlencoded'], fill) }, headers: [] };
  if (mode === 'graphql') {
    const { query, variables } = mapOf(given['graphql']);
    const inside = fill(textOf(variables));
    const text = JSON.stringify({ query: fill(textOf(query)), ...jsonVariables(inside) });
    return { body: bodyOf(text, 'application/json'), headers: [] };
  }
  if (mode === 'file') return { body: { kind: 'file', file: textOf(mapOf(given['file'])['src']) }, headers: [] };
  if (mode !== 'formdata') return { headers: [], left: `its body, which is ${oneLine(mode, 20)}` };
  const parts = listOf(given['formdata'])
    .map(mapOf)
    .filter((one) => one['disabled'] !== true)
    .flatMap((one): readonly RecordedPart[] => {
      const type = textOf(one['contentType']);
      const rest = type === '' ? {} : { type };
      const name = fill(textOf(one['key']));
      if (textOf(one['type']) !== 'file') return [{ name, value: fill(textOf(one['value'])), ...rest }];
      const files = Array.isArray(one['src']) ? listOf(one['src']).map(textOf) : [textOf(one['src'])];
      return files.map((file) => ({ name, file, ...rest }));
    });
  return { body: { kind: 'multipart', parts }, headers: [] };
};

const jsonVariables = (text: string): { readonly variables?: unknown } => {
  try {
    return text.trim() === '' ? {} : { variables: JSON.parse(text) as unknown };
  } catch {
    return {};
  }
};
