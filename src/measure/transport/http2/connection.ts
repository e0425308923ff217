import { connect, constants, type ClientHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../../core/clock.ts';
import { timerMs } from '../../../core/units.ts';
import type { User } from '../../user.ts';
import { notConnectedInTime } from '../failure.ts';
import { sessionFailure, type Broken } from './failure.ts';
import type { Http2Request } from './request.ts';
import { Http2Stream } from './stream.ts';

/** What a stream takes in before it asks for more: with Node's own 64 KB a large answer would wait for the way there and back. */
const windowBytes = 256 * 1024;

/** One connection, and the requests on it. */
export class Http2Connection {
  readonly #socket: TLSSocket;
  readonly #session: ClientHttp2Session;
  readonly #clock: Clock;
  readonly #most: number;
  readonly #streams = new Set<Http2Stream>();
  readonly #lost: () => void;
  #isOpen = true;
  #isReady = false;
  /** What ended it, as far as that is known. */
  #broken: Broken = { failure: 'reset', detail: 'the connection was closed' };

  /**
   * @param most requests at a time; fewer where the target takes fewer
   * @param lost called when it has ended
   */
  constructor(socket: TLSSocket, clock: Clock, most: number, lost: () => void) {
    this.#socket = socket;
    this.#clock = clock;
    this.#most = most;
    this.#lost = lost;
    this.#session = connect('https://localhost', {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: windowBytes },
    });
    const failed = (error: Error): void => {
      if (this.#isOpen) this.#broken = sessionFailure(error);
      this.#retire();
    };
    this.#session.on('error', failed);
    // What is told of TLS does not always reach the session.
    socket.on('error', failed);
    this.#session.on('goaway', () => this.#retire());
    this.#session.on('close', () => this.#end());
    // The session closes behind its socket, and says why.
    socket.once('close', () => setImmediate(() => this.#end()));
  }

  /** Why nothing is sent on it any more; undefined while it is open. */
  get brokenBy(): Broken | undefined {
    return this.#isOpen ? undefined : this.#broken;
  }

  /** How many requests it takes at a time. */
  get limit(): number {
    return Math.min(this.#most, this.#session.remoteSettings.maxConcurrentStreams ?? Infinity);
  }

  get inFlight(): number {
    return this.#streams.size;
  }

  get hasRoom(): boolean {
    return this.hasRoomFor(1);
  }

  /** Whether so many more can be sent on it. */
  hasRoomFor(requests: number): boolean {
    return this.#isOpen && this.#isReady && !this.#session.closed && this.#streams.size + requests <= this.limit;
  }

  /**
   * Settles when the target has said what it takes, which is the first thing that it says.
   *
   * @param leftUs of the time that connecting may take, `timeoutUs`
   * @throws what went wrong before
   */
  async ready(leftUs: number, timeoutUs: number): Promise<void> {
    const session = this.#session;
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => failed(notConnectedInTime(timeoutUs)), timerMs(Math.max(0, leftUs)));
      const over = (): void => {
        clearTimeout(late);
        session.off('error', failed).off('close', closed);
        this.#socket.off('error', failed).off('close', closed);
      };
      const failed = (error: Error): void => {
        over();
        this.discard();
        reject(error);
      };
      const closed = (): void => failed(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
      session.once('remoteSettings', () => {
        over();
        this.#isReady = true;
        if (this.limit > 0) resolve();
        else reject(Object.assign(new Error('the target takes no requests'), { code: 'ECONNREFUSED' }));
      });
      session.on('error', failed).on('close', closed);
      // A refusal in the midst of TLS is told by the socket alone.
      this.#socket.on('error', failed).on('close', closed);
    });
  }

  /**
   * Sends a request, and resolves once `user.exchange` is filled in: `over`; or `again`, where it is to be sent once more on
   * whatever connection: surely nobody had looked at it, or nobody had answered a byte and twice is as good as once.
   *
   * @param sent how often it was sent before
   */
  async send(user: User, request: Http2Request, sent: number): Promise<'over' | 'again'> {
    const bytesRead = this.#socket.bytesRead;
    return new Promise((resolve) => {
      const stream: Http2Stream = new Http2Stream(user, request, this.#clock, {
        over: (what) => {
          this.#streams.delete(stream);
          resolve(what);
        },
        sent,
        isLeaving: () => this.#session.closed,
        isGone: () => this.#socket.destroyed || this.#session.destroyed,
        // One that is silent altogether is of no more use: what it still has to answer may come.
        late: () => {
          if (this.#socket.bytesRead === bytesRead) this.#retire();
        },
      });
      this.#streams.add(stream);
      stream.begin(this.#session);
    });
  }

  interruptLate(nowUs: number): void {
    for (const stream of this.#streams) if (stream.deadlineUs <= nowUs) stream.interrupt('timeout');
  }

  /** Ends what is in flight; one that is not open yet is given up. */
  interruptAll(): void {
    for (const stream of this.#streams) stream.interrupt('aborted');
    if (!this.#isReady) this.discard();
  }

  /** Ends it at once. */
  discard(): void {
    this.#retire();
    this.#session.destroy(undefined, constants.NGHTTP2_NO_ERROR);
    this.#socket.destroy();
  }

  #end(): void {
    this.#retire();
    this.#lost();
    for (const stream of this.#streams) stream.breakOff(this.#broken);
    this.#session.destroy();
    this.#socket.destroy();
  }

  /** Nothing more is sent on it; what is in flight may come to its end. */
  #retire(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (!this.#session.closed && !this.#session.destroyed) this.#session.close();
  }
}
