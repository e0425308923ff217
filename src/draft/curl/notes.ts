import { oneLine } from '../text.ts';
import type { Notes } from '../notes.ts';
import { shown } from '../recorded/variables.ts';
import { dataFlags, isFileData, type CurlOptions } from './options.ts';

/** Flags that change what is sent, but that a scenario sets elsewhere or not at all. */
const told = new Set(
  `
  range config unix-socket aws-sigv4 time-cond variable proxy-user
  request-target socks4 socks5 preproxy etag-compare digest ntlm negotiate anyauth netrc netrc-optional netrc-file
  http2-prior-knowledge http3 http1.0 path-as-is post301 post302 post303
`
    .trim()
    .split(/\s+/),
);

/** Placeholders that a shell, curl or another tool would replace. */
const places: readonly (readonly [shown: string, pattern: RegExp, inAddress?: true])[] = [
  ['${…}', /\$\{[A-Za-z_]\w*[^\w}]/],
  ['{{…}}', /\{\{/],
  ['{…}', /(?<!\{)\{[\w,-]+\}/, true],
  ['[…]', /\[\w+-\w+(?::\d+)?\]/, true],
  ['<…>', /<\w+>/, true],
  [':…', /\/:[a-z]\w*(?=\/|$|\?)/i, true],
];

/**
 * Notes which parts of a command are not carried over, or are sent literally. No note contains one of its values.
 *
 * @param where the command's name in notes
 */
export const tellNotes = (
  { urls, values, switches, unknown }: CurlOptions,
  {
    where,
    substitutes = [],
    notes,
  }: { readonly where: string; readonly substitutes?: readonly string[]; readonly notes: Notes },
): void => {
  const isGet = switches.has('get');
  const given = [...values.map(([flag]) => flag), ...switches].filter((flag) => told.has(flag));
  const headers = values.flatMap(([flag, value]) => (flag === 'header' ? [value] : []));
  const files = values.filter((one) => isFileData(one) && (isGet || one[0] === 'data-urlencode'));
  const bodies = values.filter((one) => isFileData(one) && !isGet && one[0] !== 'data-urlencode');
  const pieces = values.filter(([flag]) => dataFlags.includes(flag));
  const stands = places.filter(([, pattern, inAddress]) =>
    [...urls, ...(inAddress ? [] : values.map(([, value]) => value))].some((text) => pattern.test(text)),
  );
  const lines = [
    ...unknown.map((flag) => `the flag ${oneLine(flag, 40)}`),
    ...new Set(given.map((flag) => `the flag --${flag}`)),
    ...(headers.some((line) => line.startsWith('@')) ? ['headers that are read from a file'] : []),
    ...headers
      .filter((line) => !line.includes(':') && /^(?:\ue000\w+\ue001)+$/.test(line))
      .map((line) => `a header: what ${shown(line)} stands for`),
    ...headers
      .filter((line) => /^[\w-]{1,60};$/.test(line))
      .map((line) => `the header ${line.slice(0, -1)}, which is empty`),
    ...(values.some(([flag, value]) => flag === 'cookie' && !value.includes('='))
      ? ['cookies that are read from a file']
      : []),
    ...(files.length === 0 ? [] : ['data that is read from a file']),
    ...(bodies.length > 0 && pieces.length > 1 ? ['data beside a file: of its body there is the file alone'] : []),
    ...(values.some(([flag, value]) => flag === 'form' && /^[^=]*=</.test(value))
      ? ['that a field of its form has its text from a file: it is sent as a file']
      : []),
  ];
  for (const line of lines) notes.left(`${where}: ${line}`);
  const standing = [...new Set([...substitutes, ...stands.map(([text]) => text)])];
  if (standing.length > 0) notes.guessed(`${where}: ${standing.join(', ')}: nothing is filled in, it is sent as it is`);
};
