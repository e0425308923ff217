import type { DraftAuth, DraftRequest } from '../draft.ts';
import type { Names } from '../names.ts';
import type { Notes } from '../notes.ts';
import type { Room } from '../room.ts';
import type { Environment } from '../secrets.ts';
import { oneLine, pathText } from '../text.ts';
import { carryBody, grouped } from './body.ts';
import type { Carrier } from './carry.ts';
import { headerOf, jsonIn, type Exchange } from './exchange.ts';
import { carryHeaders } from './headers.ts';

/** What is needed to make requests. */
export interface Making {
  readonly carrier: Carrier;
  readonly environment: Environment;
  readonly names: Names;
  readonly room: Room;
  /** Users keep cookies themselves: no request has a header for them. */
  readonly cookies: boolean;
  readonly notes: Notes;
}

/** A recorded request as one of a scenario. Its captures are only known once all are made. */
export const requestOf = (exchange: Exchange, making: Making): Omit<DraftRequest, 'capture'> => {
  const { carrier, names, notes, cookies } = making;
  const { where, method, url, answer, redirects } = exchange;
  const { bare, fields } = queryIn(url);
  const path = `${pathText(carrier.path(url))}${bare.length === 0 ? '' : `?${bare.join('&')}`}`;
  const query = grouped(fields, carrier);
  if (query === undefined) notes.left(`${where}: its query, which has parameters that no scenario holds`);
  const auth = authOf(exchange, making);
  const handled = new Set([...(auth === undefined ? [] : ['authorization']), ...(cookies ? ['cookie'] : [])]);
  const { headers, left } = carryHeaders(exchange, carrier, handled);
  for (const name of left) notes.left(`the header ${name}`);
  const carried = carryBody(exchange.body, method, carrier, making.room, headers['content-type']);
  if (carried.left !== undefined) notes.left(`${where}: ${carried.left}`);
  if (carried.guessed !== undefined) notes.guessed(`${where}: ${carried.guessed}`);
  const isText = exchange.body?.kind === 'json' && carried.body !== undefined && 'text' in carried.body;
  return {
    name: names.step(nameOf(method, path)),
    comment: where,
    method,
    path,
    query: query ?? {},
    headers:
      isText && headers['content-type'] === undefined ? { ...headers, 'content-type': 'application/json' } : headers,
    ...(auth === undefined ? {} : { auth }),
    ...(carried.body === undefined ? {} : { body: carried.body }),
    redirects: Math.min(redirects, 20),
    status: statusOf(exchange, notes),
    ...membersOf(answer),
    etag: { isRead: answer !== undefined && headerOf(answer.headers, 'etag') !== undefined, isNeeded: false },
  };
};

/** Its fields, and the plain words among them without `=`, which a field would add. */
const queryIn = (
  url: URL,
): { readonly bare: readonly string[]; readonly fields: readonly (readonly [string, string])[] } => {
  const pieces = url.search.slice(1).split('&');
  const isBare = (piece: string): boolean => /^[A-Za-z][\w-]{0,30}$/.test(piece);
  return {
    bare: pieces.filter(isBare),
    fields: pieces.filter((piece) => !isBare(piece)).flatMap((piece) => [...new URLSearchParams(piece)]),
  };
};

const membersOf = (answer: Exchange['answer']): Pick<DraftRequest, 'answer'> => {
  const body = answer === undefined ? undefined : jsonIn(answer.text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  const entries = Object.entries(body).filter(([, value]) => typeof value !== 'object' || value === null);
  const numbers = entries.filter(([, value]) => Number.isSafeInteger(value));
  return { answer: { values: entries.map(([key]) => key), numbers: numbers.map(([key]) => key) } };
};

/** `get /orders/{orderId}` */
export const nameOf = (method: string, path: string): string =>
  oneLine(`${method} ${path.replaceAll(/\$+\{(?:env\.)?/g, '{')}`, 120);

const statusOf = ({ where, answer }: Exchange, notes: Notes): readonly number[] => {
  if (answer === undefined || answer.status < 100 || answer.status > 599) return [];
  if (answer.status === 304) return [200];
  if (answer.status >= 400)
    notes.guessed(`${where} was answered with ${answer.status}, and that is what its step expects`);
  return [answer.status];
};

const authOf = (
  { headers, basic, where }: Exchange,
  { carrier, environment, notes }: Making,
): DraftAuth | undefined => {
  const header = headerOf(headers, 'authorization');
  if (header === undefined) {
    if (basic === undefined) return undefined;
    return basicOf(basic.user, basic.password, carrier, environment);
  }
  const [, scheme = '', value = ''] = /^(\S+)\s+(\S.*)$/s.exec(header.trim()) ?? [];
  if (/^bearer$/i.test(scheme)) return { bearer: carrier.text(value.trim(), { name: 'apiToken', isToken: true }) };
  if (/^basic$/i.test(scheme)) {
    const text = decodedBase64(value);
    const colon = text.indexOf(':');
    if (colon > 0) return basicOf(text.slice(0, colon), text.slice(colon + 1), carrier, environment);
  }
  if (/^(?:digest|aws4-hmac-sha256|hawk|ntlm|negotiate)$/i.test(scheme))
    notes.left(`${where}: ${scheme} credentials are made anew for every request; the recorded ones will be refused`);
  return undefined;
};

const basicOf = (user: string, password: string, carrier: Carrier, environment: Environment): DraftAuth | undefined => {
  // With an empty password, the user name is a key.
  if (password === '') return { basic: { user: carrier.text(user, { name: 'apiKey', isToken: true }), password: '' } };
  const name = carrier.text(user, { name: 'apiUser' });
  if (/[^\x20-\x7e]/.test(name) || name.replaceAll(/\$\{[^}]*\}/g, '').includes(':')) return undefined;
  const isVariable = password.includes('\ue000');
  const secret = isVariable ? carrier.text(password, { name: 'password' }) : undefined;
  return {
    basic: {
      user: name,
      password: secret ?? `\${${environment.secret('password', password, 'the password of basic authentication')}}`,
    },
  };
};

const decodedBase64 = (text: string): string =>
  /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64').toString('utf8') : '';
