import { z } from 'zod';
import { retriedFailures } from '../../core/plan/plan.ts';
import { named } from '../text/words.ts';
import { capture } from './capture.ts';
import { changes } from './changes.ts';
import { expectation, statuses } from './expect.ts';
import { branch, inputSchema, isMap, notation } from './notation.ts';
import { auth } from './auth.ts';
import { bodyShape } from './body.ts';
import { count, duration, durations, elsewhere, headerValue, label, path, span, tags } from './values.ts';

/** The words for a request, and the method sent for each. */
export const methods = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  head: 'HEAD',
  options: 'OPTIONS',
} as const;

/** A word for a request. */
export type MethodWord = keyof typeof methods;

/** All words for a request. */
export const methodWords = Object.keys(methods) as readonly MethodWord[];

/** The largest number of steps in one list. */
const mostSteps = 1000;

/** Header names to values. */
export const headers = z.record(z.string(), headerValue);

/** Further attempts after a conflict. */
export const retries = count(0, 1_000_000);

/** What to do on a conflict if neither the step nor the mode says so. */
export const usualConflict = { retries: 10, backoff: '1ms..20ms' } as const;

const conflict = z.strictObject({
  status: statuses.describe(
    'the status that means "another one was faster" and is not an error, or a list of them: 412',
  ),
  retries: retries
    .describe("further attempts before the iteration fails as gave-up; default: the mode's")
    .optional()
    .meta({ usually: usualConflict.retries }),
  backoff: durations
    .describe("pause before the next attempt: grows from the first to the second; default: the mode's")
    .optional()
    .meta({ usually: usualConflict.backoff }),
});

/** How many copies of a request may be sent at the same time. */
const mostCopies = 64;

/** How often a request may be sent again. */
const mostTries = 100;

const retriedStatus = count(100, 599);
const retriedFailure = z.enum(retriedFailures);

const retriedOne = branch<typeof retriedStatus | typeof retriedFailure>(
  [retriedStatus, retriedFailure],
  (input, refuse) => {
    if (typeof input === 'number') return retriedStatus;
    if (typeof input !== 'string' || !(retriedFailures as readonly string[]).includes(input))
      return refuse(
        `expected a status or a failure, got ${named(input)}`,
        `such as 503, or one of ${retriedFailures.join(', ')}`,
      );
    return retriedFailure;
  },
);
const retriedList = z.array(retriedOne).min(1);
const retriedLone = retriedOne.transform((one) => [one]);

const retry = z.strictObject({
  on: branch<typeof retriedLone | typeof retriedList>([retriedLone, retriedList], (input) =>
    Array.isArray(input) ? retriedList : retriedLone,
  ).describe('when to send it again: after a status, a failure such as timeout or reset, or a list of them'),
  times: count(1, mostTries).describe('how often at most').prefault(1),
  backoff: span
    .describe('pause before it is sent again, which grows from the first to the second: 10ms, 10ms..100ms')
    .prefault(0),
});

/** How many redirects a request may follow. */
export const redirects = count(0, 20);

/** The parts of a step's request. A mode may change all of them. */
const requestShape = {
  get: path.describe('send a GET to this path').optional(),
  post: path.describe('send a POST to this path').optional(),
  put: path.describe('send a PUT to this path').optional(),
  patch: path.describe('send a PATCH to this path').optional(),
  delete: path.describe('send a DELETE to this path').optional(),
  head: path.describe('send a HEAD to this path: a GET whose answer has no body').optional(),
  options: path.describe('send an OPTIONS to this path').optional(),
  headers: headers.describe('sent with this request; values are templates, null removes one').prefault({}),
  json: z
    .unknown()
    .describe('the body, as JSON; its strings are templates, and "${stock - 1}" alone keeps its type')
    .optional(),
  ...bodyShape,
  auth: auth
    .describe(
      `the Authorization header: { bearer: "\${token}" }, { basic: { user, password } }; none: not even the scenario's`,
    )
    .optional(),
  redirects: redirects.describe("how many redirects to follow; default: the scenario's").optional(),
  capture: z
    .record(z.string(), capture)
    .describe(
      'variables for later steps: an expression over body, header and status, body.stock, or { text: pattern }, or { jsonpath: query }',
    )
    .prefault({}),
  expect: expectation.describe('what the answer must be; anything else fails the request').prefault({}),
  conflict: conflict
    .describe("in a critical section: answers after which it starts again, instead of the mode's")
    .optional(),
  copies: count(1, mostCopies)
    .describe(
      'sends it this often at the same moment, each time on another connection, as a double click does; each counts as a request; 1: once, as without it',
    )
    .optional(),
  retry: retry
    .describe(
      'sends the same bytes again, inside the same iteration and hold: { on: [timeout, 503], times: 2, backoff: 10ms }; each try counts as a request',
    )
    .optional(),
  timeout: duration(1).describe('how long this request may take; default timeouts.request').optional(),
};

const nested = notation(
  (_, refuse) =>
    refuse('critical sections are never nested', 'end the outer one before it: begin a new item of "steps"'),
  { not: {} },
);

/** A key for a step that is not a request. */
const alone = (word: string) =>
  notation((_, refuse) => refuse(`"${word}" is a separate step`, 'begin a new item of the list with it'), {
    not: {},
  }).optional();

/** One HTTP exchange. */
const request = z.strictObject({
  name: label.describe('name in reports and in the steps of a mode; default "GET /path"').optional(),
  tags: tags
    .describe('words that this step shares with others: gates and reports combine all requests with the same tag')
    .optional(),
  target: elsewhere
    .describe('in "login": where this step goes, if not to the target of the scenario: https://login.example.com')
    .optional(),
  ...requestShape,
  critical: nested.optional(),
  think: alone('think'),
  repeat: alone('repeat'),
  if: alone('if'),
  choose: alone('choose'),
});

/** The keys of a request. */
export const requestKeys: readonly string[] = Object.keys(request.shape);

/** One HTTP exchange as the schema gives it. */
export type RequestOutput = z.output<typeof request>;

/** One HTTP exchange, or what is wrong with it. */
export const requestPicked = branch(
  [request],
  (input, refuse) =>
    isMap(input) ? request : refuse(`expected a step, got ${named(input)}`, 'such as { get: /products }'),
  { ...inputSchema(request), oneOf: methodWords.map((word) => ({ required: [word] })) },
);

/** A list whose items are counted before they are checked: those after the thousandth cost nothing. */
export const listOf = <T extends z.ZodType>(item: T, least: 0 | 1) => {
  const list = z.array(item).min(least);
  return branch(
    [list],
    (input, refuse) =>
      Array.isArray(input) && input.length > mostSteps
        ? refuse(`expected at most ${mostSteps} steps, got ${input.length}`)
        : list,
    inputSchema(list.max(mostSteps)),
  );
};

/** Requests one after the other. */
export const requests = listOf(requestPicked, 0);

/** What a mode may change in a step. */
export const stepChange = z.strictObject(changes(requestShape));
