import { bodyOf, headerOf, type RecordedBody, type RecordedPart } from '../recorded/exchange.ts';
import { wellFormed } from '../text.ts';
import { all, dataFlags, headersIn, isFileData, type CurlOptions } from './options.ts';

/** Encodes the content of `--data-urlencode`: `name=content`, `=content`, `content`. */
export const encodedPair = (text: string): string => {
  const at = text.indexOf('=');
  return at === -1
    ? encodeURIComponent(wellFormed(text))
    : `${text.slice(0, at)}${at > 0 ? '=' : ''}${encodeURIComponent(wellFormed(text.slice(at + 1)))}`;
};

/** The texts that a command sends as data, in the body or the query. */
export const dataOf = ({ values }: CurlOptions): readonly string[] =>
  values.flatMap(([flag, value]) => {
    if (!dataFlags.includes(flag) || isFileData([flag, value])) return [];
    return [flag === 'data-urlencode' ? encodedPair(value) : value];
  });

/** The body of a command. `undefined` if it has none. */
export const bodyIn = (options: CurlOptions): RecordedBody | undefined => {
  const forms = options.values.filter(([flag]) => flag === 'form' || flag === 'form-string');
  if (forms.length > 0)
    return { kind: 'multipart', parts: forms.map(([flag, value]) => partOf(value, flag === 'form-string')) };
  const [upload] = all(options, 'upload-file');
  if (upload !== undefined) return { kind: 'file', file: upload };
  if (options.switches.has('get')) return undefined;
  const file = options.values.find((one) => isFileData(one) && one[0] !== 'data-urlencode');
  if (file !== undefined) return { kind: 'file', file: file[1].slice(1) };
  const data = dataOf(options);
  if (data.length === 0) return undefined;
  const text = data.join(all(options, 'json').length > 0 ? '' : '&');
  return bodyOf(text, typeOf(options, text));
};

/** The type that the command names, otherwise what the text looks like. curl would say a form, even for JSON. */
const typeOf = (options: CurlOptions, text: string): string => {
  const said = headerOf(headersIn(options), 'content-type');
  if (said !== undefined) return said;
  const isJson = all(options, 'json').length > 0 || /^\s*[[{]/.test(text);
  return isJson ? 'application/json' : 'application/x-www-form-urlencoded';
};

/** A part as curl reads it: `name=value`, `name="value"`, `name=@file;type=image/png;filename=a.png`. */
const partOf = (text: string, isPlain: boolean): RecordedPart => {
  const at = text.indexOf('=');
  const [name, rest] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  if (isPlain) return { name, value: rest };
  const isFile = /^[@<]/.test(rest);
  const { value, after } = unquoted(isFile ? rest.slice(1) : rest);
  const said = (key: string): string | undefined =>
    new RegExp(`;\\s*${key}=("(?:[^"\\\\]|\\\\[^])*"|[^;]*)`, 'i').exec(after)?.[1]?.trim();
  const [type, fileName] = [said('type'), said('filename')];
  return {
    name,
    ...(isFile ? { file: value } : { value }),
    ...(type === undefined ? {} : { type: unquoted(type).value }),
    ...(fileName === undefined ? {} : { fileName: unquoted(fileName).value }),
  };
};

/** The text in quotes, or otherwise everything before the parameters, and what comes after it. */
const unquoted = (text: string): { readonly value: string; readonly after: string } => {
  const [whole, inside] = /^"((?:[^"\\]|\\[^])*)"(?=\s*(?:;|$))/.exec(text) ?? [];
  if (whole !== undefined) return { value: inside!.replaceAll(/\\(["\\])/g, '$1'), after: text.slice(whole.length) };
  const at = text.search(/;\s*(?:type|filename|headers|encoder)=/i);
  return at === -1 ? { value: text, after: '' } : { value: text.slice(0, at), after: text.slice(at) };
};
