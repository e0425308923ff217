import type { DraftAuth } from '../draft.ts';
import type { Notes } from '../notes.ts';
import type { Environment } from '../secrets.ts';
import { isKey, oneLine } from '../text.ts';
import { nodeOf, textOf, type OpenApi } from './document.ts';

/** What a request needs for authentication. */
export interface Credentials {
  readonly auth: DraftAuth | undefined;
  readonly headers: { readonly [name: string]: string };
  readonly query: { readonly [name: string]: string };
  /** Pairs for one `cookie` header. */
  readonly cookies: readonly string[];
}

/** The first security scheme that an operation offers. Empty if one option needs no credentials. */
export const credentialsOf = (
  document: OpenApi,
  security: readonly unknown[],
  environment: Environment,
  notes: Notes,
): Credentials => {
  const ways = security.map(nodeOf);
  const way = ways.some((one) => Object.keys(one).length === 0) ? {} : (ways[0] ?? {});
  const schemes = document.resolve(document.resolve(document.root['components'])['securitySchemes']);
  let auth: DraftAuth | undefined;
  const headers: { [name: string]: string } = {};
  const query: { [name: string]: string } = {};
  const cookies: string[] = [];
  for (const name of Object.keys(way)) {
    const scheme = document.resolve(Object.hasOwn(schemes, name) ? schemes[name] : undefined);
    const secret = (wanted: string, more = ''): string =>
      `\${${environment.secret(wanted, `scheme ${name} ${wanted}`, `${name}${more}${said(scheme['description'])}`)}}`;
    const kind = (textOf(scheme['scheme']) ?? '').toLowerCase();
    const parameter = textOf(scheme['name']) ?? '';
    if (scheme['type'] === 'http' && kind === 'basic')
      auth = { basic: { user: secret(`${name} user`), password: secret(`${name} password`, emptyPassword) } };
    else if (
      (scheme['type'] === 'http' && kind === 'bearer') ||
      scheme['type'] === 'oauth2' ||
      scheme['type'] === 'openIdConnect'
    )
      auth = { bearer: secret(`${name} token`) };
    else if (scheme['type'] === 'apiKey' && scheme['in'] === 'header' && isHeader(parameter))
      headers[parameter.toLowerCase()] = secret(name);
    else if (scheme['type'] === 'apiKey' && scheme['in'] === 'query' && isField(parameter))
      query[parameter] = secret(name);
    else if (scheme['type'] === 'apiKey' && scheme['in'] === 'cookie' && isHeader(parameter))
      cookies.push(`${parameter}=${secret(name)}`);
    else notes.left(`the security scheme ${oneLine(name, 60)}, which a scenario has no key for`);
  }
  // Only one scheme can use the header.
  if (auth !== undefined) delete headers['authorization'];
  return { auth, headers, query, cookies };
};

const emptyPassword = ' (→ where it is empty, write password: "" into auth and take this out)';

const said = (description: unknown): string => {
  const text = textOf(description);
  return text === undefined ? '' : `: ${oneLine(text, 80)}`;
};

const ownHeaders = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'host',
]);

/** Whether a scenario can set a header. */
export const isHeader = (name: string): boolean =>
  /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) && !ownHeaders.has(name.toLowerCase()) && isKey(name.toLowerCase());

/** Whether a scenario can have a key. */
export const isField = (name: string): boolean => name !== '' && isKey(name);
