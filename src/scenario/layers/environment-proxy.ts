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
 * A mode with the proxy that the environment names for its target, unless the scenario names one: `HTTPS_PROXY` or `HTTP_PROXY` by
 * the target's scheme, otherwise `ALL_PROXY`, lower case before upper case. No proxy is used for what `NO_PROXY` names, for this
 * machine, for a unix socket, or for anything built in.
 *
 * @param mode complete in itself
 */
export const withEnvironmentProxy = (mode: Branch, variables: Variables): Branch => {
  if (find(mode, 'proxy') !== undefined) return mode;
  const proxy = proxyFor(textOf(find(mode, 'target')) ?? '', connectToOf(mode), variables);
  return proxy === undefined ? mode : withEntry(mode, 'proxy', { key: proxy.mark, value: proxy });
};

/** The proxies for requests of a login that have a target of their own. */
export interface LoginProxies {
  /** By that target; absent: they use the same way as the mode's target. */
  readonly proxies?: { readonly [target: string]: string };
  /** The same as written in the environment. */
  readonly trees: readonly Tree[];
  readonly complaints: readonly Complaint[];
}

/** The proxies that the environment names for the hosts of a login, which may differ from the one for the mode's own target. */
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

/** The environment's proxy for an address, with the variable that names it as its place. */
const proxyFor = (address: string, connectTo: Places, variables: Variables): Tree | undefined => {
  const asked = authorityOf(address);
  if (asked === undefined) return undefined;
  const place = placeFor(address, connectTo) ?? asked;
  if (isLoopback(place.host) || isExempt(place, valueOf(variables, 'no_proxy')?.value ?? '')) return undefined;
  const scheme = address.toLowerCase().startsWith('https:') ? 'https:' : 'http:';
  const found = valueOf(variables, names[scheme]) ?? valueOf(variables, 'all_proxy');
  return found === undefined ? undefined : treeOf(found.value, found.name, 'proxy');
};

/** The addresses of proxies in the environment, to search them for passwords. */
export const environmentProxies = (variables: Variables): readonly string[] =>
  [...Object.values(names), 'all_proxy'].flatMap((name) =>
    [name, name.toUpperCase()].flatMap((one) => variables[one] || []),
  );

/** A mode's `connectTo`, as far as it is valid. */
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
