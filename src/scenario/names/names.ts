import { loginOf, requestTrees } from './requests.ts';
import { entriesOf, find, type Branch } from '../text/tree.ts';
import { walk, type Names } from './walk.ts';

/** The properties of names that are not values themselves. */
export type Members = { readonly [name: string]: readonly string[] };

/** The names of a mode's data variables. */
const dataOf = (mode: Branch): readonly string[] => entriesOf(find(mode, 'data')).map(([name]) => name);

/** `user.number` tells users apart, unless the scenario has a variable of that name. */
export const membersOfUser = (mode: Branch): Members => {
  const requests = [loginOf(mode), find(mode, 'steps')].flatMap(requestTrees);
  const isTaken =
    dataOf(mode).includes('user') || requests.some((request) => find(request, 'capture', 'user') !== undefined);
  return isTaken ? {} : { user: ['number'] };
};

/** The names that a user has before its login: the data variables, and `user`. */
export const namesBeforeLogin = (mode: Branch): Names => ({
  known: new Set([...dataOf(mode), ...Object.keys(membersOfUser(mode))]),
  maybe: new Set(),
});

/** The names that a user has when an iteration starts: those, plus the captures of its login. */
export const namesOfUser = (mode: Branch): Names =>
  walk(loginOf(mode), namesBeforeLogin(mode), false, { request: () => undefined });

/** The names that `after` has: the captures of `before`. */
export const namesOfBefore = (mode: Branch): Names =>
  walk(find(mode, 'before'), noNames, false, { request: () => undefined });

/**
 * The names that the read of a value has: `key`, and the captures of `before` and of the reader's login. Its headers and
 * credentials also have the reader, `user.number`.
 */
export const namesOfRead = (mode: Branch): Names => {
  const { known, maybe } = namesOfBefore(mode);
  return walk(loginOf(mode), { known: new Set(['key', ...known]), maybe }, false, { request: () => undefined });
};

/** The names that the requests of an invariant have: the captures of `before` and of the reader's login, and the reader. */
export const namesOfQuestion = (mode: Branch): Names => {
  const { known, maybe } = namesOfRead(mode);
  const names = [...known].filter((name) => name !== 'key');
  return { known: new Set([...names, ...Object.keys(membersOfUser(mode))]), maybe };
};

/** No names at all. */
export const noNames: Names = { known: new Set(), maybe: new Set() };
