import { markVariable } from '../recorded/variables.ts';
import { oneLine } from '../text.ts';
import { listOf, mapOf, textOf, type Fill, type Map } from './maps.ts';

interface Authorized {
  readonly headers: readonly (readonly [string, string])[];
  readonly query: readonly (readonly [string, string])[];
  readonly basic?: { readonly user: string; readonly password: string };
  readonly left?: string;
}

/** The credentials of a request in the form they are sent. `left`: why there are none. */
export const authOf = (auth: Map, fill: Fill): Authorized => {
  const type = textOf(auth['type']);
  const nothing = { headers: [], query: [] };
  if (type === '' || type === 'noauth') return nothing;
  // Since 2.1 a list of names and values, before that a map.
  const said = Array.isArray(auth[type])
    ? Object.fromEntries(
        listOf(auth[type])
          .map(mapOf)
          .map((one) => [textOf(one['key']), one['value']]),
      )
    : mapOf(auth[type]);
  const value = (key: string): string => fill(textOf(said[key]));
  if (type === 'bearer') return { ...nothing, headers: [['authorization', `Bearer ${value('token')}`]] };
  if (type === 'basic') return { ...nothing, basic: { user: value('username'), password: value('password') } };
  if (type === 'apikey' && value('key') !== '')
    return value('in') === 'query'
      ? { ...nothing, query: [[value('key'), value('value')]] }
      : { ...nothing, headers: [[value('key'), value('value')]] };
  if (type === 'oauth2') {
    const token = value('accessToken') || markVariable('ACCESS_TOKEN');
    return value('addTokenTo') === 'queryParams'
      ? { ...nothing, query: [['access_token', token]] }
      : { ...nothing, headers: [['authorization', `${value('headerPrefix').trim() || 'Bearer'} ${token}`]] };
  }
  return { ...nothing, left: `its credentials, which are ${oneLine(type, 20)}` };
};
