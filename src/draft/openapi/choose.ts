import { ContendError } from '../../core/errors.ts';
import { oneLine } from '../text.ts';
import { kindsOf, type Kind } from './deeds.ts';
import { bare, type Operation } from './operations.ts';
import { inOrder } from './order.ts';
import { resourceOf } from './rank.ts';

/** Operations in the order they are sent, and those that are left out. */
export interface Chosen {
  readonly steps: readonly Operation[];
  readonly rest: readonly Operation[];
  /** What each operation is about. */
  readonly kinds: ReadonlyMap<Operation, Kind>;
  /** Why these, if none were asked for. */
  readonly why: string | undefined;
}

/** How many steps a draft has by default, and at most. */
const usualSteps = 20;
const mostSteps = 60;

/**
 * The operations that were asked for. Otherwise all of a small document, or those of a large one's resource that is created, read
 * and written.
 *
 * @throws {ContendError} ERR_USAGE if what was asked for does not exist
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
  // Clients seldom wait for a HEAD or an OPTIONS. A user can still name one.
  const usable = operations.filter(({ isDeprecated, method }) => !isDeprecated && !/^(?:head|options)$/u.test(method));
  const candidates = usable.length === 0 ? operations : usable;
  const kinds = kindsOf(operations);
  const resource = isAsked || candidates.length <= usualSteps ? undefined : resourceOf(candidates, kinds);
  const chosen = isAsked ? asked.slice(0, mostSteps) : candidates;
  const steps = inOrder(resource === undefined ? chosen : ofResource(candidates, resource, kinds), kinds);
  const taken = new Set(steps);
  const why =
    isAsked || resource === undefined
      ? undefined
      : `the steps are of ${resource}: the document has ${operations.length} operations`;
  return { steps, rest: operations.filter((one) => !taken.has(one)), kinds, why };
};

const unknown = (file: string, what: string, given: string, known: readonly string[]): ContendError => {
  const some = [...new Set(known)].slice(0, 12).map((name) => oneLine(name, 60));
  return new ContendError(
    'ERR_USAGE',
    `${file} has no ${what} ${JSON.stringify(oneLine(given, 60))}.`,
    some.length === 0 ? 'It has none.' : `It has ${some.join(', ')} …`,
  );
};

/** `POST /pets`, `/pets/*` or an id; `*` matches anything. */
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

/** The operations of a resource: those that make its parents, its own, then those below it. */
const ofResource = (
  operations: readonly Operation[],
  resource: string,
  kinds: ReadonlyMap<Operation, Kind>,
): readonly Operation[] => {
  const isOwn = (one: Operation): boolean => kinds.get(one)!.resource === resource;
  const makers = operations.filter(({ method, path }) => method === 'post' && resource.startsWith(`${bare(path)}/{`));
  const inside = operations.filter((one) => bare(one.path).startsWith(`${resource}/{`) && !isOwn(one));
  const all = [...new Set([...makers, ...operations.filter(isOwn), ...inside])];
  return all.filter((one) => !isClearing(one, all)).slice(0, usualSteps);
};

/** Whether an operation deletes a whole collection. It is sent only if named. */
const isClearing = ({ method, path }: Operation, operations: readonly Operation[]): boolean =>
  method === 'delete' &&
  !bare(path).endsWith('}') &&
  operations.some((one) => bare(one.path).startsWith(`${bare(path)}/{`));
