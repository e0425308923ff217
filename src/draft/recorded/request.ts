import type { DraftAuth, DraftRequest } from '../draft.ts';
import type { Names } from '../names.ts';
import type { Room } from '../room.ts';
import type { Environment } from '../secrets.ts';
import { oneLine, pathText } from '../text.ts';
import { carryBody, grouped } from './body.ts';
import type { Carrier } from './carry.ts';
import { headerOf, type Exchange } from './exchange.ts';
import { carryHeaders } from './headers.ts';

/** What requests are made with. */
export interface Making {
  readonly carrier: Carrier;
  readonly environment: Environment;
  readonly names: Names;
  readonly room: Room;
  /** Cookies are kept by the users: no request has a header for them. */
  readonly cookies: boolean;
  /** Tells what is left out. */
  readonly note: (text: string) => void;
}

/** A recorded request as one of a scenario; its captures are known only when all are made. */
export const requestOf = (exchange: Exchange, making: Making): Omit<DraftRequest, 'capture'> => {
  const { carrier, names, note, cookies } = making;
  const { where, method, url, answer, redirects } = exchange;
  const path = pathText(carrier.path(url));
  const fields = [...url.searchParams];
  const query = grouped(fields, carrier);
  if (query === undefined) note(`${where}: its query, which has parameters that no scenario holds`);
  const auth = authOf(exchange, making);
  const handled = new Set([...(auth === undefined ? [] : ['authorization']), ...(cookies ? ['cookie'] : [])]);
  const { headers, left } = carryHeaders(exchange, carrier, handled);
  for (const name of left) note(`the header ${name}`);
  const carried = carryBody(exchange.body, method, carrier, making.room);
  if (carried.left !== undefined) note(`${where}: ${carried.left}`);
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
    status: statusOf(exchange, note),
    etag: { isRead: answer !== undefined && headerOf(answer.headers, 'etag') !== undefined, isNeeded: false },
  };
};

/** `get /orders/{orderId}` */
export const nameOf = (method: string, path: string): string =>
  oneLine(`${method} ${path.replaceAll(/\$+\{/g, '{')}`, 120);

const statusOf = ({ where, answer }: Exchange, note: (text: string) => void): readonly number[] => {
  if (answer === undefined || answer.status < 100 || answer.status > 599) return [];
  if (answer.status === 304) return [200];
  if (answer.status >= 400) note(`${where} was answered with ${answer.status}, and that is what its step expects`);
  return [answer.status];
};

const authOf = ({ headers, basic, where }: Exchange, { carrier, environment, note }: Making): DraftAuth | undefined => {
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
    note(`${where}: ${scheme} credentials are made anew for every request; the recorded ones will be refused`);
  return undefined;
};

const basicOf = (user: string, password: string, carrier: Carrier, environment: Environment): DraftAuth | undefined => {
  // With an empty password, the name is a key.
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
