import { parseJson } from '../../core/exact/parse.ts';
import type { Clock } from '../../core/clock.ts';
import type { FinalRead, Mode, RequestStep } from '../../core/plan/plan.ts';
import type { Json } from '../../core/json.ts';
import type { Endpoint } from '../../core/slot.ts';
import { compileExpression, TemplateValueError } from '../../template/compile.ts';
import { parseExpression } from '../../template/parse.ts';
import { compileAfter } from '../iteration/answer.ts';
import type { Jars } from '../iteration/cookies.ts';
import { sendOne } from '../iteration/login.ts';
import { prepareStep, wayOf, type Way } from '../iteration/prepare.ts';
import { stepLookup, type Answer } from '../iteration/read/scope.ts';
import { newUser, type User } from '../user.ts';
import { openElsewhere, openTransport } from '../transport/index.ts';
import type { Transport } from '../transport/transport.ts';
import {
  noJson,
  refusedBy,
  unanswered,
  unevaluated,
  unfit,
  unsendable,
  type ReadPlace,
  type Unreadable,
} from './unreadable.ts';

/** How requests outside the load are sent: one connection at a time, no lock, nothing recorded. */
export interface Outside {
  readonly transport: Transport;
  readonly way: Way;
  /** Requests sent so far. */
  sent: number;
  /** Ends every connection. */
  close(): Promise<void>;
}

/**
 * Opens a transport for the requests around a slot.
 *
 * @param jars the cookies that earlier requests around the slot were given
 */
export const openOutside = async (
  mode: Mode,
  endpoint: Endpoint,
  clock: Clock,
  signal: AbortSignal,
  jars?: Jars,
): Promise<Outside> => {
  const transport = await openTransport(mode, { endpoint, clock, signal });
  const elsewhere = await openElsewhere(mode, { endpoint, clock, signal });
  return {
    transport,
    way: await wayOf(mode, endpoint, transport, elsewhere, jars),
    sent: 0,
    close: async () => {
      for (const one of [transport, ...elsewhere.values()]) await one.close();
    },
  };
};

/** What steps outside the load have captured, by name. */
export type Captured = ReadonlyMap<string, unknown>;

/**
 * Sends steps one after the other; captures of one can be used by the next.
 *
 * @param known earlier captures, which they can use, too
 * @returns what is known afterwards, and the problem if there was one: why a step did not end as expected
 */
export const sendAll = async (
  steps: readonly RequestStep[],
  outside: Outside,
  known: Captured = new Map(),
): Promise<{ readonly captured: Captured; readonly problem?: string }> => {
  const names = [...known.keys(), ...steps.flatMap((step) => Object.keys(step.capture))];
  const places = new Map([...new Set(names)].map((name, place) => [name, place]));
  const user = newUser(0, places.size);
  for (const [name, value] of known) user.variables[places.get(name)!] = value;
  const count = (): void => void outside.sent++;
  for (const step of steps) {
    const send = prepareStep(step, places, outside.way, count);
    const problem = await sendOne(user, step, send, count, compileAfter(step, places));
    if (problem !== undefined) return { captured: known, problem };
  }
  return { captured: new Map([...places].map(([name, place]) => [name, user.variables[place]])) };
};

/** Reads the values of a slot, before the load and after it. */
export interface Reader {
  /** What its requests know in addition to `key`, by name. */
  readonly known: Captured;
  /** The number that its cookies are kept under. */
  readonly index: number;
  /** When it logged in; absent if there is no login. */
  readonly loggedInUs?: number;
}

/** Gives the reader with a recent enough login: as it is, or logged in again. */
export type Renew = (reader: Reader, outside: Outside) => Promise<Reader>;

/** A value that was read, or why it could not be. */
export type ReadValue = { readonly value: Json } | Unreadable;

/**
 * Reads the value of every key, as many at a time as there are users. After the first one that cannot be read, no more are
 * requested.
 */
export const readAll = async (
  place: ReadPlace,
  keys: readonly string[],
  { known, index }: Reader,
  outside: Outside,
): Promise<ReadonlyMap<string, ReadValue>> => {
  const { mode, read, phase } = place;
  const names = ['key', ...known.keys()].filter((name, at, all) => all.indexOf(name) === at);
  const places = new Map(names.map((name, at) => [name, at]));
  const request = { ...read.request, name: phase };
  const send = prepareStep(request, places, outside.way, () => void outside.sent++, 'body');
  const value = compileExpression(parseExpression(read.value), stepLookup(places));
  const found = new Map<string, ReadValue>(keys.map((key) => [key, unasked]));
  let [next, isOver] = [0, false];
  const readOn = async (): Promise<void> => {
    while (!isOver && next < keys.length) {
      const key = keys[next++]!;
      const one = await readOne(key);
      if ('problem' in one) isOver = true;
      found.set(key, one);
    }
    // Idle connections may hold the worker that the others wait for.
    outside.transport.closeIdle();
  };
  const readOne = async (key: string): Promise<ReadValue> => {
    const user = newUser(index, places.size);
    for (const [name, at] of places) user.variables[at] = name === 'key' ? key : known.get(name);
    const unsent = await sendOne(
      user,
      request,
      send,
      () => void outside.sent++,
      () => 'completed',
    );
    const { exchange } = user;
    const asked = { mode, phase, request: read.request, key: read.key };
    if (exchange.failure !== undefined) return unanswered(exchange.failure, exchange.detail, asked);
    const refused = refusedBy(exchange, asked);
    if (refused !== undefined) return refused;
    return unsent === undefined ? valueIn(user, value, read) : unsendable(unsent, phase);
  };
  await Promise.all(Array.from({ length: Math.min(mode.load.users, keys.length) }, readOn));
  return found;
};

const unasked: ReadValue = { problem: 'not asked for', hint: '' };

const valueIn = (user: User, value: (answer: Answer) => unknown, read: FinalRead): ReadValue => {
  const { exchange } = user;
  let body: unknown;
  try {
    body = readsBody(read) ? parseJson(exchange.body) : undefined;
    const found = value({ exchange, user, body });
    return isOfKind[read.kind](found) ? { value: found as Json } : unfit(read, found, body);
  } catch (error) {
    if (error instanceof SyntaxError) return noJson(error.message, exchange, read);
    if (error instanceof TemplateValueError) return unevaluated(error.message, body);
    throw error;
  }
};

const readsBody = ({ value }: FinalRead): boolean => parseExpression(value).names.includes('body');

const isScalar = (value: unknown): boolean =>
  value === null || ['number', 'bigint', 'string', 'boolean'].includes(typeof value);

const isOfKind: { readonly [kind in FinalRead['kind']]: (value: unknown) => boolean } = {
  number: (value) => typeof value === 'number' || typeof value === 'bigint',
  scalar: isScalar,
  list: (value) => Array.isArray(value) && value.every(isScalar),
};
