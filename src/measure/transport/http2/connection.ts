import type { Socket } from 'node:net';
import type { Clock } from '../../../core/clock.ts';
import type { Micros } from '../../../core/units.ts';
import type { After, End, User } from '../../user.ts';
import { Answers, type Owner } from './answers.ts';
import { brokenDetail, goawayText, socketFailed, streamFailure, violated, type Broken } from './failure.ts';
import { ErrorCode, Flag, FrameType } from './frame.ts';
import { InFlight, type Again } from './in-flight.ts';
import { Incoming, type Handler } from './incoming.ts';
import { Opening } from './opening.ts';
import type { Outbox } from './outbox.ts';
import type { Violation } from './reader.ts';
import type { Filled, Http2Request } from './request.ts';
import { Sending } from './sending.ts';
import type { Stream } from './stream.ts';
import { Writing } from './writing.ts';

/** A target that gives up connections after a number of requests leaves out a request more than once, but not forever. */
const mostSent = 100;

/** How many answers to PING, SETTINGS and errors a target may leave unread before the connection is ended. */
const mostReplies = 10_000;

/** What the connections of a transport share. */
export interface Pool {
  readonly clock: Clock;
  readonly outbox: Outbox;
  /** Requests at a time; fewer if the target accepts fewer. */
  readonly mostStreams: number;
  /** The number of a connection's first request: 1, except to use up all numbers soon. */
  readonly firstStream: number;
  /** How long a target that accepts no requests has to accept some. */
  readonly connectTimeoutUs: number;
  readonly lost: (connection: Http2Connection) => void;
  readonly again: Again;
}

/** One connection, and the requests on it: they are written once per turn of the event loop, and what is read is parsed in place. */
export class Http2Connection implements Handler, Owner {
  readonly #pool: Pool;
  readonly #incoming = new Incoming(this, new Answers(this));
  readonly #sending: Sending;
  readonly #writing: Writing;
  readonly #inFlight: InFlight;
  /** The streams that began in this turn. */
  readonly #begun: Stream[] = [];
  /** It accepts requests, once it is ready. */
  #isOpen = true;
  readonly #opening = new Opening();
  /** What the target ended it with; empty if it did not. */
  #goaway = '';
  /** Set once nothing comes or goes on it any more. */
  #broken: Broken | undefined;
  /** How often something was read. */
  #reads = 0;
  /** When the current bytes were read; negative if the clock was not read yet. */
  #readUs = -1;

