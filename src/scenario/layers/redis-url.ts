import type { Json } from '../../core/json.ts';
import { pathTo, treeOf, withEntry, type Branch, type Tree } from '../text/tree.ts';

/** An address, and the flag or variable that it comes from. */
interface Address {
  readonly value: Json;
  readonly from: string;
}

/** The scenario with this server address in every lease, its own and those of its modes. Without an address, nothing changes. */
export const withRedisUrl = (scenario: Branch, address: Address): Branch => {
  const laid = inMap(scenario, address);
  const modes = laid.entries.get('modes');
  if (modes?.value.kind !== 'map') return laid;
  const entries = [...modes.value.entries].map(
    ([name, entry]) => [name, { ...entry, value: inMode(entry.value, address) }] as const,
  );
  return withEntry(laid, 'modes', { ...modes, value: { ...modes.value, entries: new Map(entries) } });
};

const inMap = (map: Branch, address: Address): Branch => {
  const lock = map.entries.get('lock');
  return lock === undefined ? map : withEntry(map, 'lock', { ...lock, value: inLock(lock.value, address) });
};

/** A mode may be just the name of its lock. */
const inMode = (mode: Tree, address: Address): Tree => {
  if (mode.kind === 'map') return inMap(mode, address);
  return isRedis(mode) ? mapOf(mode, 'lock', inLock({ ...mode, path: pathTo(mode.path, 'lock') }, address)) : mode;
};

const inLock = (lock: Tree, address: Address): Tree => {
  const lease = isRedis(lock) ? mapOf(lock, 'redis') : lock;
  const options = lease.kind === 'map' ? lease.entries.get('redis') : undefined;
  // The schema complains if a map is not a map.
  if (lease.kind !== 'map' || options?.value.kind !== 'map') return lock;
  const url = treeOf(address.value, address.from, pathTo(options.value.path, 'url'));
  return withEntry(lease, 'redis', {
    ...options,
    value: withEntry(options.value, 'url', { key: address.from, value: url }),
  });
};

const isRedis = (tree: Tree): boolean => tree.kind === 'leaf' && tree.value === 'redis';

/** A map with one key, in place of a word; with an empty map if no value is given. */
const mapOf = ({ mark, path }: Tree, key: string, value?: Tree): Branch => {
  const empty: Branch = { kind: 'map', mark, path: pathTo(path, key), entries: new Map() };
  return { kind: 'map', mark, path, entries: new Map([[key, { key: mark, value: value ?? empty }]]) };
};
