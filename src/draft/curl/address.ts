import { wellFormed } from '../text.ts';
import { dataOf, encodedPair } from './body.ts';
import { all, type CurlOptions } from './options.ts';

/** Stands for an origin that is a variable, until the user sets the target. */
const anyTarget = 'localhost:8080';
const unknownOrigin =
  /^(https?:\/\/)?(?:\ue000(\w+)\ue001|\{\{\s*([\w-]{1,40})\s*\}\}|\{([\w-]{1,40})\}|<([\w-]{1,40})>)(?::(?:\d+|\ue000\w+\ue001))?(?=[/?#\ue000]|$)/i;
const unknownPort = /^((?:https?:\/\/)?[\w.-]+):\ue000(\w+)\ue001(?=[/?#]|$)/i;

/** If the scheme is a variable, any will do: `$SCHEME://$HOST`. */
const withScheme = (address: string): string => address.replace(/^\ue000\w+\ue001(?=:\/\/)/, 'http');

/** The variable that holds the origin of an address. */
export const originVariable = (given: string): string | undefined => {
  const address = withScheme(given);
  const [, , ...names] = unknownOrigin.exec(address) ?? [];
  return names.find((name) => name !== undefined) ?? unknownPort.exec(address)?.[2];
};

/** The address of a request with everything that flags add to it. `undefined` if it is not HTTP. */
export const urlOf = (address: string, options: CurlOptions): URL | undefined => {
  const known = withScheme(address)
    .replace(unknownOrigin, (_, scheme: string | undefined) => `${scheme ?? 'http://'}${anyTarget}`)
    // A second variable right after it is the path: `$BASE$1`.
    .replace(/^(https?:\/\/localhost:8080)(?=\ue000)/, '$1/')
    .replace(unknownPort, (_, host: string) => `${host}:8080`);
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(known) ? known : `http://${known}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  if (!/^https?:$/.test(url.protocol) || url.hostname === '') return undefined;
  const queries = [
    ...all(options, 'url-query').map(encodedPair),
    ...(options.switches.has('get') ? dataOf(options) : []),
  ];
  // An upload to a folder keeps the file's own name.
  const upload = all(options, 'upload-file').at(-1);
  if (upload !== undefined && url.pathname.endsWith('/') && upload !== '-')
    url.pathname += encodeURIComponent(wellFormed(upload.split(/[/\\]/).at(-1)!));
  if (queries.length > 0) url.search = [url.search.slice(1), ...queries].filter((part) => part !== '').join('&');
  url.hash = '';
  return url;
};