  constructor(socket: Socket, pool: Pool) {
    this.#pool = pool;
    this.#sending = new Sending(pool.outbox);
    this.#writing = new Writing(socket, pool.outbox, this.#sending, () => this.#stamp());
    this.#inFlight = new InFlight(pool.clock, pool.again, pool.firstStream);
    socket.on('error', (error) => this.#break(socketFailed(error)));
    socket.on('end', () => this.#break(this.#closed()));
    socket.on('close', () => this.#break(this.#closed()));
    this.#writing.introduce();
  }

  /** How many requests it accepts at a time. */
  get limit(): number {
    return Math.min(this.#pool.mostStreams, this.#sending.mostStreams);
  }

  /** If false, it accepts no more requests. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The error text of a request that could not be sent on it, as it is no longer open. */
  get whyGone(): string {
    return brokenDetail(this.#broken ?? this.#closed(), 0);
  }

  get hasRoom(): boolean {
    return this.hasRoomFor(1);
  }

  /** Whether this many more can be sent on it. */
  hasRoomFor(requests: number): boolean {
    return this.#isOpen && this.#opening.isDone && this.#inFlight.live.length + requests <= this.limit;
  }

  /**
   * Settles when the target has sent its settings, which always come first.
   *
   * @param leftUs of the time that connecting may take, `timeoutUs`
   * @throws what went wrong before
   */
  async ready(leftUs: number, timeoutUs: number): Promise<void> {
    try {
      await this.#opening.wait(leftUs, timeoutUs, () => this.limit > 0);
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /**
   * Settles when a target that accepts no requests accepts some again, or the connection is gone.
   *
   * @throws if that takes too long
   */
  async room(): Promise<void> {
    const { connectTimeoutUs } = this.#pool;
    try {
      await this.#opening.wait(connectTimeoutUs, connectTimeoutUs, () => this.limit > 0);
    } catch (error) {
      if (this.#isOpen) throw error;
    }
  }

  /**
   * Sends a request; resolves with what `after` gives once `user.exchange` is filled in. Only if there is room.
   *
   * @param sent how often it was sent before
   * @cost a request allocates its promise and no more
   */
  send(user: User, request: Http2Request, filled: Filled, after: After, sent: number): Promise<End> {
    const stream = this.#inFlight.begin(user, request, filled, after, sent);
    if (this.#inFlight.isExhausted) this.#retire();
    stream.readBefore = this.#reads;
    this.#begun.push(stream);
    this.#sending.begin(stream);
    this.#writing.due();
    return new Promise(stream.executor);
  }

  /** Takes in what the socket has read; the bytes are overwritten afterwards. */
  read(size: number, bytes: Buffer): void {
    if (this.#broken !== undefined) return;
    this.#reads++;
    this.#readUs = -1;
    this.#incoming.push(bytes, size);
    this.#endIfDone();
  }

  interruptLate(nowUs: number): void {
    const { live } = this.#inFlight;
    for (let at = live.length - 1; at >= 0; at--) {
      const stream = live[at]!;
      if (stream.deadlineUs > nowUs) continue;
      // A connection that is completely silent gets no more requests; answers that it still owes may come.
      if (stream.readBefore === this.#reads) this.#retire();
      this.#cancel(stream, ErrorCode.CANCEL);
      this.#inFlight.fail(stream, 'timeout', lateText(stream, this.#goaway), false);
    }
    this.#endIfDone();
  }

  /** Ends the requests in flight; a connection that cannot be used yet is given up. */
  interruptAll(): void {
    const { live } = this.#inFlight;
    while (live.length > 0) {
      const stream = live.at(-1)!;
      this.#cancel(stream, ErrorCode.CANCEL);
      this.#inFlight.fail(stream, 'aborted', 'the slot was over', false);
    }
    if (!this.#opening.isDone || this.limit === 0) this.discard();
  }

  /** Ends it at once. */
  discard(): void {
    if (this.#broken === undefined) this.#writing.part(ErrorCode.NO_ERROR);
    this.#break(this.#closed());
  }

  // Handler: what the target says.

  reset(id: number, code: number): boolean {
    const stream = this.#inFlight.get(id);
    this.#inFlight.forget(id);
    if (stream === undefined) return this.#isKnown(id, 'RST_STREAM');
    const { status, length, bytes, isBody } = stream;
    if (isBody && length >= 0 && bytes === length) {
      this.answered(stream);
      return true;
    }
    // The target has not processed the request, whatever it was.
    const isRefused = code === ErrorCode.REFUSED_STREAM && status === 0;
    if (isRefused) stream.user!.exchange.maybeApplied = false;
    const { failure, detail } = streamFailure(code, status);
    // A request that a busy target refuses is sent once more and then reported, as that says something about the target.
    this.#inFlight.fail(stream, failure, detail, isRefused && stream.sent < (this.#goaway === '' ? 1 : mostSent));
    return true;
  }

  setting(name: number, value: number): boolean {
    const violation = this.#sending.setting(name, value, this.#inFlight.live);
    if (violation !== undefined) this.violated(violation);
    return violation === undefined;
  }

  settled(): boolean {
    this.#sending.output.frame(FrameType.settings, Flag.ack, 0);
    this.#opening.done();
    return this.#reply();
  }

  ping(bytes: Buffer, from: number): boolean {
    this.#sending.output.frame(FrameType.ping, Flag.ack, 0, bytes, from, from + 8);
    return this.#reply();
  }

  goaway(lastId: number, code: number, debug: string): void {
    this.#goaway = goawayText(code, debug);
    this.#retire();
    for (const stream of this.#inFlight.live.filter(({ id }) => id > lastId)) {
      stream.user!.exchange.maybeApplied = false;
      this.#inFlight.giveUp(stream);
      this.#inFlight.fail(stream, 'reset', brokenDetail(this.#closed(), 0), stream.sent < mostSent);
    }
  }

  windowUpdate(id: number, bytes: number): boolean {
    const overflow = { code: ErrorCode.FLOW_CONTROL_ERROR, what: 'a window of more than 2^31 - 1 bytes' };
    const stream = id === 0 ? undefined : this.#inFlight.get(id);
    if (stream !== undefined) {
      if (!this.#sending.widenStream(stream, bytes)) return this.spoilt(id, overflow);
    } else if (id !== 0) return this.#isKnown(id, 'WINDOW_UPDATE');
    else if (!this.#sending.widen(bytes)) {
      this.violated(overflow);
      return false;
    }
    if (this.#sending.hasBodies) this.#writing.due();
    return true;
  }

  spoilt(id: number, { code, what }: Violation): boolean {
    const stream = this.#inFlight.get(id);
    if (stream === undefined) return this.#isKnown(id, 'frame');
    this.refused(stream, code, `invalid HTTP/2: ${what}`);
    return this.#reply();
  }

  violated(violation: Violation): void {
    if (this.#broken !== undefined) return;
    this.#writing.part(violation.code);
    this.#break(violated(violation));
  }

  // Owner: what becomes of answers.

  find(id: number): Stream | undefined | null {
    const stream = this.#inFlight.get(id);
    if (stream !== undefined) return stream;
    if (!this.#isKnown(id, 'frame')) return null;
    if (this.#inFlight.isGivenUp(id)) return undefined;
    this.violated({ code: ErrorCode.STREAM_CLOSED, what: 'a frame of a stream that was over' });
    return null;
  }

  over(id: number): void {
    this.#inFlight.forget(id);
  }

  answered(stream: Stream): void {
    // An answer may come before the request is completely written: the rest no longer matters.
    if (stream.left > 0) {
      this.#sending.output.number(FrameType.rstStream, stream.id, ErrorCode.CANCEL);
      this.#writing.due();
    }
    if (this.#readUs < 0) this.#readUs = this.#pool.clock.now();
    this.#inFlight.answered(stream, this.#readUs as Micros);
  }

  refused(stream: Stream, code: number, why: string): void {
    this.#cancel(stream, code);
    this.#inFlight.fail(stream, 'protocol', why, false);
  }

  grant(id: number, bytes: number): void {
    this.#sending.output.number(FrameType.windowUpdate, id, bytes);
    this.#writing.due();
  }

  /** Marks requests as sent: their heads are the first part to be written. */
  #stamp(): void {
    const begun = this.#begun;
    if (begun.length === 0) return;
    const nowUs = this.#pool.clock.now();
    for (const stream of begun) {
      if (stream.user === undefined) continue;
      stream.user.exchange.sentUs = nowUs;
      stream.isSent = true;
      stream.deadlineUs = nowUs + stream.request!.timeoutUs;
    }
    begun.length = 0;
  }

  /** Something was written that the target has to read. @returns whether the connection goes on */
  #reply(): boolean {
    this.#writing.due();
    if (++this.#writing.replies <= mostReplies) return true;
    this.violated({ code: ErrorCode.ENHANCE_YOUR_CALM, what: 'it asks for more than it reads' });
    return false;
  }

  #isKnown(id: number, type: string): boolean {
    if (!this.#inFlight.isIdle(id)) return true;
    this.violated({ code: ErrorCode.PROTOCOL_ERROR, what: `a ${type} frame for a stream that was never opened` });
    return false;
  }

  /** Gives a stream up, before the target has ended it. */
  #cancel(stream: Stream, code: number): void {
    this.#inFlight.giveUp(stream);
    this.#sending.output.number(FrameType.rstStream, stream.id, code);
    this.#writing.due();
  }

  /** Stops sending requests on it; those in flight may complete. */
  #retire(): void {
    this.#isOpen = false;
  }

  #endIfDone(): void {
    if (!this.#isOpen && this.#inFlight.live.length === 0) this.discard();
  }

  #closed(): Broken {
    return { failure: 'reset', because: this.#goaway };
  }

  #break(broken: Broken): void {
    if (this.#broken !== undefined) return;
    this.#isOpen = false;
    this.#broken = broken;
    this.#writing.end();
    this.#pool.lost(this);
    this.#opening.failed(broken);
    const { live } = this.#inFlight;
    while (live.length > 0) this.#breakOff(live.at(-1)!, broken);
  }

  #breakOff(stream: Stream, broken: Broken): void {
    const { user, request, isSent, sent, status } = stream;
    const { exchange } = user!;
    if (!isSent) exchange.maybeApplied = false;
    // It was idle, and the target had closed it before it read a byte.
    const isUnread = broken.failure === 'reset' && status === 0 && exchange.connectUs < 0 && request!.isIdempotent;
    const isSentAgain = isSent ? isUnread && sent === 0 : sent < mostSent && broken.failure === 'reset';
    this.#inFlight.fail(stream, broken.failure, brokenDetail(broken, status), isSentAgain);
  }
}

/** @param goaway what the target said before it fell silent; empty if nothing */
const lateText = ({ status, request }: Stream, goaway: string): string => {
  const ms = request!.timeoutUs / 1000;
  const what =
    status === 0 ? `no answer within ${ms} ms` : `the answer (status ${status}) was not complete within ${ms} ms`;
  return goaway === '' ? what : `${what} (${goaway})`;
};
