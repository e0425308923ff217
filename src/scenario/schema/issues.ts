import type { z } from 'zod';
import { modelSections, type ModelSections, type OperationSyntax } from '../../judge/consistency/syntax.ts';
import { lockSyntax } from '../../measure/lock/syntax.ts';
import { isWholeKey, scenarioKeys, sectionKeys } from './scenario.ts';
import type { Complaint } from '../text/locate.ts';
import { didYouMean } from '../text/suggest.ts';
import { find, jsonOf, pathTo, type Mark, type Tree } from '../text/tree.ts';
import { either, named, quoted } from '../text/words.ts';

type Issue = z.core.$ZodIssue;

/** What the schema refused, in our words and at its place in the tree that was checked. */
export const complaintsOf = (issues: readonly Issue[], tree: Tree): Complaint[] => {
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? unknownKeys(issue, tree) : []));
  const others = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [] : [complaintOf(issue, tree)]));
  // A misspelt key is not also missing. Nor is a key that another model's key stands in for.
  const isMisspelt = ({ mark, key }: Missing): boolean =>
    unknown.some(({ map, hint, isOther }) => map === mark && (isOther || hint === `did you mean "${key}"?`));
  return [...unknown, ...others.filter((complaint) => !('key' in complaint && isMisspelt(complaint)))];
};

/** A complaint about a missing key. */
interface Missing extends Complaint {
  readonly key: string;
}

const unknownKeys = (
  issue: z.core.$ZodIssueUnrecognizedKeys,
  tree: Tree,
): (Complaint & { readonly map: Mark; readonly isOther: boolean })[] => {
  const map = find(tree, ...issue.path);
  if (map?.kind !== 'map') return [];
  // See `parseBy`: the message is the list of the known keys.
  const known = issue.message.split(' ').filter((word) => word !== '');
  return issue.keys.map((key) => {
    const mark = map.entries.get(key)?.key ?? map.mark;
    return {
      mark,
      map: map.mark,
      path: pathTo(map.path, key),
      message: `unknown key ${quoted(key)}`,
      hint: keyHint(key, known, issue.path),
      isOther: ownersOf(key, issue.path).length > 0,
    };
  });
};

const keyHint = (key: string, known: readonly string[], path: readonly PropertyKey[]): string | undefined => {
  const owners = ownersOf(key, path);
  if (owners.length > 0 && didYouMean(key, known) === undefined)
    return `${quoted(key)} belongs to ${either(owners)}; known here: ${known.join(', ')}`;
  if (path.length === 2 && path[0] === 'modes' && isWholeKey(key))
    return 'it is the same for all modes: move it to the top';
  if (path.length === 2 && path[0] === 'modes' && Object.hasOwn(lockSyntax, key)) return `write lock: { ${key}: … }`;
  const home = homeOf(key, path);
  if (home !== undefined) return home;
  const glued = /^([\w-]+):(\S.*)$/.exec(key);
  if (glued !== null && known.includes(glued[1]!))
    return `a space is missing after the colon: ${glued[1]}: ${glued[2]}`;
  return (
    didYouMean(key, known) ?? (known.length === 0 || known.length > 6 ? undefined : `known here: ${known.join(', ')}`)
  );
};

/** Top-level keys that steps have too. In the wrong place of a step, nothing says that the top level is meant. */
const stepWords: ReadonlySet<string> = new Set(['name', 'headers', 'auth', 'redirects', 'conflict', 'steps']);

/** Where a correctly spelt key belongs, if it is in the wrong place. A mode has the same keys as the top level. */
const homeOf = (key: string, path: readonly PropertyKey[]): string | undefined => {
  const isTop = path.length === 0 || (path[0] === 'modes' && path.length === 2);
  const inside = path.findLast((part) => typeof part === 'string');
  if (!isTop && inside !== undefined && !path.includes(key) && !stepWords.has(key) && scenarioKeys.includes(key))
    return `it belongs at the top of the file, not under ${quoted(inside)}`;
  const [home] =
    Object.entries(sectionKeys).find(([section, keys]) => !path.includes(section) && keys.includes(key)) ?? [];
  return home === undefined ? undefined : `it belongs under ${quoted(home)}`;
};

/** Where a key of `consistency:` would be known: in other operations of its model, or otherwise in other models. */
const ownersOf = (key: string, path: readonly PropertyKey[]): readonly string[] => {
  if (path[0] !== 'consistency' || path.length < 2) return [];
  const models = Object.entries<ModelSections>(modelSections);
  if (path.length === 2)
    return models.flatMap(([model, { promises = {}, operations }]) =>
      Object.hasOwn(operations, key) || Object.hasOwn(promises, key) ? [model] : [],
    );
  const having = ({ operations }: ModelSections): readonly string[] =>
    Object.entries<OperationSyntax>(operations).flatMap(([word, { fields }]) =>
      Object.hasOwn(fields, key) ? [word] : [],
    );
  const own = models.find(([model]) => model === path[1]);
  const here = own === undefined ? [] : having(own[1]);
  return here.length > 0 ? here.map(quoted) : models.flatMap(([model, one]) => (having(one).length > 0 ? [model] : []));
};

const complaintOf = (issue: Issue, tree: Tree): Complaint | Missing => {
  const found = find(tree, ...issue.path);
  if (found === undefined) return missing(issue.path, tree);
  const { mark, path } = found;
  if (issue.code === 'custom') {
    const hint = issue.params?.['hint'] as string | undefined;
    return { mark, path, message: issue.message, hint };
  }
  const { message, hint } = wordsOf(issue, jsonOf(found));
  return { mark, path, message, hint };
};

const missing = (path: readonly PropertyKey[], tree: Tree): Missing => {
  const key = String(path.at(-1));
  const parent = find(tree, ...path.slice(0, -1));
  return {
    mark: parent?.mark ?? 0,
    path: pathTo(parent?.path ?? '', key),
    message: `"${key}" is missing`,
    hint: path.length === 1 ? hintFor(key, tree) : undefined,
    missing: true,
    key,
  };
};

const hintFor = (key: string, tree: Tree): string | undefined =>
  key === 'target' && find(tree, 'serve') !== undefined
    ? 'where what is started is asked: target: http://127.0.0.1:${port}'
    : rootHints[key];

const rootHints: { readonly [key: string]: string } = {
  target: 'where requests go: target: https://api.example.com, or builtin:store',
  steps: 'what one iteration does: steps: [{ get: /products }]',
};

const expected: { readonly [type: string]: string } = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  int: 'a whole number',
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
};

const wordsOf = (issue: Issue, value: unknown): { readonly message: string; readonly hint?: string | undefined } => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'number' && typeof value === 'bigint')
        return { message: `expected a number up to 2^53, got ${named(value)}` };
      return { message: `expected ${expected[issue.expected] ?? issue.expected}, got ${named(value)}` };
    case 'too_small':
      if (issue.origin === 'array')
        return {
          message:
            issue.minimum === 1
              ? 'expected at least one item, got none'
              : `expected at least ${issue.minimum} items, got ${Array.isArray(value) ? value.length : 'fewer'}`,
        };
      return {
        message: `expected ${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}, got ${named(value)}`,
      };
    case 'too_big':
      if (issue.origin === 'array') return { message: `expected at most ${issue.maximum} items` };
      return { message: `expected at most ${issue.maximum}, got ${named(value)}` };
    case 'invalid_value': {
      const words = issue.values.map(String);
      return { message: `expected ${either(words)}, got ${named(value)}`, hint: didYouMean(String(value), words) };
    }
    default:
      return { message: issue.message };
  }
};
