import { asLatin1, octetsOf, writable } from '../../../core/octets.ts';
import { isSafe } from '../../../core/plan/plan.ts';
import type { User } from '../../user.ts';
import type { Origin } from '../connect/origin.ts';
import { asTarget, targetOf } from '../target.ts';
import type { RequestParts } from '../transport.ts';
import { HeadMemo } from './head.ts';
import { literalName, numberOf, type ConstantField, type Encoder } from './hpack/encoder.ts';
import type { Output } from './output.ts';

/** A request, ready to be sent any number of times. */
export interface Http2Request {
  readonly keep: RequestParts['keep'];
  readonly timeoutUs: number;
  readonly isHead: boolean;
  /** According to HTTP, sending it twice has the same effect as once: GET, HEAD and OPTIONS. */
  readonly isIdempotent: boolean;
  /** Its number among the requests of a transport. */
  readonly number: number;
  readonly pieces: readonly Piece[];
  /** Fills in a user's values. @throws TemplateValueError if a template has no value */
  readonly fill: (user: User) => Filled;
  readonly memo: HeadMemo;
}

/** Constant fields of a head, or one that changes. */
type Piece =
  | { readonly fields: readonly ConstantField[] }
  /** Left out if it is optional and empty. */
  | { readonly name: Buffer; readonly isOptional: boolean };

/** A user's own part of a request: a value for each piece that changes, and the body. */
export interface Filled {
  readonly values: readonly string[];
  /** A text is written as UTF-8 directly to its place: separate bytes would be garbage at once. */
  readonly body: Buffer | string | undefined;
  /** Length of the body in bytes. */
  readonly bytes: number;
}

/** A field before it is known whether it changes. */
type Line = readonly [name: string, value: string | ((user: User, bodyBytes: number) => string), isOptional?: true];

/** HTTP/1.1 headers that HTTP/2 expresses otherwise: by the authority, and by the frames themselves. */
const replaced = new Set(
  'host content-length connection keep-alive proxy-connection transfer-encoding upgrade http2-settings te'.split(' '),
);

/**
 * Takes a request apart into constant parts and a user's values. Its own headers keep their order, after those that say
 * where it goes. All of it is UTF-8, and the length of the body is the true one, as in HTTP/1.1.
 *
 * @param number of the request, by which each connection keeps its block
 */
export const compileRequest = (parts: RequestParts, origin: Origin, number: number): Http2Request => {
  const { method, keep, timeoutUs } = parts;
  const { pieces, values } = cut(linesOf(parts, origin));
  return {
    keep,
    timeoutUs,
    isHead: method === 'HEAD',
    isIdempotent: isSafe(method),
    number,
    pieces,
    fill: fillWith(parts.body, values),
    memo: new HeadMemo(),
  };
};

const linesOf = (parts: RequestParts, origin: Origin): Line[] => {
  const { method, headers, optional = [], body, isWholePath } = parts;
  const base = isWholePath === true ? '' : asTarget(origin.base);
  const path = targetOf(parts);
  const host = headers.findLast(([name]) => name === 'host')?.[1] ?? origin.host;
  const hasLength = body !== undefined || (!isSafe(method) && method !== 'DELETE');
  return [
    [':method', method],
    [':scheme', origin.isSecure ? 'https' : 'http'],
    [':authority', host],
    [':path', typeof path === 'string' ? base + path : (user) => base + path(user)],
    ...headers.filter(([name]) => !replaced.has(name)),
    ...optional.map(([name, value]): Line => [name, value, true]),
    ...(hasLength ? [lengthOf(body)] : []),
  ];
};

const lengthOf = (body: RequestParts['body']): Line => [
  'content-length',
  typeof body === 'function'
    ? (_user, bodyBytes) => String(bodyBytes)
    : String(body === undefined ? 0 : bytesOf(body).length),
];

const bytesOf = (content: string | Buffer): Buffer => (typeof content === 'string' ? octetsOf(content) : content);

/** Adjacent constant fields are one piece. */
const cut = (lines: readonly Line[]) => {
  const pieces: (Piece & { fields?: ConstantField[] })[] = [];
  const values: Exclude<Line[1], string>[] = [];
  for (const [name, value, isOptional = false] of lines) {
    if (typeof value === 'function') {
      pieces.push({ name: literalName(name), isOptional });
      values.push(value);
      continue;
    }
    const field: ConstantField = [name, asLatin1(trimmed(value))];
    const before = pieces.at(-1)?.fields;
    if (before === undefined) pieces.push({ fields: [field] });
    else before.push(field);
  }
  return { pieces: pieces as readonly Piece[], values };
};

const fillWith = (body: RequestParts['body'], values: readonly Exclude<Line[1], string>[]): Http2Request['fill'] => {
  if (typeof body !== 'function') {
    const whole = body === undefined ? undefined : bytesOf(body);
    const bytes = whole?.length ?? 0;
    const always: Filled = { values: [], body: whole, bytes };
    return values.length === 0
      ? () => always
      : (user) => ({ values: values.map((value) => value(user, bytes)), body: whole, bytes });
  }
  return (user) => {
    const made = body(user);
    const content = typeof made === 'string' ? writable(made) : made;
    const bytes = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
    return { values: values.map((value) => value(user, bytes)), body: content, bytes };
  };
};

/** HTTP/2 has no blanks around a value (RFC 9113, 8.2.1). */
const trimmed = (value: string): string =>
  /^[\t ]|[\t ]$/u.test(value) ? value.replace(/^[\t ]+|[\t ]+$/gu, '') : value;

/** The blocks of the constant parts of requests that a connection keeps, by the requests' numbers. */
export type Blocks = ({ readonly version: number; readonly blocks: readonly (Buffer | undefined)[] } | undefined)[];

/**
 * Appends the block of a request's head.
 *
 * @cost for a constant request: a copy of some ten bytes
 */
export const writeBlock = (
  { number, pieces }: Http2Request,
  { values }: Filled,
  encoder: Encoder,
  known: Blocks,
  output: Output,
): void => {
  if (encoder.isResized) output.put(encoder.takeResize());
  let kept = known[number];
  if (kept?.version !== encoder.version) {
    const { version } = encoder;
    kept = { version, blocks: pieces.map((piece) => ('fields' in piece ? encoder.encode(piece.fields) : undefined)) };
    // Fields that this block put into the table are references in the next.
    if (encoder.version === version) known[number] = kept;
  }
  const { blocks } = kept;
  for (let at = 0, value = 0; at < blocks.length; at++) {
    const block = blocks[at];
    if (block === undefined) putField(pieces[at]!, values[value++]!, output);
    else output.put(block);
  }
};

const putField = (piece: Piece, value: string, output: Output): void => {
  if ('fields' in piece || (piece.isOptional && value === '')) return;
  output.put(piece.name);
  putText(trimmed(value), output);
};

/** A character has at most three bytes, so the length of a text this long fits into one byte. */
const shortText = 42;

const putText = (text: string, output: Output): void => {
  const bytes = writable(text);
  if (typeof bytes !== 'string' || bytes.length > shortText) {
    const octets = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    output.put(numberOf(0, 7, octets.length));
    output.put(octets);
    return;
  }
  output.ensure(1 + shortText * 3);
  const { buffer, at } = output;
  const written = buffer.write(bytes, at + 1);
  buffer[at] = written;
  output.at = at + 1 + written;
};
