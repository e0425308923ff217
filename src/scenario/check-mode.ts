import { zipfLargestRange } from '../measure/data/syntax.ts';
import { checkLoad } from './check-load.ts';
import { checkConflicts } from './check-sections.ts';
import { at, atKey, type Complaint } from './locate.ts';
import { parseRange } from './notation.ts';
import { methodsIn, requestTrees } from './requests.ts';
import { methodWords } from './schema/steps.ts';
import { didYouMean } from './suggest.ts';
import { namesOf } from './templates.ts';
import { entriesOf, find, pathTo, textOf, type Branch, type Tree } from './tree.ts';
import { either, quoted } from './words.ts';

/** Keys of one consistency model: each is read before and after each slot. */
const mostKeys = 10_000;

/**
 * What is wrong in one mode with everything laid in, where several values together make the fault.
 *
 * @param rounds that the run will have
 */
export const checkMode = (mode: Branch, rounds: number): Complaint[] => [
  ...['before', 'steps'].flatMap((list) => checkRequests(requestTrees(find(mode, list)))),
  ...requestTrees(find(mode, 'steps')).flatMap((request) => checkCaptures(request, find(mode, 'data'))),
  ...checkConflicts(mode),
  ...checkLoad(find(mode, 'load'), rounds),
  ...checkTls(find(mode, 'tls')),
  ...entriesOf(find(mode, 'data')).flatMap(([, { value }]) => checkVariable(value)),
  ...checkCounter(mode),
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
    const isMisspelt = [...entries.keys()].some((key) => didYouMean(key, methodWords) !== undefined);
    return isMisspelt
      ? []
      : [{ mark, path, message: `a step needs one of ${either(methodWords)}`, hint: 'such as get: /products' }];
  }
  if (second !== undefined) {
    const key = entries.get(second[0])?.key ?? mark;
    const message = `a step sends one request: "${first[0]}" or "${second[0]}"`;
    return [{ mark: key, path: pathTo(path, second[0]), message, hint: 'make it two steps' }];
  }
  const json = entries.get('json');
  if (first[0] !== 'get' || json === undefined) return [];
  return [
    {
      mark: json.key,
      path: pathTo(path, 'json'),
      message: 'a GET sends no body',
      hint: 'leave "json" out, or use post, put or patch',
    },
  ];
};

const checkCaptures = (request: Branch, data: Tree | undefined): Complaint[] =>
  entriesOf(find(request, 'capture'))
    .filter(([name]) => find(data, name) !== undefined)
    .map(([name, entry]) =>
      atKey(entry, `${quoted(name)} is a data variable: a capture cannot change it`, 'take another name'),
    );

/** A certificate is of no use without its key. */
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

const checkVariable = (variable: Tree): Complaint[] => {
  if (find(variable, 'pick', 'zipf') === undefined) return [];
  const range = find(variable, 'range');
  const size = sizeOf(range);
  if (range === undefined || size === undefined || size <= zipfLargestRange) return [];
  return [at(range, `zipf takes at most ${grouped(zipfLargestRange)} values, this range has ${grouped(size)}`)];
};

const checkCounter = (mode: Branch): Complaint[] => {
  const counter = find(mode, 'consistency', 'counter');
  const step = find(counter, 'add', 'step');
  const names = requestTrees(find(mode, 'steps')).flatMap((request) => textOf(find(request, 'name')) ?? []);
  const named = textOf(step);
  const unknown =
    step === undefined || named === undefined || names.includes(named)
      ? []
      : [at(step, `no step is called ${quoted(named)}`, didYouMean(named, names) ?? stepNames(names))];
  const by = find(counter, 'add', 'by');
  const amount = textOf(by);
  const isNumber =
    amount === undefined || amount.includes('${') || (amount.trim() !== '' && Number.isFinite(Number(amount)));
  const noNumber =
    by === undefined || isNumber ? [] : [at(by, `${quoted(amount)} is no number`, 'such as -1 or "${-amount}"')];
  return [...unknown, ...noNumber, ...checkKeys(mode, find(counter, 'key'))];
};

const stepNames = (names: readonly string[]): string => `the steps are ${names.slice(0, 10).map(quoted).join(', ')}`;

const checkKeys = (mode: Branch, key: Tree | undefined): Complaint[] => {
  if (key === undefined) return [];
  const sizes = namesOf(textOf(key) ?? '').map((name) => {
    const variable = find(mode, 'data', name);
    return sizeOf(variable?.kind === 'map' ? find(variable, 'range') : variable) ?? 1;
  });
  const keys = sizes.reduce((product, size) => product * size, 1);
  if (keys <= mostKeys) return [];
  return [
    at(key, `${grouped(keys)} keys are more than the ${grouped(mostKeys)} that can be read before and after each slot`),
  ];
};

const sizeOf = (range: Tree | undefined): number | undefined => {
  const read = parseRange(textOf(range));
  return read === undefined ? undefined : read.to - read.from + 1;
};

const grouped = (number: number): string => number.toLocaleString('en');
