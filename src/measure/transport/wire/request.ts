import { isAscii, octetsOf } from '../../../core/octets.ts';
import { isSafe } from '../../../core/plan/plan.ts';
import type { User } from '../../user.ts';
import type { Text } from '../../../template/compile.ts';
import type { Origin } from '../connect/origin.ts';
import type { Route } from '../connect/route.ts';
import { asTarget, targetOf } from '../target.ts';
import type { RequestParts } from '../transport.ts';

/** A request as it is written: constant bytes, or made for a user, as text if all of it is ASCII, which is written fastest. */
export type Written = Buffer | ((user: User) => string | Buffer);

/**
 * Encodes a request: once, if it is constant; otherwise the parts between its templates, so that an iteration puts together
 * no more than it must.
 *
 * All of it is UTF-8, except bytes of an answer that were not and go back as they came. What may not be in a request line is
 * percent-encoded; a `content-length` of the step is replaced by the true one.
 *
 * @param way what a proxy on the way needs in it
 */
export const compileWritten = (
  request: RequestParts,
  origin: Origin,
  way: Pick<Route, 'ahead' | 'headers'> = straight,
): Written => {
  const { method, body } = request;
  const before = [
    `${method} ${way.ahead}${request.isWholePath === true ? '' : asTarget(origin.base)}`,
    targetOf(request),
    ' HTTP/1.1\r\n',
    ...headersOf(request, origin, way),
  ];
  if (body === undefined) {
    const length = isSafe(method) || method === 'DELETE' ? '' : 'content-length: 0\r\n';
    return written([...before, `${length}\r\n`]);
  }
  if (typeof body === 'string') return written([...before, `content-length: ${octetsOf(body).length}\r\n\r\n${body}`]);
  const head = concatenation([...before, 'content-length: ']);
  const withBody = (begin: string, made: string | Buffer): string | Buffer => {
    if (typeof made === 'string') {
      // As many bytes as characters if all are ASCII: one check of the whole text tells.
      const text = `${begin}${made.length}\r\n\r\n${made}`;
      if (isAscii(text)) return text;
    }
    const content = typeof made === 'string' ? octetsOf(made) : made;
    return Buffer.concat([octetsOf(`${begin}${content.length}\r\n\r\n`), content]);
  };
  if (typeof body === 'object') {
    return typeof head === 'string' ? (withBody(head, body) as Buffer) : (user) => withBody(head(user), body);
  }
  return (user) => withBody(typeof head === 'string' ? head : head(user), body(user));
};

const straight: Pick<Route, 'ahead' | 'headers'> = { ahead: '', headers: [] };

const headersOf = (
  { headers, optional = [] }: RequestParts,
  { host }: Origin,
  way: Pick<Route, 'headers'>,
): readonly Text<User>[] => {
  const ofStep = headers.filter(([name]) => name !== 'content-length');
  const own = [...ofStep, ...way.headers.filter(([name]) => !ofStep.some(([taken]) => taken === name))];
  const lines = [
    ...own.flatMap(([name, value]): Text<User>[] => [`${name}: `, value, '\r\n']),
    ...optional.map(
      ([name, value]): Text<User> =>
        (user) =>
          lineOf(name, value(user)),
    ),
  ];
  return own.some(([name]) => name === 'host') ? lines : [`host: ${host}\r\n`, ...lines];
};

const lineOf = (name: string, value: string): string => (value === '' ? '' : `${name}: ${value}\r\n`);

const written = (pieces: readonly Text<User>[]): Written => {
  const text = concatenation(pieces);
  if (typeof text === 'string') return octetsOf(text);
  return (user) => {
    const made = text(user);
    return isAscii(made) ? made : octetsOf(made);
  };
};

/** Pieces as one text; adjacent constant ones are joined now. */
const concatenation = (pieces: readonly Text<User>[]): Text<User> => {
  const joined: Text<User>[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') joined[joined.length - 1] = last + piece;
    else joined.push(piece);
  }
  const [first, second, third] = joined;
  if (joined.length <= 1) return first ?? '';
  if (joined.length <= 3 && typeof first === 'string' && typeof second === 'function') {
    const rest = typeof third === 'string' ? third : '';
    if (third === undefined || typeof third === 'string') return (user) => first + second(user) + rest;
  }
  return (user) => {
    let text = '';
    for (const piece of joined) text += typeof piece === 'string' ? piece : piece(user);
    return text;
  };
};
