import type { Json } from '../../core/json.ts';
import { displacedBy } from './load-keys.ts';
import { withRedisUrl } from './redis-url.ts';
import { find, treeOf, withEntry, type Branch, type Mark } from '../text/tree.ts';

/** A value from a flag or the environment, laid over the top level of the file. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: Json;
  /** `--users` or `CONTEND_USERS`: where its problems are reported. */
  readonly from: string;
}

/**
 * The scenario with settings laid over it, one after the other.
 *
 * Keys of a load that set the same thing in different ways displace each other, unless both come from one source. The address of a
 * Redis server, `lock.redis.url`, is laid over every lease, including those of the modes.
 */
export const withSettings = (scenario: Branch, settings: readonly Setting[]): Branch =>
  settings.reduce((laid, setting) => {
    if (setting.path[0] === 'lock') return withRedisUrl(laid, setting);
    return withSetting(setting.path[0] === 'headers' ? withoutHeader(laid, setting) : laid, setting.path, setting);
  }, scenario);

/** The scenario without its own header of that name, however it is spelt. */
const withoutHeader = (scenario: Branch, { path: [, name = ''] }: Setting): Branch => {
  const entry = scenario.entries.get('headers');
  if (entry?.value.kind !== 'map') return scenario;
  const kept = [...entry.value.entries].filter(([own]) => own.toLowerCase() !== name.toLowerCase());
  return withEntry(scenario, 'headers', { ...entry, value: { ...entry.value, entries: new Map(kept) } });
};

const withSetting = (map: Branch, [key, ...deeper]: readonly string[], setting: Setting): Branch => {
  if (key === undefined) return map;
  const { from } = setting;
  const path = setting.path.slice(0, setting.path.length - deeper.length).join('.');
  if (deeper.length === 0) {
    const value = treeOf(setting.value, from, path);
    const others = setting.path[0] === 'load' ? displacedBy(key, value, map) : [];
    return withEntry(without(map, others, from), key, { key: from, value });
  }
  const inner = find(map, key) ?? { kind: 'map', mark: from, path, entries: new Map() };
  // The schema complains if a map is not a map.
  if (inner.kind !== 'map') return map;
  return withEntry(map, key, { key: map.entries.get(key)?.key ?? from, value: withSetting(inner, deeper, setting) });
};

const without = (map: Branch, keys: readonly string[], from: string): Branch =>
  keys.reduce((kept, key) => {
    const there = kept.entries.get(key);
    return there === undefined || sourceOf(there.key) === sourceOf(from) ? kept : withEntry(kept, key, undefined);
  }, map);

const sourceOf = (mark: Mark): string => {
  if (typeof mark === 'number') return 'file';
  return mark.startsWith('-') ? 'flags' : 'environment';
};
