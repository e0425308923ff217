import type { After, End, User } from '../../user.ts';
import type { AnswerHead } from './head.ts';
import type { Filled, Http2Request } from './request.ts';

/**
 * One request and its answer, as far as it has come. Reused for another request once it is over.
 *
 * @cost a request allocates its promise and no more
 */
export class Stream implements AnswerHead {
  id = 0;
  /** Its place among the streams in flight. */
  place = 0;
  user: User | undefined;
  request: Http2Request | undefined;
  filled: Filled | undefined;
  after: After = completed;
  /** How often it was sent before. */
  sent = 0;
  /** Its head was handed over to the socket. */
  isSent = false;
  deadlineUs = Infinity;
  /** How often its connection had read when it was sent. */
  readBefore = 0;
  /** How much of its body may be sent, and how far it has come. */
  window = 0;
  bodyAt = 0;
  /** It is among the streams whose bodies go on. */
  isQueued = false;
  /** Bytes of the answer that were not yet granted to the target again. */
  unannounced = 0;
  status = 0;
  length = -1;
  encoding = '';
  head = '';
  headBytes = 0;
  /** The final head has arrived: what follows is the body. */
  isBody = false;
  /** Bytes of the body so far. */
  bytes = 0;
  chunks: Buffer[] = [];
  /** The body, if it came in one piece and has no coding. */
  text: string | undefined;
  settle: (end: End | Promise<End>) => void = nothing;
  fail: (bug: unknown) => void = nothing;
  readonly executor = (resolve: (end: End | Promise<End>) => void, reject: (bug: unknown) => void): void => {
    this.settle = resolve;
    this.fail = reject;
  };

  /** Bytes of its body that were not written yet. */
  get left(): number {
    return (this.filled?.bytes ?? 0) - this.bodyAt;
  }

  /** Prepares for a request. */
  begin(id: number, user: User, request: Http2Request, filled: Filled, after: After, sent: number): void {
    this.id = id;
    this.user = user;
    this.request = request;
    this.filled = filled;
    this.after = after;
    this.sent = sent;
    this.isSent = false;
    this.deadlineUs = Infinity;
    this.bodyAt = 0;
    this.unannounced = 0;
    this.status = 0;
    this.length = -1;
    this.encoding = '';
    this.head = '';
    this.headBytes = 0;
    this.isBody = false;
    this.bytes = 0;
    if (this.chunks.length > 0) this.chunks = [];
    this.text = undefined;
    const { exchange } = user;
    exchange.status = 0;
    exchange.bytes = 0;
    exchange.failure = undefined;
    exchange.isTimed = false;
    exchange.maybeApplied = true;
  }

  /** Forgets its request. */
  end(): void {
    this.id = 0;
    this.user = undefined;
    this.request = undefined;
    this.filled = undefined;
    this.after = completed;
  }
}

const completed: After = () => 'completed';
const nothing = (): void => undefined;
