import { addServerTimes, type ServerTimes } from '../../server-timing.ts';
import { headText } from './head-text.ts';

/** What the head of an answer says; filled in by {@link headEnd}. */
export interface AnswerHead extends ServerTimes {
  status: number;
  isReusable: boolean;
  /** `Connection: close`, which overrides the rest. */
  closes: boolean;
  /** -1 if not given. */
  length: number;
  isChunked: boolean;
  /** All values of `Transfer-Encoding`; `undefined` if not given. */
  transfer: string | undefined;
  encoding: string;
  /** Each header as `\r\nname: value`, names in lower case; filled in if `keepsHead`. */
  head: string;
  readonly keepsHead: boolean;
  error: string;
}

const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;
const COLON = 58;
const COMMA = 44;

/** A table of bytes: 1 for those that `is` accepts. */
const bytesThat = (is: (code: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, code) => (is(code) ? 1 : 0));

/** The bytes of a name (RFC 9110, 5.6.2: tchar). */
export const nameBytes = bytesThat((code) => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/u.test(String.fromCharCode(code)));

/** The bytes of a value (RFC 9110, 5.5): printable characters, blanks, and everything beyond ASCII. */
export const valueBytes = bytesThat((code) => code === TAB || (code >= SPACE && code !== 127));

const version = Buffer.from('HTTP/1.');

const contentLength = Buffer.from('content-length');
const transferEncoding = Buffer.from('transfer-encoding');
const connection = Buffer.from('connection');
const serverTiming = Buffer.from('server-timing');
const contentEncoding = Buffer.from('content-encoding');
const chunked = Buffer.from('chunked');
const close = Buffer.from('close');
const keepAlive = Buffer.from('keep-alive');

/**
 * Reads a head that begins at `from`.
 *
 * As strict as RFC 9112 lets a client be, since an answer that two readers frame differently is an attack or a bug: no bare
 * line feeds, no folded lines, no control characters, never both a length and chunks.
 *
 * @returns where the head ends; 0 if it does not end yet; -1 if it is not a head, and `into.error` says why
 * @cost one pass, about a nanosecond per byte; nothing is allocated unless the head is kept or has a Server-Timing
 */
