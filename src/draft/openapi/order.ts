import { collectionOf, type Deed, type Kind } from './deeds.ts';
import { bare, type Operation } from './operations.ts';

/** Order: make, list, read, write, what is nested in it, delete; one resource after the other, whatever the document's order. */
export const inOrder = (
  operations: readonly Operation[],
  kinds: ReadonlyMap<Operation, Kind>,
): readonly Operation[] => {
  // A call's resource is in its name, and has no path.
  const placeOf = (one: Operation): string => (one.path.includes('{') ? bare(one.path) : kinds.get(one)!.resource);
  const resources = familiesIn([...new Set(operations.map((one) => headOf(placeOf(one))))]);
  const collections = [...new Set(operations.map((one) => collectionOf(placeOf(one)) ?? placeOf(one)))];
  const keys = new Map(
    operations.map((one, at) => {
      const path = placeOf(one);
      const collection = collectionOf(path) ?? path;
      const { deed, isOnAll } = kinds.get(one)!;
      const isLast = deed === 'remove';
      const depth = depthOf(collection);
      return [
        one,
        [
          resources.indexOf(headOf(path)),
          isLast ? 1 : 0,
          isLast ? -depth : depth,
          collections.indexOf(collection),
          isLast ? -depthOf(path) : rankOf(deed, isOnAll),
          at,
        ],
      ];
    }),
  );
  return operations.toSorted((a, b) => {
    const [left, right] = [keys.get(a)!, keys.get(b)!];
    const at = left.findIndex((key, index) => key !== right[index]);
    return at === -1 ? 0 : left[at]! - right[at]!;
  });
};

/** A nested resource comes after its parent, `/users/login` after `/users`. Families stay in the document's order. */
const familiesIn = (heads: readonly string[]): readonly string[] => {
  const isBelow = (head: string, other: string): boolean => head.startsWith(`${other}/`);
  const roots = heads.filter((head) => !heads.some((other) => other !== '' && isBelow(head, other)));
  const rootOf = (head: string): string => roots.find((root) => head === root || isBelow(head, root))!;
  const order = [...new Set(heads.map(rootOf))];
  return heads.toSorted((a, b) => order.indexOf(rootOf(a)) - order.indexOf(rootOf(b)) || depthOf(a) - depthOf(b));
};

const headOf = (path: string): string => path.split('/{')[0]!;
const depthOf = (path: string): number => path.split('/').length;

const rankOf = (deed: Deed, isOnAll: boolean): number => {
  if (deed === 'make') return 0;
  if (deed === 'list') return 1;
  return deed === 'read' && !isOnAll ? 2 : deed === 'read' ? 1 : 3;
};
