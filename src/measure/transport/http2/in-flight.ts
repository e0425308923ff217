import type { Clock } from '../../../core/clock.ts';
import type { FailureClass } from '../../../core/recording/failure.ts';
import type { Micros } from '../../../core/units.ts';
import type { After, End, User } from '../../user.ts';
import { decodeBody, largestBodyBytes } from '../decode.ts';
import type { Filled, Http2Request } from './request.ts';
import { Stream } from './stream.ts';
import { StreamTable } from './stream-table.ts';

/** Streams that were given up, by number. Beyond this many, a frame of a finished stream is no longer an error. */
const mostGivenUp = 1024;

const lastId = 2 ** 31 - 1;

/** Sends a request once more, on any connection with room. */
export type Again = (user: User, request: Http2Request, filled: Filled, after: After, sent: number) => Promise<End>;

/**
 * The requests in flight on a connection, and how each ends.
 *
 * @cost nothing is allocated for a request: its stream was used before
 */
export class InFlight {
  readonly live: Stream[] = [];
  readonly #clock: Clock;
  readonly #again: Again;
  readonly #byId = new StreamTable<Stream>();
  readonly #free: Stream[] = [];
  #nextId: number;
  /** Frames may still come on these. */
  readonly #givenUp = new Set<number>();
  #hasForgotten = false;

  /** @param firstId number of the first request, odd */
  constructor(clock: Clock, again: Again, firstId: number) {
    this.#clock = clock;
    this.#again = again;
    this.#nextId = firstId;
  }

  /** All numbers are used up. */
  get isExhausted(): boolean {
    return this.#nextId > lastId;
  }

  begin(user: User, request: Http2Request, filled: Filled, after: After, sent: number): Stream {
    const stream = this.#free.pop() ?? new Stream();
    stream.begin(this.#nextId, user, request, filled, after, sent);
    this.#nextId += 2;
    stream.place = this.live.push(stream) - 1;
    this.#byId.add(stream);
    return stream;
  }

  get(id: number): Stream | undefined {
    return this.#byId.get(id);
  }

  /** No request has had that number yet, or none can have it. */
  isIdle(id: number): boolean {
    return id >= this.#nextId || id % 2 === 0;
  }

  /** Whether frames may still come on a stream that is over. */
  isGivenUp(id: number): boolean {
    return this.#hasForgotten || this.#givenUp.has(id);
  }

  /** The target has ended a stream that was given up. */
  forget(id: number): void {
    this.#givenUp.delete(id);
  }

  /** Notes that this side ended a stream before the target did. */
  giveUp({ id }: Stream): void {
    if (this.#givenUp.size < mostGivenUp) this.#givenUp.add(id);
    else this.#hasForgotten = true;
  }

  /** Its answer is complete. */
  answered(stream: Stream, doneUs: Micros): void {
    const { user, request, status, bytes, head } = stream;
    const { exchange } = user!;
    exchange.doneUs = doneUs;
    exchange.status = status;
    exchange.bytes = bytes;
    if (request!.keep !== 'status') exchange.head = head;
    if (request!.keep === 'body') decode(stream);
    this.#over(stream);
  }

  /** It ends with this failure, or is sent once more, which is counted. */
  fail(stream: Stream, failure: FailureClass, detail: string, isSentAgain: boolean): void {
    const { exchange } = stream.user!;
    if (!stream.isSent) exchange.sentUs = this.#clock.now();
    if (isSentAgain) {
      const { user, request, filled, after, sent, settle } = stream;
      this.#release(stream);
      exchange.resent = true;
      settle(this.#again(user!, request!, filled!, after, sent + 1));
      return;
    }
    exchange.doneUs = Math.max(exchange.sentUs, this.#clock.now()) as Micros;
    exchange.status = 0;
    exchange.failure = failure;
    exchange.detail = detail;
    this.#over(stream);
  }

  #over(stream: Stream): void {
    const { user, after, settle, fail } = stream;
    this.#release(stream);
    let end: End;
    try {
      end = after(user!);
    } catch (bug) {
      fail(bug);
      return;
    }
    settle(end);
  }

  #release(stream: Stream): void {
    this.#byId.delete(stream.id);
    const last = this.live.pop()!;
    if (last !== stream) {
      this.live[stream.place] = last;
      last.place = stream.place;
    }
    stream.end();
    this.#free.push(stream);
  }
}

const decode = ({ user, chunks, encoding, text }: Stream): void => {
  const { exchange } = user!;
  if (text !== undefined) {
    exchange.body = text;
    return;
  }
  const decoded = decodeBody(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), encoding, largestBodyBytes);
  if (typeof decoded === 'string') exchange.body = decoded;
  else {
    exchange.status = 0;
    exchange.failure = 'protocol';
    exchange.detail = decoded.failure;
  }
};
