import { ContendError } from '../../core/errors.ts';
import { oneLine } from '../text.ts';
import type { Operation } from './operations.ts';

/** Operations in the order in which they are sent, and those that are not. */
export interface Chosen {
  readonly steps: readonly Operation[];
  readonly rest: readonly Operation[];
  /** Why these, where nobody asked for them. */
  readonly why: string | undefined;
}

/** As many steps as a draft has by itself, and as many as it has at most. */
const usualSteps = 20;
const mostSteps = 60;

/**
 * The operations that were asked for; else all of a small document, and of a large one those of the resource that is created,
 * read and written.
 *
 * @throws {ContendError} ERR_USAGE where what was asked for is not there
 */
export const choose = (
  operations: readonly Operation[],
  {
    tags,
    operations: patterns,
    file,
  }: { readonly tags: readonly string[]; readonly operations: readonly string[]; readonly file: string },
): Chosen => {
  for (const tag of tags)
    if (!operations.some((one) => one.tags.includes(tag)))
      throw unknown(
        file,
        'tag',
        tag,
        operations.flatMap((one) => one.tags),
      );
  for (const pattern of patterns)
    if (!operations.some((one) => matches(one, pattern)))
      throw unknown(
        file,
        'operation',
        pattern,
        operations.map(({ id, title }) => id ?? title),
      );
  const isAsked = tags.length + patterns.length > 0;
  const asked = operations.filter(
    (one) => one.tags.some((tag) => tags.includes(tag)) || patterns.some((pattern) => matches(one, pattern)),
  );
  // What a HEAD or an OPTIONS says, clients seldom wait for: who wants one names it.
  const usable = operations.filter(({ isDeprecated, method }) => !isDeprecated && !/^(?:head|options)$/u.test(method));
  const candidates = usable.length === 0 ? operations : usable;
  const resource = isAsked || candidates.length <= usualSteps ? undefined : resourceOf(candidates);
  const all = isAsked ? asked : resource === undefined ? candidates : belowOf(candidates, resource);
  const steps = inOrder(all.slice(0, isAsked ? mostSteps : usualSteps));
  const taken = new Set(steps);
  const why =
    isAsked || resource === undefined
      ? undefined
      : `the steps are of ${resource}: the document has ${operations.length} operations`;
  return { steps, rest: operations.filter((one) => !taken.has(one)), why };
};

const unknown = (file: string, what: string, given: string, known: readonly string[]): ContendError => {
  const some = [...new Set(known)].slice(0, 12).map((name) => oneLine(name, 60));
  return new ContendError(
    'ERR_USAGE',
    `${file} has no ${what} ${JSON.stringify(oneLine(given, 60))}.`,
    some.length === 0 ? 'It has none.' : `It has ${some.join(', ')} …`,
  );
};

/** `POST /pets`, `/pets/*` and an id; `*` stands for anything. */
const matches = ({ id, method, path }: Operation, pattern: string): boolean => {
  if (pattern === id) return true;
  const [, word, wanted] = /^(?:([A-Za-z]+)\s+)?(\/\S*)$/.exec(pattern.trim()) ?? [];
  if (wanted === undefined || (word !== undefined && word.toLowerCase() !== method)) return false;
  const pieces = wanted.split('*');
  if (pieces.length === 1) return path === wanted;
  let at = pieces[0]!.length;
  if (!path.startsWith(pieces[0]!)) return false;
  for (const piece of pieces.slice(1, -1)) {
    const found = path.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return path.length - pieces.at(-1)!.length >= at && path.endsWith(pieces.at(-1)!);
};

/** The collection of which most can be done: something is made in it, read and written. */
const resourceOf = (operations: readonly Operation[]): string | undefined => {
  const scores = new Map<string, number>();
  for (const { method, path } of operations) {
    const collection = /^(.*)\/\{[^/{}]+\}$/.exec(path)?.[1];
    const score =
      collection === undefined
        ? { post: 3, get: 1 }[method as string]
        : { get: 3, put: 3, patch: 3, post: 2, delete: 1 }[method as string];
    // A thing that lies in another one takes what nobody has made here.
    const within = collection ?? path;
    const price = within.includes('{') ? 0.25 : 1;
    scores.set(within, (scores.get(within) ?? 0) + (score ?? 0) * price);
  }
  return [...scores].sort(([, a], [, b]) => b - a)[0]?.[0];
};

const belowOf = (operations: readonly Operation[], resource: string): readonly Operation[] =>
  operations.filter(({ path }) => path === resource || path.startsWith(`${resource}/{`));

/** Made, listed, read, written, what lies in it, deleted: of one resource after the other. */
const inOrder = (operations: readonly Operation[]): readonly Operation[] => {
  const resources = [...new Set(operations.map(({ path }) => headOf(path)))];
  const keys = new Map(
    operations.map((one, at) => [
      one,
      [
        resources.indexOf(headOf(one.path)),
        rankOf(one),
        one.method === 'delete' ? -depthOf(one.path) : depthOf(one.path),
        at,
      ],
    ]),
  );
  return operations.toSorted((a, b) => {
    const [left, right] = [keys.get(a)!, keys.get(b)!];
    const at = left.findIndex((key, index) => key !== right[index]);
    return at === -1 ? 0 : left[at]! - right[at]!;
  });
};

const headOf = (path: string): string => path.split('/{')[0]!;
const depthOf = (path: string): number => path.split('/').length;

const rankOf = ({ method, path }: Operation): number => {
  const parameters = path.split('{').length - 1;
  if (method === 'delete') return 9;
  if (parameters === 0) return method === 'post' ? 0 : method === 'get' ? 1 : 3;
  if (parameters === 1 && path.endsWith('}')) return method === 'get' ? 2 : 3;
  return 4;
};
