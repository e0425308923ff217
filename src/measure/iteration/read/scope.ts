import type { Mode } from '../../../core/plan/plan.ts';
import { requestsOf } from '../../../core/plan/plan.ts';
import type { Lookup } from '../../../template/compile.ts';
import type { Exchange, User } from '../../user.ts';

/** The name of a lease's fencing token in the templates under it; no variable can have this name. */
export const tokenName = 'lock.token';

/** The name of a user's number, from 1, in templates; not available if the scenario has a variable `user`. */
export const numberName = 'user.number';

/**
 * The place of each variable of a mode in `user.variables`: data first, then captures in the order of the steps, the token
 * of a lease, and the user's number.
 */
export const variablesOf = (
  mode: Pick<Mode, 'data' | 'login' | 'steps' | 'lock'>,
  more: readonly string[] = [],
): ReadonlyMap<string, number> => {
  const names = new Set([
    ...Object.keys(mode.data),
    ...[...(mode.login ?? []), ...requestsOf(mode.steps)].flatMap((step) => Object.keys(step.capture)),
    ...(mode.lock.name === 'redis' ? [tokenName] : []),
    ...more,
  ]);
  if (!names.has('user')) names.add(numberName);
  return new Map([...names].map((name, place) => [name, place]));
};

/** A name in a template: a read of the user's variables by place. The only properties are `lock.token` and `user.number`. */
export const userLookup =
  (places: ReadonlyMap<string, number>): Lookup<User> =>
  (name, property) => {
    const place = places.get(property === undefined ? name : `${name}.${property}`);
    return place === undefined ? undefined : (user) => user.variables[place];
  };

/** An answer as a capture sees it. */
export interface Answer {
  readonly exchange: Exchange;
  /** The user that got it: captures and checks can use that user's variables, too. */
  readonly user: User;
  /** The parsed body, filled in before the first capture that reads it. */
  body: unknown;
}

/** A name in a capture or a check of a step: of the answer, or one of the user's variables. */
export const stepLookup = (places: ReadonlyMap<string, number>): Lookup<Answer> => {
  const ofUser = userLookup(places);
  return (name, property) => {
    const read = ofUser(name, property);
    return answerLookup(name, property) ?? (read === undefined ? undefined : ({ user }) => read(user));
  };
};

/** A name in an expression over an answer: `status`, `body…` and `header.…`. */
export const answerLookup: Lookup<Answer> = (name, property) => {
  if (name === 'header') {
    if (property === undefined) return ({ exchange }) => headersOf(exchange.head);
    const wanted = property.toLowerCase();
    return ({ exchange }) => headerOf(exchange.head, wanted);
  }
  if (property !== undefined) return undefined;
  if (name === 'body') return ({ body }) => body;
  if (name === 'status') return ({ exchange }) => exchange.status;
  return undefined;
};

/**
 * The value of the first header of that name; `undefined` if there is none.
 *
 * @param head each header as `\r\nname: value`, names in lower case
 */
export const headerOf = (head: string, name: string): string | undefined => {
  const at = head.indexOf(`\r\n${name}: `);
  if (at === -1) return undefined;
  const from = at + name.length + 4;
  const end = head.indexOf('\r\n', from);
  return end === -1 ? head.slice(from) : head.slice(from, end);
};

/** All headers by name; if a name occurs several times, its first value. */
export const headersOf = (head: string): { readonly [name: string]: string } =>
  Object.fromEntries(
    head
      .split('\r\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)] as const)
      .toReversed(),
  );
