import { authorityOf, placeFor } from '../../core/authority.ts';
import { isLoopback } from '../../core/reach.ts';
import { isExempt } from './no-proxy.ts';
import { entriesOf, find, textOf, treeOf, withEntry, type Branch } from '../text/tree.ts';

type Variables = { readonly [name: string]: string | undefined };

const names = { 'http:': 'http_proxy', 'https:': 'https_proxy' } as const;

/**
 * A mode with the proxy that the environment names for its target, where the scenario names none: `HTTPS_PROXY` or
 * `HTTP_PROXY` by the target's scheme, else `ALL_PROXY`, small letters before capitals. What `NO_PROXY` names, this machine,
 * a unix socket and what is built in go without.
 *
 * @param mode complete in itself
 */
export const withEnvironmentProxy = (mode: Branch, variables: Variables): Branch => {
  const target = textOf(find(mode, 'target')) ?? '';
  const asked = authorityOf(target);
  if (asked === undefined || find(mode, 'proxy') !== undefined) return mode;
  const place = placeFor(target, connectToOf(mode)) ?? asked;
  if (isLoopback(place.host) || isExempt(place, valueOf(variables, 'no_proxy')?.value ?? '')) return mode;
  const scheme = target.toLowerCase().startsWith('https:') ? 'https:' : 'http:';
  const found = valueOf(variables, names[scheme]) ?? valueOf(variables, 'all_proxy');
  if (found === undefined) return mode;
  return withEntry(mode, 'proxy', { key: found.name, value: treeOf(found.value, found.name, 'proxy') });
};

/** The addresses of proxies in the environment, for whoever looks for passwords in them. */
export const environmentProxies = (variables: Variables): readonly string[] =>
  [...Object.values(names), 'all_proxy'].flatMap((name) =>
    [name, name.toUpperCase()].flatMap((one) => variables[one] || []),
  );

/** What a mode's `connectTo` says, as far as it is written as it should be. */
const connectToOf = (mode: Branch): { readonly [authority: string]: string } =>
  Object.fromEntries(
    entriesOf(find(mode, 'connectTo')).flatMap(([from, { value }]) => {
      const to = textOf(value);
      return to === undefined ? [] : [[from, to] as const];
    }),
  );

const valueOf = (variables: Variables, name: string): { readonly name: string; readonly value: string } | undefined => {
  for (const one of [name, name.toUpperCase()]) {
    const value = variables[one];
    if (value !== undefined && value !== '') return { name: one, value };
  }
  return undefined;
};
