import { isSecret } from '../secrets.ts';
import { isKey } from '../text.ts';
import type { Carrier } from './carry.ts';
import type { Exchange } from './exchange.ts';

/** Set by contend itself for every request, or only about the program that sent them. */
const noise =
  /^(?::.*|sec-.*|host|connection|content-length|transfer-encoding|keep-alive|upgrade|expect|te|trailer|proxy-connection|user-agent|accept-encoding|accept-language|origin|referer|pragma|cache-control|dnt|priority|upgrade-insecure-requests|if-none-match|if-modified-since|save-data|x-client-data|x-forwarded-.*|via)$/;

/** The headers kept, as templates, and the names of the others. */
export interface CarriedHeaders {
  readonly headers: { readonly [name: string]: string };
  readonly left: readonly string[];
}

const mostHeaders = 40;
const longestValue = 2000;

/** The default media type of a body, for which no header is needed. */
const ownTypes: { readonly [kind: string]: RegExp } = {
  json: /^application\/json(?:; ?charset=utf-8)?$/i,
  form: /^application\/x-www-form-urlencoded(?:; ?charset=utf-8)?$/i,
  multipart: /^/,
  text: /^text\/plain; ?charset=utf-8$/i,
};

/**
 * The headers that matter to the server.
 *
 * @param handled names of those carried over in another form: `authorization`, `cookie`
 */
export const carryHeaders = (
  { headers, body }: Exchange,
  carrier: Carrier,
  handled: ReadonlySet<string>,
): CarriedHeaders => {
  const kept = new Map<string, string>();
  const left: string[] = [];
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    if (handled.has(name) || (name === 'accept' && /^\*\/\*$/.test(value.trim()))) continue;
    if (name === 'content-type' && body !== undefined && ownTypes[body.kind]?.test(value) === true) continue;
    const isNoise = noise.test(name) || (name === 'accept' && value.includes('text/html'));
    if (
      isNoise ||
      !isKey(name) ||
      kept.has(name) ||
      kept.size >= mostHeaders ||
      value.length > longestValue ||
      !/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)
    ) {
      left.push(name);
      continue;
    }
    const template = carrier.text(value, { name, isToken: isSecret(name, value) });
    if (/[^\t\x20-\x7e\x80-\xff]/u.test(template)) left.push(name);
    else kept.set(name, template);
  }
  return { headers: Object.fromEntries(kept), left };
};
