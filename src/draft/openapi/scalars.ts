import type { Json } from '../../core/json.ts';
import { listOf, nodeOf, textOf, type Node } from './document.ts';
import { textOfPattern } from './pattern.ts';
import { namedValue, typeOf } from './schema.ts';

const formats: { readonly [format: string]: string } = {
  'date-time': '2026-01-31T12:00:00Z',
  'date': '2026-01-31',
  'time': '12:00:00Z',
  'duration': 'P1D',
  'email': 'someone@example.com',
  'idn-email': 'someone@example.com',
  'uuid': '0b7a3d5e-6c1f-4f0a-9a55-3f1f2f6d7c11',
  'uri': 'https://example.com/thing',
  'url': 'https://example.com/thing',
  'uri-reference': '/thing',
  'iri': 'https://example.com/thing',
  'hostname': 'example.com',
  'ipv4': '192.0.2.1',
  'ipv6': '2001:db8::1',
  'byte': 'c2FtcGxl',
  'json-pointer': '/thing',
};

/** Texts that match many patterns. */
const candidates = [
  'sample',
  'Sample',
  'SAMPLE',
  'a',
  'A',
  '1',
  'abc',
  'ABC',
  '123',
  'a1',
  'A1',
  'ab',
  'AB',
  'USD',
  'en',
  'en-US',
  '12345',
  '1.0.0',
  '#aabbcc',
  '+15550100',
  '00000000',
  'abc-123',
  'abc_123',
  '2026-01-31',
  '12:00',
  '1.5',
  'a@b.cd',
  'v1',
];

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** The minimum and the maximum that a schema allows; for whole numbers, unless it allows others. */
const boundsOf = (node: Node): { readonly least: number | undefined; readonly most: number | undefined } => {
  const step = typeOf(node) === 'integer' ? 1 : 0.5;
  const [least, most] = [numberOf(node['minimum']), numberOf(node['maximum'])];
  const [above, below] = [node['exclusiveMinimum'], node['exclusiveMaximum']];
  const from =
    numberOf(above) === undefined
      ? above === true && least !== undefined
        ? least + step
        : least
      : Math.max(least ?? -Infinity, (above as number) + step);
  const to =
    numberOf(below) === undefined
      ? below === true && most !== undefined
        ? most - step
        : most
      : Math.min(most ?? Infinity, (below as number) - step);
  const round = step === 1;
  return {
    least: from === undefined || !round ? from : Math.ceil(from),
    most: to === undefined || !round ? to : Math.floor(to),
  };
};

/** A number that a schema allows. */
export const sampleNumber = (node: Node): number => {
  const { least, most } = boundsOf(node);
  const multiple = numberOf(node['multipleOf']);
  const start = least ?? Math.min(1, most ?? 1);
  if (multiple === undefined || multiple <= 0) return isNumber(start) ? start : 1;
  const rounded = Math.ceil(start / multiple) * multiple;
  const made = Number(rounded.toPrecision(15));
  return isNumber(made) ? made : 1;
};

/** A text that a schema allows. `fits` is false if none is known. */
export const sampleText = (node: Node): { readonly text: string; readonly fits: boolean } => {
  const least = Math.min(numberOf(node['minLength']) ?? 0, 1000);
  const most = numberOf(node['maxLength']) ?? Infinity;
  const format = textOf(node['format']) ?? '';
  const known = Object.hasOwn(formats, format) ? formats[format] : undefined;
  const pattern = textOf(node['pattern']);
  if (pattern !== undefined) return patterned(pattern, least, most);
  if (known !== undefined) return { text: known, fits: true };
  return { text: 'sample'.padEnd(least, '-sample').slice(0, Math.max(0, most)), fits: true };
};