export const headEnd = (bytes: Buffer, from: number, to: number, into: AnswerHead): number => {
  const known = Math.min(to - from, version.length);
  for (let at = 0; at < known; at++) {
    if (bytes[from + at] !== version[at]) return wrong(into, 'it does not begin with HTTP/1');
  }
  // "HTTP/1.1 200" and the end of its line.
  if (to - from < 14) return 0;
  const minor = bytes[from + 7]! - 48;
  if (minor !== 0 && minor !== 1) return wrong(into, 'a version other than 1.0 and 1.1');
  const status = statusAt(bytes, from + 8);
  if (status < 100) return wrong(into, 'a status line without a status');
  into.status = status;
  into.isReusable = minor === 1;
  into.closes = false;
  into.length = -1;
  into.isChunked = false;
  into.transfer = undefined;
  into.encoding = '';
  into.head = '';
  into.isTimed = false;
  let at = from + 12;
  if (bytes[at] !== SPACE && bytes[at] !== CR) return wrong(into, 'a status line without a status');
  while (at < to && valueBytes[bytes[at]!] === 1) at++;
  const lines = at;
  for (;;) {
    // At the end of a line.
    if (at + 1 >= to) return at < to && bytes[at] !== CR ? wrong(into, 'a line that does not end in CR LF') : 0;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return wrong(into, 'a line that does not end in CR LF');
    at += 2;
    if (at >= to) return 0;
    if (bytes[at] === CR) {
      if (at + 1 >= to) return 0;
      if (bytes[at + 1] !== LF) return wrong(into, 'a line that does not end in CR LF');
      if (into.keepsHead) into.head = headText(bytes, lines, at - 2);
      return framed(into, at + 2);
    }
    const nameStart = at;
    while (at < to && nameBytes[bytes[at]!] === 1) at++;
    if (at >= to) return 0;
    if (bytes[at] !== COLON || at === nameStart) {
      return wrong(
        into,
        bytes[nameStart] === SPACE || bytes[nameStart] === TAB
          ? 'a folded header'
          : 'a header without a name and a colon',
      );
    }
    const nameEnd = at++;
    while (at < to && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
    const valueStart = at;
    while (at < to && valueBytes[bytes[at]!] === 1) at++;
    if (at >= to) return 0;
    if (!header(bytes, nameStart, nameEnd, valueStart, trimmed(bytes, valueStart, at), into)) return -1;
  }
};

const wrong = (into: AnswerHead, error: string): -1 => {
  into.error = error;
  return -1;
};

const statusAt = (bytes: Buffer, at: number): number => {
  if (bytes[at] !== SPACE) return 0;
  const [a, b, c] = [bytes[at + 1]! - 48, bytes[at + 2]! - 48, bytes[at + 3]! - 48];
  return a >= 1 && a <= 9 && b >= 0 && b <= 9 && c >= 0 && c <= 9 ? a * 100 + b * 10 + c : 0;
};

const framed = (into: AnswerHead, end: number): number => {
  if (into.closes) into.isReusable = false;
  if (into.transfer === undefined) return end;
  if (into.length >= 0) return wrong(into, 'both a Content-Length and a Transfer-Encoding');
  return codedAs(into.transfer, into) ? end : -1;
};

const trimmed = (bytes: Buffer, from: number, to: number): number => {
  let end = to;
  while (end > from && (bytes[end - 1] === SPACE || bytes[end - 1] === TAB)) end--;
  return end;
};

/** Takes what matters from one header; most can be told apart by their length alone. */
const header = (
  bytes: Buffer,
  nameStart: number,
  nameEnd: number,
  from: number,
  to: number,
  into: AnswerHead,
): boolean => {
  switch (nameEnd - nameStart) {
    case 10:
      if (isWord(bytes, nameStart, nameEnd, connection)) connectionOf(bytes, from, to, into);
      return true;
    case 13:
      if (isWord(bytes, nameStart, nameEnd, serverTiming)) addServerTimes(bytes.toString('latin1', from, to), into);
      return true;
    case 14:
      return !isWord(bytes, nameStart, nameEnd, contentLength) || lengthOf(bytes, from, to, into);
    case 16:
      if (isWord(bytes, nameStart, nameEnd, contentEncoding)) {
        const coding = bytes.toString('latin1', from, to).toLowerCase();
        into.encoding = into.encoding === '' ? coding : `${into.encoding}, ${coding}`;
      }
      return true;
    case 17:
      if (isWord(bytes, nameStart, nameEnd, transferEncoding)) addCodings(bytes, from, to, into);
      return true;
    default:
      return true;
  }
};

/** Whether bytes are a word, in any case. */
const isWord = (bytes: Buffer, from: number, to: number, word: Buffer): boolean => {
  if (to - from !== word.length) return false;
  for (let at = 0; at < word.length; at++) if ((bytes[from + at]! | 32) !== word[at]) return false;
  return true;
};

const connectionOf = (bytes: Buffer, from: number, to: number, into: AnswerHead): void => {
  for (let at = from; at < to;) {
    let end = at;
    while (end < to && bytes[end] !== COMMA) end++;
    let start = at;
    while (start < end && (bytes[start] === SPACE || bytes[start] === TAB)) start++;
    const last = trimmed(bytes, start, end);
    if (isWord(bytes, start, last, close)) into.closes = true;
    else if (isWord(bytes, start, last, keepAlive)) into.isReusable = true;
    at = end + 1;
  }
};

/** Fifteen digits are below 2^53. */
const lengthOf = (bytes: Buffer, from: number, to: number, into: AnswerHead): boolean => {
  let length = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - 48;
    if (digit < 0 || digit > 9) length = NaN;
    length = length * 10 + digit;
  }
  if (Number.isNaN(length) || to === from || to - from > 15) {
    into.error = 'a Content-Length that is not a number';
    return false;
  }
  if (into.length >= 0 && into.length !== length) {
    into.error = 'two Content-Lengths that differ';
    return false;
  }
  into.length = length;
  return true;
};

const addCodings = (bytes: Buffer, from: number, to: number, into: AnswerHead): void => {
  const codings = isWord(bytes, from, to, chunked) ? 'chunked' : bytes.toString('latin1', from, to).toLowerCase();
  into.transfer = into.transfer === undefined ? codings : `${into.transfer}, ${codings}`;
};

/** If chunked is not the last coding, the answer ends with the connection (RFC 9112, 6.3, rule 4). */
const codedAs = (transfer: string, into: AnswerHead): boolean => {
  into.isChunked = true;
  if (transfer === 'chunked') return true;
  const codings = transfer.split(',').map((coding) => coding.trim());
  into.isChunked = codings.at(-1) === 'chunked';
  const before = codings.slice(0, into.isChunked ? -1 : undefined);
  if (into.isChunked && before.includes('chunked')) {
    into.error = 'chunks of chunks';
    return false;
  }
  // Undone like content codings: they were applied last.
  if (into.isChunked) into.encoding = [...(into.encoding === '' ? [] : [into.encoding]), ...before].join(', ');
  return true;
};
