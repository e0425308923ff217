import { oneLine } from '../text.ts';
import { isFileData, type CurlOptions } from './curl-options.ts';

/** Flags that change what is sent, and that a scenario says elsewhere or not at all. */
const told = new Set(
  `
  range proxy resolve connect-to cacert cert key config unix-socket aws-sigv4 max-time time-cond variable
  request-target socks4 socks5 preproxy etag-compare digest ntlm negotiate anyauth netrc netrc-optional netrc-file
  http2-prior-knowledge http3 http1.0 path-as-is post301 post302 post303
`
    .trim()
    .split(/\s+/),
);

/** What a shell, curl or another tool would put something in the place of. */
const places: readonly (readonly [shown: string, pattern: RegExp, inAddress?: true])[] = [
  ['$(…)', /\$\([^)]/],
  ['${…}', /\$\{[A-Za-z_]\w*[^\w}]/],
  ['`…`', /`[^`\s]+[^`]*`/],
  ['{{…}}', /\{\{/],
  ['{…}', /(?<!\{)\{[\w,-]+\}/, true],
  ['[…]', /\[\w+-\w+(?::\d+)?\]/, true],
  ['<…>', /<\w+>/, true],
  [':…', /\/:[a-z]\w*(?=\/|$|\?)/i, true],
];

/** What of a command is not carried over, or is sent as it stands; no value of it is in a note. */
export const notesOf = ({ urls, values, switches, unknown }: CurlOptions, isGet: boolean): readonly string[] => {
  const given = [...values.map(([flag]) => flag), ...switches].filter((flag) => told.has(flag));
  const headers = values.flatMap(([flag, value]) => (flag === 'header' ? [value] : []));
  const files = values.filter((one) => isFileData(one) && (isGet || one[0] === 'data-urlencode'));
  const typed = values.filter(([flag, value]) => flag === 'form' && /;(?:type|filename|headers)=/i.test(value));
  const stands = places.filter(([, pattern, inAddress]) =>
    [...urls, ...(inAddress ? [] : values.map(([, value]) => value))].some((text) => pattern.test(text)),
  );
  return [
    ...unknown.map((flag) => `the flag ${oneLine(flag, 40)}`),
    ...new Set(given.map((flag) => `the flag --${flag}`)),
    ...(headers.some((line) => line.startsWith('@')) ? ['headers that are read from a file'] : []),
    ...headers
      .filter((line) => /^[\w-]{1,60};$/.test(line))
      .map((line) => `the header ${line.slice(0, -1)}, which is empty`),
    ...(values.some(([flag, value]) => flag === 'cookie' && !value.includes('='))
      ? ['cookies that are read from a file']
      : []),
    ...(files.length === 0 ? [] : ['data that is read from a file']),
    ...typed.map(([, value]) => `the type or the name of the file of the part ${oneLine(value.split('=')[0]!, 40)}`),
    ...(stands.length === 0
      ? []
      : [`${stands.map(([shown]) => shown).join(', ')}: nothing is put in there, it is sent as it stands`]),
  ];
};
