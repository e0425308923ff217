import type { Tables } from '../../core/table.ts';
import { checkLoad } from './load.ts';
import { checkAuth } from './auth.ts';
import { checkBody } from './body.ts';
import { checkOperations } from './consistency.ts';
import { checkFlow } from './flow.ts';
import { checkHead } from './head.ts';
import { checkElsewhere } from './hosts.ts';
import { checkInvariant } from './invariant.ts';
import { checkKeys } from './keys.ts';
import { checkConflicts } from './sections.ts';
import { checkServe } from './serve.ts';
import { checkWay } from './way.ts';
import { checkVariable } from '../plan/data.ts';
import { at, atKey, type Complaint } from '../text/locate.ts';
import { allLists, loginOf, methodsIn, requestTrees } from '../names/requests.ts';
import { blockWords } from '../schema/flow.ts';
import { methodWords } from '../schema/steps.ts';
import { didYouMean } from '../text/suggest.ts';
import { entriesOf, find, pathTo, textOf, type Branch, type Tree } from '../text/tree.ts';
import { either, quoted } from '../text/words.ts';

/**
 * Checks one mode with everything laid in, for faults that several values make together.
 *
 * @param rounds that the run will have
 * @param tables of the variables that read files, by variable
 */
export const checkMode = (mode: Branch, rounds: number, tables: Tables): Complaint[] => [
  ...allLists.flatMap((list) => checkRequests(requestTrees(find(mode, ...list)))),
  ...checkFlow(mode),
  ...checkAuth(mode),
  ...[loginOf(mode), find(mode, 'steps')]
    .flatMap(requestTrees)
    .flatMap((request) => checkCaptures(request, find(mode, 'data'))),
  ...checkConflicts(mode),
  ...checkElsewhere(mode),
  ...checkLoad(find(mode, 'load'), rounds),
  ...checkTls(find(mode, 'tls')),
  ...checkWay(mode),
  ...checkServe(mode),
  ...entriesOf(find(mode, 'data')).flatMap(([name, { value }]) => checkVariable(value, tables[name])),
  ...checkOperations(mode),
  ...checkHead(mode),
  ...checkInvariant(mode),
  ...checkKeys(mode, tables),
];

const checkRequests = (requests: readonly Branch[]): Complaint[] => {
  const seen = new Set<string>();
  return requests.flatMap((request) => {
    const nameTree = find(request, 'name');
    const name = textOf(nameTree);
    const isTaken = name !== undefined && seen.has(name);
    if (name !== undefined) seen.add(name);
    const twice = isTaken && nameTree !== undefined ? [at(nameTree, `two steps are called ${quoted(name)}`)] : [];
    return [...twice, ...checkMethod(request)];
  });
};

const checkMethod = (request: Branch): Complaint[] => {
  const [first, second] = methodsIn(request);
  const { mark, path, entries } = request;
  if (first === undefined) {
    const isMisspelt = [...entries.keys()].some(
      (key) => didYouMean(key, [...methodWords, ...blockWords]) !== undefined,
    );
    return isMisspelt
      ? []
      : [{ mark, path, message: `a step needs one of ${either(methodWords)}`, hint: 'such as get: /products' }];
  }
  if (second !== undefined) {
    const key = entries.get(second[0])?.key ?? mark;
    const message = `a step sends one request: "${first[0]}" or "${second[0]}"`;
    return [{ mark: key, path: pathTo(path, second[0]), message, hint: 'make it two steps' }];
  }
  return checkBody(request, first[0]);
};

const checkCaptures = (request: Branch, data: Tree | undefined): Complaint[] =>
  entriesOf(find(request, 'capture'))
    .filter(([name]) => find(data, name) !== undefined)
    .map(([name, entry]) =>
      atKey(entry, `${quoted(name)} is a data variable: a capture cannot change it`, 'take another name'),
    );

/** A certificate is useless without its key. */
const checkTls = (tls: Tree | undefined): Complaint[] =>
  (
    [
      ['cert', 'key'],
      ['key', 'cert'],
    ] as const
  ).flatMap(([there, missing]) => {
    const value = find(tls, there);
    return value === undefined || find(tls, missing) !== undefined
      ? []
      : [
          at(
            value,
            `"${there}" needs "${missing}" beside it`,
            `such as ${missing}: ${missing}.pem, or leave "${there}" out`,
          ),
        ];
  });
