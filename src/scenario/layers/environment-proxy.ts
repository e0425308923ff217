import { authorityOf, placeFor } from '../../core/authority.ts';
import { isLoopback } from '../../core/reach.ts';
import { isExempt } from './no-proxy.ts';
import { complaintsOf } from '../schema/issues.ts';
import { parseBy } from '../schema/notation.ts';
import type { Scenario } from '../schema/scenario.ts';
import { proxy as proxySchema } from '../schema/way.ts';
import type { Complaint } from '../text/locate.ts';
import { entriesOf, find, textOf, treeOf, withEntry, type Branch, type Tree } from '../text/tree.ts';

type Variables = { readonly [name: string]: string | undefined };
type Places = { readonly [authority: string]: string };

const names = { 'http:': 'http_proxy', 'https:': 'https_proxy' } as const;

/**
 * A mode with the proxy that the environment names for its target, where the scenario names none: `HTTPS_PROXY` or
 * `HTTP_PROXY` by the target's scheme, else `ALL_PROXY`, small letters before capitals. What `NO_PROXY` names, this machine,
 * a unix socket and what is built in go without.
 *
 * @param mode complete in itself
 */
export const withEnvironmentProxy = (mode: Branch, variables: Variables): Branch => {
  if (find(mode, 'proxy') !== undefined) return mode;
  const proxy = proxyFor(textOf(find(mode, 'target')) ?? '', connectToOf(mode), variables);
  return proxy === undefined ? mode : withEntry(mode, 'proxy', { key: proxy.mark, value: proxy });
};

/** What requests of a login go through that have a target of their own. */
export interface LoginProxies {
  /** By that target; absent: what goes to the mode's target goes the same way. */
  readonly proxies?: { readonly [target: string]: string };
  /** The same as they stand in the environment. */
  readonly trees: readonly Tree[];
  readonly complaints: readonly Complaint[];
}

/** The proxies that the environment names for the hosts of a login: the mode's own target may have another one, or none. */
export const loginProxiesOf = (
  { login, proxy, connectTo }: Pick<Scenario, 'login' | 'proxy' | 'connectTo'>,
  variables: Variables,
): LoginProxies => {
  const targets = [...new Set(login.steps.flatMap(({ target }) => target ?? []))];
  const found = targets.flatMap((target) => {
    const tree = proxyFor(target, connectTo, variables);
    return tree === undefined ? [] : [{ target, tree, read: parseBy(proxySchema, textOf(tree)) }];
  });
  const proxies = Object.fromEntries(found.flatMap(({ target, read }) => (read.success ? [[target, read.data]] : [])));
  const isSame = targets.every((target) => proxies[target] === proxy);
  return {
    ...(isSame ? {} : { proxies }),
    trees: found.map(({ tree }) => tree),
    complaints: found.flatMap(({ tree, read }) => (read.success ? [] : complaintsOf(read.error.issues, tree))),
  };
};

/** The proxy of the environment for an address, with the variable that names it as its place. */
const proxyFor = (address: string, connectTo: Places, variables: Variables): Tree | undefined => {
  const asked = authorityOf(address);
  if (asked === undefined) return undefined;
  const place = placeFor(address, connectTo) ?? asked;
  if (isLoopback(place.host) || isExempt(place, valueOf(variables, 'no_proxy')?.value ?? '')) return undefined;
  const scheme = address.toLowerCase().startsWith('https:') ? 'https:' : 'http:';
  const found = valueOf(variables, names[scheme]) ?? valueOf(variables, 'all_proxy');
  return found === undefined ? undefined : treeOf(found.value, found.name, 'proxy');
};

/** The addresses of proxies in the environment, for whoever looks for passwords in them. */
export const environmentProxies = (variables: Variables): readonly string[] =>
  [...Object.values(names), 'all_proxy'].flatMap((name) =>
    [name, name.toUpperCase()].flatMap((one) => variables[one] || []),
  );

/** What a mode's `connectTo` says, as far as it is written as it should be. */
const connectToOf = (mode: Branch): Places =>
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
