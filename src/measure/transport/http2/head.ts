import { textOfOctets } from '../../../core/octets.ts';
import { addServerTimes } from '../../server-timing.ts';
import type { Exchange } from '../../user.ts';
import type { Decoder } from './hpack/decoder.ts';
import { FieldKind, type Field } from './hpack/field.ts';

/** What the head of an answer says. */
export interface AnswerHead {
  /** 0 if there is none yet. */
  status: number;
  /** -1 if not given. */
  length: number;
  encoding: string;
  /** Each header as `\r\nname: value`, if it is kept. */
  head: string;
  /** Of all heads of the answer, as in HTTP/1.1. */
  headBytes: number;
}

/** A head of more than this, including interim ones before it, is no answer. */
const largestHeadBytes = 64 * 1024;

/** What HTTP/1.1 puts between and after name and value. */
const separators = 4;

/**
 * Takes in the head of an answer, also an interim one, of which only the status is left behind.
 *
 * @returns what is wrong with it; empty if nothing
 * @cost nothing is allocated unless the head is kept
 */
export const readHead = (decoder: Decoder, keepsHead: boolean, into: AnswerHead, exchange: Exchange): string => {
  const { fields, count } = decoder;
  const [first] = fields;
  if (count === 0 || first!.kind !== FieldKind.status) return 'a head that does not begin with its status';
  const status = statusOf(first!.value);
  if (status < 100) return `an invalid status: ${JSON.stringify(first!.value.slice(0, 20))}`;
  if (status === 101) return 'status 101, which HTTP/2 does not have';
  let length = -1;
  let encoding = '';
  let head = '';
  for (let at = 1; at < count; at++) {
    const field = fields[at]!;
    into.headBytes += field.name.length + field.value.length + separators;
    if (into.headBytes > largestHeadBytes) return tooLarge;
    if (keepsHead) head += `\r\n${field.name}: ${field.value}`;
    if (field.kind === FieldKind.other) continue;
    if (field.kind === FieldKind.wrong) return wrongField(field);
    if (field.kind === FieldKind.status) return 'two statuses';
    if (field.kind === FieldKind.encoding) encoding = encoding === '' ? field.value : `${encoding}, ${field.value}`;
    else if (field.kind === FieldKind.timing) {
      if (status >= 200) addServerTimes(field.value, exchange);
    } else {
      const given = lengthOf(field.value);
      if (given < 0) return 'a content-length that is not a number';
      if (length >= 0 && length !== given) return 'two content-lengths that differ';
      length = given;
    }
  }
  into.status = status;
  into.length = length;
  into.encoding = encoding;
  if (keepsHead) into.head = textOfOctets(head);
  return '';
};

/** Takes in the fields after a body. @returns what is wrong with them; empty if nothing */
export const readTrailers = ({ fields, count }: Decoder, into: AnswerHead): string => {
  for (let at = 0; at < count; at++) {
    const field = fields[at]!;
    into.headBytes += field.name.length + field.value.length + separators;
    if (into.headBytes > largestHeadBytes) return tooLarge;
    if (field.kind === FieldKind.status) return 'a status in trailers';
    if (field.kind === FieldKind.wrong) return wrongField(field);
  }
  return '';
};

const tooLarge = 'a head larger than 64 KiB';

const wrongField = ({ name }: Field): string => `a field that no answer has: ${JSON.stringify(name.slice(0, 40))}`;

const statusOf = (text: string): number => (/^[1-9]\d\d$/u.test(text) ? Number(text) : 0);

/** Fifteen digits are below 2^53. */
const lengthOf = (text: string): number => (/^\d{1,15}$/u.test(text) ? Number(text) : -1);

/** Longer blocks are always decoded. */
const longestBlock = 1024;

/**
 * The last head that answered a request, with what it said: a target gives the same request the same head again and again,
 * except for its date.
 *
 * @cost a comparison of its bytes, a nanosecond each
 */
export class HeadMemo {
  readonly #block = Buffer.allocUnsafeSlow(longestBlock);
  #bytes = 0;
  #inserted: readonly Field[] = [];
  readonly #said: AnswerHead = { status: 0, length: -1, encoding: '', head: '', headBytes: 0 };

  /** Takes in the block if it is the known one; the answer must have had no head before. */
  recall(bytes: Buffer, from: number, to: number, decoder: Decoder, into: AnswerHead): boolean {
    if (this.#bytes === 0 || to - from !== this.#bytes) return false;
    const block = this.#block;
    // What usually differs, a date, is at the end.
    for (let at = this.#bytes - 1; at >= 0; at--) if (bytes[from + at] !== block[at]) return false;
    const inserted = this.#inserted;
    for (let at = 0; at < inserted.length; at++) decoder.insert(inserted[at]!);
    const said = this.#said;
    into.status = said.status;
    into.length = said.length;
    into.encoding = said.encoding;
    into.head = said.head;
    into.headBytes = said.headBytes;
    return true;
  }

  /** Keeps a decoded block, and what it said, if it always says the same and contains no time from the target. */
  remember(bytes: Buffer, from: number, to: number, decoder: Decoder, said: AnswerHead, isTimed: boolean): void {
    if (!decoder.isSelfContained || isTimed || to - from > longestBlock || said.status < 200) return;
    bytes.copy(this.#block, 0, from, to);
    this.#bytes = to - from;
    this.#inserted = [...decoder.inserted];
    this.#said.status = said.status;
    this.#said.length = said.length;
    this.#said.encoding = said.encoding;
    this.#said.head = said.head;
    this.#said.headBytes = said.headBytes;
  }
}
