import type { FailureClass } from '../core/recording/failure.ts';
import { micros, type Micros } from '../core/units.ts';
import type { ServerTimes } from './server-timing.ts';

/** One virtual user. Reused for every iteration; at most one request in flight. */
export interface User {
  readonly index: number;
  /** The user whose cookies it has: itself or, for a copy of a request, the user that sends it. */
  readonly cookiesOf: number;
  /** Number of the current iteration: its values and its randomness follow from it. */
  iteration: number;
  /** The iteration lies in the measured part, by its intended start. */
  measured: boolean;
  /** When the user became free and could have begun: send lag counts from here. 0: free from the beginning. */
  freeUs: Micros;
  /** When it last logged in; 0: not yet. */
  loggedInUs: Micros;
  /** How many stood in the line of the lock that was last asked for, this user included; 0: it was free. */
  queue: number;
  /** Lock waits of the current critical section, so far. */
  lockWaitUs: number;
  /** Where the time of the iteration went, so far. */
  readonly spent: Spent;
  /** Data values and captures, by the place that the compiler gave each name. */
  readonly variables: unknown[];
  readonly exchange: Exchange;
  /** Why the iteration failed, set with an `End` of `failed`. */
  failure: FailureClass;
  failureText: string;
  /** The step whose answer failed the iteration; that answer is then in `exchange`. Empty if there is none. */
  failedStep: string;
}

/** What an iteration's time was spent on, in µs. What is in none of them is the generator's own time, pauses and processing. */
export interface Spent {
  /** In all attempts that ended in a conflict, and in the pauses between attempts and before a request is sent again. */
  retriesUs: number;
  /** These are of attempts that did not end in a conflict, and of requests outside critical sections. */
  lockWaitUs: number;
  serviceUs: number;
  connectUs: number;
  /** Parts of serviceUs, as far as the target reports them. */
  serverLockUs: number;
  serverQueryUs: number;
  /** How many requests were sent, and how many of them in an attempt that ended in a conflict. */
  requests: number;
  wasted: number;
  /** How many requests were sent in place of one that `retry` covers. */
  again: number;
}

/** A user's last request: filled in by the transport, valid until the user's next send. */
export interface Exchange extends ServerTimes {
  /** First byte handed over. */
  sentUs: Micros;
  /** Last byte of the answer parsed, or the moment it failed. */
  doneUs: Micros;
  /** How long the request waited for a connection, mostly while one was opened; -1: an idle one was there. */
  connectUs: number;
  /** 0 where there was no answer. */
  status: number;
  /** Bytes of the answer as they were received: head and body with HTTP/1.1, the body with HTTP/2. */
  bytes: number;
  failure: FailureClass | undefined;
  /** The idle connection that it was first sent on turned out to be closed, and it was sent again. */
  resent: boolean;
  /** The request failed but may have reached the target all the same. */
  maybeApplied: boolean;
  /** Each header as `\r\nname: value`, names in lower case; kept only where the request asked for it. */
  head: string;
  body: string;
  /** The failure in words. */
  detail: string;
}

/** How a piece of an iteration ended. */
export type End = 'completed' | 'failed' | 'conflict' | 'interrupted';

/** A compiled piece of an iteration. */
export type Run = (user: User) => Promise<End>;

/** What follows an answer: checks and captures of a step, folded into one function. */
export type After = (user: User) => End;

/** A new user, idle. */
export const newUser = (index: number, variables: number, cookiesOf = index): User => ({
  index,
  cookiesOf,
  iteration: 0,
  measured: false,
  freeUs: micros(0),
  loggedInUs: micros(0),
  queue: 0,
  lockWaitUs: 0,
  spent: {
    retriesUs: 0,
    lockWaitUs: 0,
    serviceUs: 0,
    connectUs: 0,
    serverLockUs: 0,
    serverQueryUs: 0,
    requests: 0,
    wasted: 0,
    again: 0,
  },
  variables: Array.from({ length: variables }, () => undefined),
  exchange: {
    sentUs: micros(0),
    doneUs: micros(0),
    connectUs: -1,
    status: 0,
    failure: undefined,
    isTimed: false,
    serverLockUs: 0,
    serverQueryUs: 0,
    bytes: 0,
    resent: false,
    maybeApplied: false,
    head: '',
    body: '',
    detail: '',
  },
  failure: 'generator',
  failureText: '',
  failedStep: '',
});

/**
 * Notes why the user's iteration failed.
 *
 * @param step the step whose answer was wrong; that answer is still in the user's exchange
 */
export const fail = (user: User, failure: FailureClass, text: string, step = ''): End => {
  user.failure = failure;
  user.failureText = text;
  user.failedStep = step;
  return 'failed';
};
