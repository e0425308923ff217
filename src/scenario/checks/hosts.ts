import { isSafe } from '../../core/plan/plan.ts';
import { hostOf, isLoopback, isMetadata } from '../../core/reach.ts';
import { at, atKey, type Complaint } from '../text/locate.ts';
import { allLists, methodsIn, requestTrees } from '../names/requests.ts';
import { entriesOf, find, pathTo, textOf, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** Where a run may send requests: this machine, the hosts that its scenario's file names, and those of `--allow-host`. */
export interface Reach {
  /** In the form that {@link hostOf} gives. */
  readonly hosts: ReadonlySet<string>;
}

/**
 * The hosts that are written in a file, plus those that were allowed.
 *
 * @param file the scenario before any flag or variable is laid over it
 */
export const reachOf = (file: Branch, allowed: readonly string[]): Reach => ({
  hosts: new Set([
    ...allowed,
    ...[file, ...entriesOf(find(file, 'modes')).map(([, { value }]) => value)].flatMap((part) =>
      addressesIn(part).flatMap((address) => hostOf(address.text) ?? []),
    ),
  ]),
});

/** An address, and where it is written. */
interface Address {
  readonly tree: Tree;
  readonly text: string;
}

/** The addresses that a scenario, or a mode, goes to. A mode may be just its lock. */
const addressesIn = (part: Tree): readonly Address[] => [
  ...[find(part, 'target'), find(part, 'lock', 'redis', 'url'), find(part, 'redis', 'url')].flatMap(asAddress),
  ...placesIn(part),
  ...allLists.flatMap((list) => requestTrees(find(part, ...list))).flatMap((step) => asAddress(find(step, 'target'))),
];

const asAddress = (tree: Tree | undefined): readonly Address[] =>
  tree === undefined ? [] : [{ tree, text: textOf(tree) ?? '' }];

/** Where connections go instead of the target. */
const placesIn = (part: Tree): readonly Address[] =>
  entriesOf(find(part, 'connectTo')).flatMap(([, { value }]) =>
    asAddress(value).map(({ tree, text }) => ({ tree, text: `http://${text}` })),
  );

/** Proxies: they get what the target gets, and need not be named anywhere else. */
const proxiesIn = (part: Tree): readonly Address[] => proxyIn(find(part, 'proxy'));

const proxyIn = (tree: Tree | undefined): readonly Address[] =>
  asAddress(tree)
    .filter(({ text }) => text !== 'none')
    .map(({ tree, text }) => ({ tree, text: text.includes('://') ? text : `http://${text}` }));

/**
 * Checks the hosts that a mode, complete in itself, names. It may only go where it is allowed to, and writes to another machine
 * only if the scenario says that this is meant.
 */
export const checkHosts = (mode: Branch, { hosts }: Reach): Complaint[] => [
  ...addressesIn(mode).flatMap((address) => checkHost(address, hosts)),
  ...checkThrough(find(mode, 'proxy')),
  ...checkWrites(mode),
];

/** Checks a proxy, wherever it is named. */
export const checkThrough = (tree: Tree | undefined): Complaint[] =>
  proxyIn(tree).flatMap((proxy) => checkHost(proxy, new Set([hostOf(proxy.text) ?? ''])));

const checkHost = ({ tree: address, text }: Address, hosts: ReadonlySet<string>): Complaint[] => {
  const host = hostOf(text);
  if (host === undefined || isLoopback(host)) return [];
  if (isMetadata(host)) {
    const hint = 'it hands out the credentials of a machine, or is link-local; --allow-host does not allow it either';
    return [at(address, `no load is ever sent to ${quoted(host)}`, hint)];
  }
  if (hosts.has(host)) return [];
  const message = `${quoted(host)} is neither this machine nor named in the scenario`;
  return [at(address, message, `if you may put it under load: --allow-host ${host}`)];
};

/** The first request that writes stands for all: they are fixed in one place. */
const checkWrites = (mode: Branch): Complaint[] => {
  const destructive = find(mode, 'destructive');
  if (destructive?.kind === 'leaf' && destructive.value === true) return [];
  // To a proxy elsewhere, a loopback address is not this machine.
  const around = [...placesIn(mode), ...proxiesIn(mode)];
  const hostFor = (request: Branch): string | undefined =>
    [...asAddress(find(request, 'target') ?? find(mode, 'target')), ...around]
      .map(({ text }) => hostOf(text))
      .find((one) => one !== undefined && !isLoopback(one));
  const [first] = allLists
    .flatMap((list) => requestTrees(find(mode, ...list)))
    .filter((request) => isWriting(request) && hostFor(request) !== undefined);
  if (first === undefined) return [];
  const host = hostFor(first)!;
  const [word] = methodsIn(first)[0]!;
  const mark = first.entries.get(word)?.key ?? first.mark;
  const message = `this writes to ${quoted(host)}, which is not this machine`;
  return [
    { mark, path: pathTo(first.path, word), message, hint: 'if you mean it, say "destructive: true" at the top' },
  ];
};

const isWriting = (request: Branch): boolean => {
  const [first] = methodsIn(request);
  return first !== undefined && !isSafe(first[0].toUpperCase());
};

/** Only a login may go elsewhere than to the target: what is measured, and judged, is one target. */
export const checkElsewhere = (mode: Branch): Complaint[] =>
  allLists
    .filter(([list]) => list !== 'login')
    .flatMap((list) => requestTrees(find(mode, ...list)))
    .flatMap((request) => {
      const entry = request.entries.get('target');
      const hint = 'put it at the top, or in a mode, where it applies to all steps';
      return entry === undefined ? [] : [atKey(entry, 'only a step of "login" has its own target', hint)];
    });
