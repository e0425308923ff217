import pLimit from 'p-limit';
import type { Clock } from '../../core/clock.ts';
import type { FinalRead, Mode, RequestStep } from '../../core/plan/plan.ts';
import type { Json } from '../../core/json.ts';
import type { Endpoint } from '../../core/slot.ts';
import type { Tables } from '../../core/table.ts';
import { compileExpression, compileText, TemplateValueError } from '../../template/compile.ts';
import { parseExpression, parseTemplate } from '../../template/parse.ts';
import { itemsOf } from '../data/source.ts';
import { compileAfter } from '../iteration/answer.ts';
import { sendOne } from '../iteration/login.ts';
import { prepareStep, wayOf, type Way } from '../iteration/prepare.ts';
import { answerLookup, type Answer } from '../iteration/scope.ts';
import { newUser, type User } from '../user.ts';
import { openTransport } from '../transport/index.ts';
import type { Transport } from '../transport/transport.ts';

/** How requests outside the load are sent: one connection at a time, no lock, nothing recorded. */
export interface Outside {
  readonly transport: Transport;
  readonly way: Way;
  /** Sent so far. */
  sent: number;
}

/** Opens a transport for the requests around a slot. */
export const openOutside = async (
  mode: Mode,
  endpoint: Endpoint,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outside> => {
  const transport = await openTransport(mode, { endpoint, clock, signal });
  return { transport, way: await wayOf(mode, endpoint, transport), sent: 0 };
};

/** What steps outside the load have captured, by name. */
export type Captured = ReadonlyMap<string, unknown>;

/**
 * Sends steps one after the other; captures of one can be used by the next.
 *
 * @param known what was captured before, which they can use, too
 * @returns what is known afterwards, and, where there was one, the problem: why a step did not end as expected
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

/** A value that was read, or why it could not be. */
export type ReadValue = { readonly value: Json } | { readonly problem: string };

/** Reads the value of every key, `concurrency` at a time. After the first that cannot be read nothing more is asked for. */
export const readAll = async (
  read: FinalRead,
  keys: readonly string[],
  concurrency: number,
  outside: Outside,
): Promise<ReadonlyMap<string, ReadValue>> => {
  const places = new Map([['key', 0]]);
  const send = prepareStep(read.request, places, outside.way, () => void outside.sent++, 'body');
  const after = compileAfter(read.request, places);
  const value = compileExpression(parseExpression(read.value), answerLookup);
  const limit = pLimit(concurrency);
  let isOver = false;
  const one = async (key: string): Promise<readonly [string, ReadValue]> => {
    if (isOver) return [key, { problem: 'not asked for' }];
    const found = await readOne(key);
    if ('problem' in found) isOver = true;
    return [key, found];
  };
  const readOne = async (key: string): Promise<ReadValue> => {
    const user = newUser(0, 1);
    user.variables[0] = key;
    await send(user);
    outside.sent++;
    if (after(user) !== 'completed') {
      return { problem: user.exchange.failure === 'aborted' ? 'interrupted' : user.failureText };
    }
    return valueIn(user, value, read);
  };
  return new Map(await Promise.all(keys.map(async (key) => limit(one, key))));
};

const valueIn = (user: User, value: (answer: Answer) => unknown, read: FinalRead): ReadValue => {
  try {
    const answer: Answer = {
      exchange: user.exchange,
      user,
      body: readsBody(read) ? JSON.parse(user.exchange.body) : undefined,
    };
    const found = value(answer);
    if (isOfKind[read.kind](found)) return { value: found as Json };
    return { problem: `${read.value} is no ${wanted[read.kind]} in the answer` };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TemplateValueError) return { problem: error.message };
    throw error;
  }
};

const readsBody = ({ value }: FinalRead): boolean => parseExpression(value).names.includes('body');

const wanted = { number: 'number', scalar: 'single value', list: 'list' } as const;

const isScalar = (value: unknown): boolean => value === null || ['number', 'string', 'boolean'].includes(typeof value);

const isOfKind: { readonly [kind in FinalRead['kind']]: (value: unknown) => boolean } = {
  number: (value) => typeof value === 'number',
  scalar: isScalar,
  list: (value) => Array.isArray(value) && value.every(isScalar),
};

/** Every key that a template over data variables can give: all their items, combined. */
export const keysOf = ({ key }: FinalRead, { data }: Mode, tables: Tables): readonly string[] => {
  const template = parseTemplate(key);
  let combinations: readonly (readonly Json[])[] = [[]];
  for (const name of template.names) {
    const { size, at } = itemsOf(data[name]!, tables);
    const values = Array.from({ length: size }, (_, index) => at(index));
    combinations = combinations.flatMap((chosen) => values.map((value) => [...chosen, value]));
  }
  const text = compileText<readonly Json[]>(template, (name, property) => {
    const place = template.names.indexOf(name);
    return property === undefined ? (values) => values[place] : undefined;
  });
  return [...new Set(combinations.map((values) => (typeof text === 'string' ? text : text(values))))];
};