/** The candidates are short, so that no pattern takes long. If none matches, a text is made from the pattern. */
const patterned = (given: string, least: number, most: number): { readonly text: string; readonly fits: boolean } => {
  const pattern = asWritten(given);
  const expression = expressionOf(pattern);
  if (expression === undefined) return { text: 'sample', fits: false };
  const fits = (text: string): boolean => text.length >= least && text.length <= most && expression.test(text);
  const sized = [...candidates, ...['a', 'A', '1', '0'].map((char) => char.repeat(Math.max(1, Math.min(least, 24))))];
  const text = sized.find(fits) ?? [textOfPattern(pattern, least, most)].find((one) => one !== undefined && fits(one));
  return text === undefined ? { text: 'sample', fits: false } : { text, fits: true };
};

/** Rewrites other languages' start and end of text, and case flags, as JavaScript has them. */
const asWritten = (pattern: string): string =>
  pattern
    .replace(/^\(\?[ims]+\)/, '')
    .replace(/^\\A/, '^')
    .replace(/\\[zZ]$/, '$');

/** Many patterns escape characters needlessly, which is an error with the flag that they should be read with, and only with that. */
const expressionOf = (pattern: string): RegExp | undefined => {
  for (const flags of ['u', ''])
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Try the next one.
    }
  return undefined;
};

/** What to note about a pattern without a known text. */
export const unmet = (node: Node): string => `a value that does not fit its pattern: ${textOf(node['pattern']) ?? ''}`;

/** The values of a parameter as a scenario's data has them, and a comment on them. */
export const sourceOf = (
  node: Node,
  note: (text: string) => void = () => undefined,
): { readonly source: Json; readonly comment: string } => {
  const made = anySource(node, note);
  // Data have no templates, and JSON no larger numbers: such values are left out.
  return JSON.stringify(made.source).includes('${') || !isExact(made.source)
    ? { source: { list: ['sample'] }, comment: '→ others that are there' }
    : made;
};

/** Whether a scenario can hold the numbers of a list exactly. */
const isExact = (source: Json): boolean => {
  const { list } = source as { readonly list?: readonly Json[] };
  return list === undefined || list.every((one) => typeof one !== 'number' || isNumber(one));
};

/** Whether a scenario can hold a number. */
export const isNumber = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));

const anySource = (node: Node, note: (text: string) => void): { readonly source: Json; readonly comment: string } => {
  const values = listOf(node['enum']).filter((one) => ['string', 'number', 'boolean'].includes(typeof one));
  if (values.length > 0)
    return { source: { list: values.slice(0, 50) as Json[] }, comment: 'all that the document names' };
  const type = typeOf(node);
  const named = namedValue(node)?.value;
  if (type === 'integer') {
    const { least, most } = boundsOf(node);
    const isExample = typeof named === 'number' && Number.isSafeInteger(named);
    if (isExample && (least === undefined || most === undefined))
      return { source: `${named}..${named}`, comment: '→ ids that are there' };
    const from = least ?? Math.min(1, most ?? 1);
    const to = Math.min(most ?? from + 99, from + 999_999);
    const isRange = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from <= to;
    return { source: isRange ? `${from}..${to}` : '1..100', comment: '→ ids that are there' };
  }
  if (['string', 'number', 'boolean'].includes(typeof named) && (typeof named !== 'number' || Number.isFinite(named)))
    return { source: { list: [named as Json] }, comment: '→ others that are there' };
  // Several values in one part of a path, or in one field, are separated by commas.
  if (type === 'array') {
    const items = Array.isArray(named) ? named.filter((one) => typeof one !== 'object') : [];
    const { source } = anySource(nodeOf(node['items']), note);
    const [first] = listOf((source as { readonly list?: unknown }).list);
    const text = items.length > 0 ? items.join(',') : typeof first === 'string' ? first : '1';
    return { source: { list: [text] }, comment: '→ others that are there' };
  }
  if (type === 'boolean') return { source: { list: [true, false] }, comment: '' };
  if (type === 'number') return { source: { list: [sampleNumber(node)] }, comment: '→ others that are there' };
  if (textOf(node['format']) === 'uuid')
    return { source: { list: [formats['uuid']!] }, comment: '→ ids that are there' };
  const { text, fits } = sampleText(node);
  if (!fits) note(unmet(node));
  return { source: { list: [text] }, comment: '→ others that are there' };
};
